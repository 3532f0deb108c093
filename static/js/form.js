// Forms that never lose what was typed, and are sent once.
// <form data-keep="some-key">  its text survives a reload, a lapsed session, a crash
// <form data-once>             a second press while it is being sent does nothing
// <form data-signs-out="user">  all that was kept for this person goes: they said goodbye
// <i data-forget="some-key">   the server has it now: drop what was kept
// What is kept belongs to the person: the next one at this browser must not see it.
const KEPT = "kept:";
const PREFIX = `${KEPT}${document.body.dataset.user || ""}:`;
const MONTH_MS = 30 * 24 * 3600 * 1000;

export function initForms() {
  dropOld();
  fillTimezones();
  document.querySelectorAll("[data-forget]").forEach(dropSaved);
  document.querySelectorAll("form[data-keep]").forEach(restore);
  document.addEventListener("htmx:load", (event) => {
    event.target.querySelectorAll("[data-forget]").forEach(dropSaved);
    event.target.querySelectorAll("form[data-keep]").forEach(restore);
  });
  document.addEventListener("input", (event) => remember(event.target.form));
  document.addEventListener("submit", onSubmit);
  document.addEventListener("click", onClick);
  window.addEventListener("pageshow", freeButtons);
}

/** Forget what was kept of a form: call it once the server has it. */
export function forget(form) {
  if (form.dataset.keep) localStorage.removeItem(PREFIX + form.dataset.keep);
}

function dropSaved(mark) {
  localStorage.removeItem(PREFIX + mark.dataset.forget);
}

function remember(form) {
  if (!form?.dataset?.keep) return;
  const values = {};
  for (const field of kept(form)) values[field.name] = field.value;
  const record = JSON.stringify({ at: Date.now(), values });
  try {
    localStorage.setItem(PREFIX + form.dataset.keep, record);
  } catch {
    // Storage is full or forbidden: the form still works, it is only not kept.
  }
}

function restore(form) {
  const record = read(PREFIX + form.dataset.keep);
  if (!record || "keepSkip" in form.dataset) return;
  let changed = false;
  for (const field of kept(form)) {
    const value = record.values[field.name];
    if (value === undefined || value === field.value) continue;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    changed = true;
  }
  if (changed) form.dispatchEvent(new CustomEvent("form:restored", { bubbles: true }));
}

// Text only: a file can't be kept, a secret must not be.
function kept(form) {
  const types = ["text", "textarea", "email", "url", "search", "tel", "datetime-local"];
  return [...form.elements].filter((field) => field.name && types.includes(field.type));
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function dropOld() {
  try {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(KEPT)) continue;
      if (Date.now() - (read(key)?.at || 0) > MONTH_MS) localStorage.removeItem(key);
    }
  } catch {
    // No storage here: nothing to drop.
  }
}

// A session that ends by itself keeps what was typed; who signs out leaves nothing here.
function dropAll(user) {
  document.body.dataset.signedOut = "";
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(KEPT) && key.includes(user)) localStorage.removeItem(key);
    }
  } catch {
    // No storage here: nothing was kept.
  }
}

function onSubmit(event) {
  const form = event.target;
  if (form.dataset.signsOut) dropAll(form.dataset.signsOut);
  if (!("once" in form.dataset) || event.defaultPrevented) return;
  const button = event.submitter || form.querySelector("button:not([type=button])");
  if (button?.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  button?.setAttribute("aria-busy", "true");
}

// The back button brings a page back as it was left, its busy button too.
function freeButtons() {
  for (const button of document.querySelectorAll('form[data-once] [aria-busy="true"]')) {
    button.removeAttribute("aria-busy");
  }
}

function onClick(event) {
  const back = event.target.closest("[data-back]");
  if (back && history.length > 1) {
    event.preventDefault();
    history.back();
  }
  const button = event.target.closest("[data-show-password]");
  if (button) showPassword(button);
}

function showPassword(button) {
  const field = document.getElementById(button.dataset.showPassword);
  const shown = field.type === "password";
  field.type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
  button.firstChild.textContent = shown ? "Hide" : "Show";
  field.focus();
}

function fillTimezones() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  for (const field of document.querySelectorAll('input[type="hidden"][name="timezone"]')) {
    field.value ||= timeZone || "";
  }
}
