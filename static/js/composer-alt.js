// One file in the large: its alt text and its place.
import { openDialog } from "./dialog.js";
import { send } from "./send.js";
import { idOf, shift } from "./composer-strip.js";

const MOST = 2000;

export function initAlt(composer) {
  const dialog = composer.find("#composer-file");
  const view = { dialog, tile: null, text: dialog.querySelector("[data-alt]") };
  composer.find("[data-strip]").addEventListener("click", (event) => {
    const button = event.target.closest("[data-describe]");
    if (button) open(composer, view, button.closest(".tile"));
  });
  view.text.addEventListener("input", () => count(composer, view));
  dialog.querySelector("[data-alt-save]").addEventListener("click", () => save(composer, view));
  dialog.addEventListener("click", (event) => {
    const move = event.target.closest("[data-file-move]");
    if (!move) return;
    shift(composer, view.tile, Number(move.dataset.fileMove));
    place(view);
  });
}

function open(composer, view, tile) {
  const item = composer.items.get(idOf(tile));
  if (!item) return;
  view.tile = tile;
  view.item = item;
  view.dialog.querySelector(".dialog__title").textContent = item.name;
  view.dialog.querySelector("[data-file-image]").src = item.thumb_url;
  view.text.value = item.alt_text;
  complain(view, "");
  count(composer, view);
  place(view);
  openDialog(view.dialog.id);
  view.text.focus();
}

function place({ dialog, tile }) {
  const tiles = [...tile.parentElement.children];
  const at = tiles.indexOf(tile);
  dialog.querySelector("[data-file-place]").textContent = `File ${at + 1} of ${tiles.length}`;
  dialog.querySelector('[data-file-move="-1"]').disabled = at === 0;
  dialog.querySelector('[data-file-move="1"]').disabled = at === tiles.length - 1;
}

// The tightest of the chosen platforms that have a limit.
function count(composer, { dialog, text }) {
  const limits = composer.chosen().map((id) => composer.profile(id).altText).filter(Boolean);
  const most = Math.min(MOST, ...limits);
  const left = most - [...text.value].length;
  const box = dialog.querySelector("[data-alt-count]");
  box.textContent = left.toLocaleString("en");
  box.toggleAttribute("data-over", left < 0);
}

async function save(composer, view) {
  const fields = new FormData();
  fields.set("alt_text", view.text.value);
  const answer = await send(`${composer.data.urls.media}${view.item.id}/`, fields);
  if (!answer.ok) {
    complain(view, answer.body.errors?.[0]?.message || answer.message);
    return;
  }
  view.item.alt_text = view.text.value;
  view.tile.toggleAttribute("data-described", Boolean(view.text.value));
  view.dialog.close();
  composer.changed();
}

function complain({ dialog }, words) {
  const box = dialog.querySelector("[data-alt-error]");
  box.textContent = words;
  box.hidden = !words;
}
