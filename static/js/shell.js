import { keep } from "./cookie.js";

export function initShell() {
  const { group } = document.body.dataset;
  if (group) keep("group", group);
  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-rail-toggle]");
    if (toggle) setRail(toggle, document.body.dataset.rail !== "open");
  });
}

function setRail(toggle, open) {
  const state = open ? "open" : "closed";
  document.body.dataset.rail = state;
  toggle.setAttribute("aria-expanded", String(open));
  keep("rail", state);
  // The calendar measures its room.
  window.dispatchEvent(new Event("resize"));
}

/** True where a single key is text or a command of a widget, not a shortcut. */
export function isTyping(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  if (document.querySelector("dialog:modal")) return true;
  const at = event.target;
  return at.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(at.tagName);
}
