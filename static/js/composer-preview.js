// How it will look, while typing.
import { open } from "./composer-tabs.js";

const MARKS = /(https?:\/\/\S+|(?<![\w&])#[\p{L}\p{N}_]+|(?<![\w/])@[\w.-]+\w)/gu;
const MOST = 4;

export function initPreview(composer) {
  for (const box of composer.all("[data-preview]")) {
    box.addEventListener("dblclick", () => open(composer, box.dataset.preview));
  }
  composer.onChange(() => show(composer));
}

function show(composer) {
  const chosen = composer.chosen();
  const wanted = composer.active === "all" ? chosen : [composer.active];
  composer.find("[data-preview-none]").hidden = chosen.length > 0;
  for (const box of composer.all("[data-preview]")) {
    box.hidden = !wanted.includes(box.dataset.preview);
    if (!box.hidden) draw(composer, box);
  }
}

function draw(composer, box) {
  const id = box.dataset.preview;
  const kind = composer.kindOf(id);
  const card = box.querySelector(".preview");
  card.dataset.kind = kind.key;
  const text = composer.textOf(id);
  const words = box.querySelector("[data-preview-text]");
  words.replaceChildren(...marked(text));
  words.hidden = !text;
  const first = card.classList.contains("preview--files");
  drawFiles(box.querySelector("[data-preview-files]"), composer.files(), first ? 1 : MOST);
  const several = composer.profile(id).kinds.length > 1;
  box.querySelector("[data-preview-kind]").textContent = several ? kind.label : "";
  box.querySelector("[data-preview-time]").textContent = when(composer);
  drawFollows(composer, box.querySelector("[data-preview-follows]"), id);
}

// What goes out after the post, below it.
function drawFollows(composer, list, id) {
  if (!list) return;
  const texts = composer.follows(id).map(({ value }) => value).filter((value) => value.trim());
  list.hidden = texts.length === 0;
  list.replaceChildren(
    ...texts.map((text) => {
      const item = document.createElement("li");
      item.className = "preview-follows__one";
      item.append(...marked(text));
      return item;
    }),
  );
}

function when({ form }) {
  const { date, time } = form.elements;
  return date.value && time.value ? time.value : "now";
}

// Links, tags and names stand out as they will; everything stays text.
function marked(text) {
  return text.split(MARKS).map((part, index) => {
    if (index % 2 === 0) return document.createTextNode(part);
    const span = document.createElement("span");
    span.className = "preview__mark";
    span.textContent = part;
    return span;
  });
}

// Several at once side by side, or the first of a row that is swiped through.
function drawFiles(box, files, most) {
  const key = files.map((file) => `${file.id}${file.alt_text ? "a" : ""}`).join();
  if (box.dataset.drawn === key) return;
  box.dataset.drawn = key;
  box.dataset.count = Math.min(files.length, most);
  box.hidden = files.length === 0;
  box.replaceChildren(...files.slice(0, most).map(picture));
  if (files.length <= most) return;
  const rest = most === 1 ? `1/${files.length}` : `+${files.length - most}`;
  box.lastElementChild.dataset[most === 1 ? "place" : "more"] = rest;
}

function picture(file) {
  const box = document.createElement("span");
  box.className = "preview__file";
  box.toggleAttribute("data-video", file.kind === "video");
  const image = document.createElement("img");
  image.src = file.thumb_url;
  image.alt = file.alt_text;
  if (file.width && file.height) image.style.aspectRatio = `${file.width} / ${file.height}`;
  box.append(image);
  return box;
}
