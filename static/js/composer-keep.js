// What is being written stays in this browser, through a crash, a lapsed session, a refusal.
import { setFollows } from "./composer-follows.js";
import { icon } from "./icon.js";
import { tileOf } from "./composer-strip.js";

const PREFIX = "kept:";
const PAUSE_MS = 300;
const SKIP = ["csrfmiddlewaretoken"];

export function initKeep(composer) {
  const name = PREFIX + composer.form.dataset.keepAs;
  const fresh = snapshot(composer);
  let timer = 0;
  composer.forget = () => {
    clearTimeout(timer);
    composer.forgotten = true;
    localStorage.removeItem(name);
  };
  const record = read(name);
  if (record && differs(record.fields, fresh)) restore(composer, record);
  composer.onChange(() => {
    clearTimeout(timer);
    timer = setTimeout(() => keep(composer, name, fresh), PAUSE_MS);
  });
  window.addEventListener("pagehide", () => keep(composer, name, fresh));
}

function snapshot(composer) {
  const fields = [...new FormData(composer.form)].filter(([field]) => !SKIP.includes(field));
  return fields.filter(([, value]) => typeof value === "string");
}

// Whether a person wrote anything: the form's own ids and first time are not writing.
function differs(fields, fresh) {
  const given = ["key", "version", "date", "time"];
  const own = (rows) => JSON.stringify(rows.filter(([name]) => !given.includes(name)));
  return own(fields) !== own(fresh);
}

function keep(composer, name, fresh) {
  if (composer.forgotten || !composer.form.isConnected) return;
  if ("signedOut" in document.body.dataset) return;
  const fields = snapshot(composer);
  if (!differs(fields, fresh)) return;
  const items = composer.files();
  try {
    localStorage.setItem(name, JSON.stringify({ at: Date.now(), fields, items }));
    saved(composer);
  } catch {
    // Storage is full or forbidden: the form still works, it is only not kept.
  }
}

function saved(composer) {
  const mark = composer.find("[data-saved]");
  if (!mark.textContent) mark.append(icon("check-lg", "icon--sm"), "Saved");
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function restore(composer, { fields, items }) {
  const { elements } = composer.form;
  const values = new Map(fields);
  const chosen = fields.filter(([name]) => name === "profiles").map(([, value]) => value);
  for (const box of composer.all('input[name="profiles"]:not(:disabled)')) {
    box.checked = chosen.includes(box.value);
  }
  for (const box of composer.all("[data-own]")) box.checked = values.has(box.name);
  for (const [name, value] of values) {
    const field = elements[name];
    if (["profiles", "media"].includes(name) || !field || field.type === "checkbox") continue;
    if (name.startsWith("follow-")) continue;
    if (isPressed(composer, name)) continue;
    field.value = value;
  }
  const fold = composer.find("[data-late]");
  if (fold) fold.open = Boolean(elements.late_rule.value);
  setFollows(composer, fields);
  restoreFiles(composer, items || []);
  offerFresh(composer);
  composer.changed();
}

// A slot that was just pressed on the calendar is meant; the kept time is older.
function isPressed(composer, name) {
  return "pressed" in composer.form.dataset && (name === "date" || name === "time");
}

function restoreFiles(composer, items) {
  composer.find("[data-strip]").replaceChildren();
  composer.items.clear();
  for (const item of items) {
    composer.items.set(item.id, item);
    tileOf(composer, item);
  }
}

function offerFresh(composer) {
  const note = document.createElement("p");
  note.className = "composer__kept small muted";
  const again = document.createElement("button");
  Object.assign(again, { type: "button", className: "btn btn--link", textContent: "Start over" });
  again.addEventListener("click", () => {
    composer.forget();
    composer.startOver?.();
  });
  note.append(icon("clock-history", "icon--sm"), "This is what you were writing. ", again);
  composer.find("[data-notices]").append(note);
}
