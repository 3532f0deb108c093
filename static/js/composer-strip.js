// The files in their order: dragged, or moved with the arrow keys.
import { loadScript } from "./load-script.js";

export function initStrip(composer) {
  const strip = composer.find("[data-strip]");
  strip.replaceChildren();
  for (const item of composer.items.values()) tileOf(composer, item);
  draggable(composer, strip);
  strip.addEventListener("keydown", (event) => onKey(composer, event));
  strip.addEventListener("click", (event) => {
    const tile = event.target.closest(".tile");
    if (event.target.closest("[data-remove]")) remove(composer, tile);
  });
}

// The library comes with the first composer: a calendar alone doesn't need it.
async function draggable(composer, strip) {
  await loadScript(strip.dataset.sortable);
  window.Sortable.create(strip, {
    animation: 160,
    filter: "button",
    preventOnFilter: false,
    onEnd: ({ item }) => placed(composer, item),
  });
}

/** Append a tile for a file, known (`item.id`) or still on its way. */
export function tileOf(composer, item) {
  const { content } = composer.find("template[data-tile]");
  const tile = content.firstElementChild.cloneNode(true);
  const image = tile.querySelector("img");
  if (item.thumb_url) image.src = item.thumb_url;
  tile.dataset.name = item.name;
  tile.querySelector('input[name="media"]').value = item.id || "";
  tile.querySelector(".tile__video").hidden = item.kind !== "video";
  tile.querySelector("[data-remove]").setAttribute("aria-label", `Take off ${item.name}`);
  tile.querySelector("[data-describe]").setAttribute("aria-label", `Alt text of ${item.name}`);
  tile.toggleAttribute("data-described", Boolean(item.alt_text));
  composer.find("[data-strip]").append(tile);
  relabel(composer);
  return tile;
}

export function idOf(tile) {
  return tile.querySelector('input[name="media"]').value;
}

/** Move a tile by so many places; says where it stands. */
export function shift(composer, tile, along) {
  const tiles = [...tile.parentElement.children];
  const to = tiles.indexOf(tile) + along;
  if (to < 0 || to >= tiles.length) return;
  if (along < 0) tiles[to].before(tile);
  else tiles[to].after(tile);
  placed(composer, tile);
}

function placed(composer, tile) {
  relabel(composer);
  composer.find("[data-strip-said]").textContent = tile.getAttribute("aria-label");
  composer.changed();
}

function relabel(composer) {
  const tiles = composer.all("[data-strip] > .tile");
  tiles.forEach((tile, index) => {
    const place = `${index + 1} of ${tiles.length}`;
    tile.setAttribute("aria-label", `${tile.dataset.name}, ${place}. Arrow keys move it.`);
  });
}

function remove(composer, tile) {
  const near = tile.nextElementSibling || tile.previousElementSibling;
  tile.abort?.abort();
  tile.remove();
  relabel(composer);
  composer.changed();
  (near || composer.find("[data-pick]")).focus();
}

function onKey(composer, event) {
  if (!event.target.matches(".tile")) return;
  const tile = event.target;
  const along = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
  if (along) shift(composer, tile, along);
  else if (event.key === "Delete" || event.key === "Backspace") remove(composer, tile);
  else if (event.key === "Enter") tile.querySelector("[data-describe]").click();
  else return;
  event.preventDefault();
  if (tile.isConnected) tile.focus();
}
