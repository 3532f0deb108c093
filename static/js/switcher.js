// The Access Group switcher: G opens it, typing narrows it, arrows and Enter choose.
import { openDialog } from "./dialog.js";
import { isTyping } from "./shell.js";

export function initSwitcher() {
  const dialog = document.getElementById("groups");
  if (!dialog) return;
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "g" || isTyping(event)) return;
    event.preventDefault();
    openDialog("groups");
  });
  const parts = {
    input: dialog.querySelector("[data-switcher-input]"),
    list: dialog.querySelector("[data-switcher-list]"),
    none: dialog.querySelector("[data-switcher-none]"),
  };
  read(parts);
  dialog.addEventListener("focusin", () => complete(parts));
  parts.input.addEventListener("input", () => narrow(parts));
  dialog.addEventListener("keydown", (event) => onKey(event, parts));
  dialog.addEventListener("close", () => reset(parts));
}

function read(parts) {
  parts.links = [...parts.list.querySelectorAll("a")];
  parts.names = parts.links.map((link) => plain(link.textContent));
}

// Of somebody with hundreds of groups, a page holds the first ones only.
async function complete(parts) {
  const { src } = parts.list.dataset;
  if (!src) return;
  delete parts.list.dataset.src;
  try {
    const answer = await fetch(src, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const here = parts.list.querySelector("[aria-current]")?.href;
    parts.list.innerHTML = await answer.text();
    read(parts);
    parts.links.find((link) => link.href === here)?.setAttribute("aria-current", "true");
    narrow(parts);
  } catch {
    parts.list.dataset.src = src;
  }
}

// Without accents and case, so that "jose" finds "José".
function plain(text) {
  return text.trim().normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
}

function narrow({ input, links, names, none }) {
  const words = plain(input.value).split(/\s+/);
  links.forEach((link, index) => {
    link.parentElement.hidden = !words.every((word) => names[index].includes(word));
  });
  none.hidden = shown(links).length > 0;
}

function shown(links) {
  return links.filter((link) => !link.parentElement.hidden);
}

function onKey(event, { input, links }) {
  const visible = shown(links);
  const at = visible.indexOf(document.activeElement);
  if (event.key === "ArrowDown") focus(event, visible[Math.min(at + 1, visible.length - 1)]);
  else if (event.key === "ArrowUp") focus(event, at > 0 ? visible[at - 1] : input);
  else if (event.key === "Enter" && at < 0 && input.value) visible[0]?.click();
  else if (event.key.length === 1 && at >= 0 && !event.ctrlKey && !event.metaKey) input.focus();
}

function focus(event, element) {
  event.preventDefault();
  element?.focus();
}

function reset(parts) {
  parts.input.value = "";
  narrow(parts);
}
