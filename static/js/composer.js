// The composer: a form that works by itself, made quick by the parts named here.
import { initAlt } from "./composer-alt.js";
import { initBy } from "./composer-by.js";
import { initCheck } from "./composer-check.js";
import { initCounters } from "./composer-counters.js";
import { Composer } from "./composer-form.js";
import { initFollows } from "./composer-follows.js";
import { initKeep } from "./composer-keep.js";
import { initKinds } from "./composer-kinds.js";
import { initMedia } from "./composer-media.js";
import { initPreview } from "./composer-preview.js";
import { initSubmit } from "./composer-submit.js";
import { initTabs } from "./composer-tabs.js";

/**
 * @param {HTMLElement} root what holds the form and its dialogs
 * @param {(body: object) => void} saved called with the server's answer
 */
export function mountComposer(root, saved) {
  const composer = new Composer(root);
  initMedia(composer);
  initAlt(composer);
  initTabs(composer);
  initKinds(composer);
  initBy(composer);
  initFollows(composer);
  initCounters(composer);
  initPreview(composer);
  initCheck(composer);
  initKeep(composer);
  initSubmit(composer, saved);
  composer.changed();
  return composer;
}
