// Files: chosen, dropped anywhere or pasted; several at once, each with its progress.
import { upload } from "./composer-upload.js";
import { initStrip, tileOf } from "./composer-strip.js";
import { icon } from "./icon.js";

const AT_ONCE = 3;

export function initMedia(composer) {
  composer.uploads = { waiting: [], running: new Set() };
  initStrip(composer);
  const input = composer.find("[data-files]");
  composer.find("[data-pick]").addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    add(composer, input.files);
    input.value = "";
  });
  composer.form.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    add(composer, event.clipboardData.files);
  });
  initDrop(composer);
}

/** Resolves once no upload is under way. */
export async function settled(composer) {
  const { running } = composer.uploads;
  while (running.size) await Promise.allSettled(running);
}

function initDrop(composer) {
  const { form } = composer;
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  const hover = (event, over) => {
    if (!carries(event)) return;
    event.preventDefault();
    form.toggleAttribute("data-dropping", over);
  };
  form.addEventListener("dragover", (event) => hover(event, true));
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget)) hover(event, false);
  });
  form.addEventListener("drop", (event) => {
    hover(event, false);
    if (carries(event)) add(composer, event.dataTransfer.files);
  });
}

function add(composer, files) {
  complain(composer, null);
  for (const file of files) {
    const tile = tileOf(composer, { name: file.name, kind: kindOf(file) });
    tile.dataset.uploading = "";
    const preview = tile.querySelector("img");
    if (kindOf(file) === "image") preview.src = URL.createObjectURL(file);
    composer.uploads.waiting.push({ file, tile });
  }
  composer.changed();
  next(composer);
}

function next(composer) {
  const { waiting, running } = composer.uploads;
  while (running.size < AT_ONCE && waiting.length) {
    const job = waiting.shift();
    const run = take(composer, job).finally(() => {
      running.delete(run);
      next(composer);
    });
    running.add(run);
  }
}

async function take(composer, { file, tile }) {
  const bar = tile.querySelector("progress");
  tile.abort = new AbortController();
  const answer = await upload(composer.data.urls.upload, file, tile.abort.signal, (share) => {
    bar.value = share;
  });
  if (!tile.isConnected) return;
  if (!answer.ok) {
    tile.remove();
    complain(composer, `${file.name}: ${answer.message}`, answer.again && file);
  } else {
    arrive(composer, tile, answer.body);
  }
  composer.changed();
}

function arrive(composer, tile, item) {
  composer.items.set(item.id, item);
  const image = tile.querySelector("img");
  if (image.src) URL.revokeObjectURL(image.src);
  image.src = item.thumb_url;
  tile.querySelector('input[name="media"]').value = item.id;
  tile.toggleAttribute("data-described", Boolean(item.alt_text));
  delete tile.dataset.uploading;
}

// Beside the files, each with its name; null clears what was said before.
function complain(composer, words, file) {
  const box = composer.find('[data-errors="media"]');
  if (words === null) box.replaceChildren();
  else box.append(complaint(composer, words, file));
  box.hidden = !box.children.length;
}

function complaint(composer, words, file) {
  const line = document.createElement("p");
  line.className = "field__error";
  const text = document.createElement("span");
  text.textContent = words;
  line.append(icon("exclamation-circle-fill", "icon--sm"), text);
  if (file) {
    const again = document.createElement("button");
    Object.assign(again, { type: "button", className: "btn btn--link", textContent: "Try again" });
    again.addEventListener("click", () => add(composer, [file]));
    line.append(again);
  }
  return line;
}

function kindOf(file) {
  return file.type.startsWith("video/") ? "video" : "image";
}
