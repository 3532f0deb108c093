import { icon } from "./icon.js";

const ICONS = {
  good: "check-circle-fill",
  attention: "exclamation-triangle-fill",
  bad: "exclamation-circle-fill",
};
const STAY_MS = 8000;

/**
 * Say what happened. An error stays until it is dismissed, everything else for 8 s.
 * @param {string} text
 * @param {{tone?: ""|"good"|"attention"|"bad", action?: string, onAction?: () => void}} options
 * @returns {HTMLElement}
 */
export function toast(text, { tone = "", action = "", onAction } = {}) {
  const box = document.createElement("div");
  box.className = "toast";
  box.dataset.tone = tone;
  box.append(icon(ICONS[tone] || "info-circle"), textOf(text), buttons(box, action, onAction));
  region().append(box);
  leaveLater(box);
  return box;
}

export function initToasts() {
  document.addEventListener("click", (event) => {
    const close = event.target.closest("[data-toast-close]");
    if (close) dismiss(close.closest(".toast"));
  });
  // A message of the server: <response HX-Trigger: {"toast": {"text": …, "tone": …}}>
  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail));
  document.querySelectorAll(".toast").forEach(leaveLater);
}

export function dismiss(box) {
  if (!box.isConnected) return;
  box.dataset.leaving = "";
  setTimeout(() => box.remove(), 160);
}

// A modal dialog makes the rest of the page inert: the region moves into the topmost.
function region() {
  const box = document.getElementById("toasts");
  const open = [...document.querySelectorAll("dialog:modal")].pop();
  const host = open || document.body;
  if (box.parentElement !== host) {
    host.append(box);
    open?.addEventListener("close", () => document.body.append(box), { once: true });
  }
  return box;
}

function textOf(text) {
  const span = document.createElement("span");
  span.className = "toast__text";
  span.textContent = text;
  return span;
}

function buttons(box, action, onAction) {
  const group = document.createElement("span");
  group.className = "toast__actions";
  if (action) {
    const act = button(action, "btn btn--ghost btn--sm");
    act.addEventListener("click", () => {
      dismiss(box);
      onAction();
    });
    group.append(act);
  }
  const close = button("", "btn btn--ghost btn--icon btn--sm");
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", "Dismiss");
  close.append(icon("x-lg", "icon--sm"));
  group.append(close);
  return group;
}

function button(text, className) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = className;
  element.textContent = text;
  return element;
}

// Whoever points at a message or tabs into it is still reading it.
function leaveLater(box) {
  if (box.dataset.tone === "bad") return;
  let timer = 0;
  const start = () => {
    clearTimeout(timer);
    timer = setTimeout(() => dismiss(box), STAY_MS);
  };
  const stop = () => clearTimeout(timer);
  box.addEventListener("pointerenter", stop);
  box.addEventListener("pointerleave", start);
  box.addEventListener("focusin", stop);
  box.addEventListener("focusout", start);
  start();
}
