// The platform's sign-in in a window of its own; where none can be had, the form simply
// goes there. The two pages speak by a channel, because a platform's opener policy may
// cut everything else between them; for the same reason a window that says it is closed
// may still be open, and whatever comes from it is taken at any time.
const MARK = "connect-window";
const FULL_PAGE = "(max-width: 599px), (pointer: coarse), (display-mode: standalone)";
const SIZE = { width: 600, height: 760 };
const LOOK_MS = 500;

const form = document.querySelector("form[data-window]");
const name = `${MARK}-${random()}`;
let channel = null;
let opened = null;
let looking = 0;

form?.addEventListener("submit", onSubmit);
form?.addEventListener("click", onClick);

function onSubmit(event) {
  const here = event.submitter?.getAttribute("formtarget") === "_self";
  if (here) opened?.close();
  opened = here || !wanted() ? null : openWindow();
  form.target = opened ? name : "";
  // A form that stays on this page can be sent again.
  form.toggleAttribute("data-once", !opened);
  if (opened) wait();
}

function onClick(event) {
  if (event.target.closest("[data-window-show]")) opened?.focus();
}

function wanted() {
  if (!window.BroadcastChannel || matchMedia(FULL_PAGE).matches) return false;
  try {
    // A page that stands in such a window itself goes on there.
    return sessionStorage.getItem(MARK) === null;
  } catch {
    return false;
  }
}

// In the press itself, or a browser takes it for an advertisement.
function openWindow() {
  const left = Math.round(screenX + (outerWidth - SIZE.width) / 2);
  const top = Math.round(screenY + (outerHeight - SIZE.height) / 2);
  const place = `popup,width=${SIZE.width},height=${SIZE.height},left=${left},top=${top}`;
  const found = window.open("", name, place);
  if (!found) return null;
  try {
    found.sessionStorage.setItem(MARK, name);
    greet(found.document);
  } catch {
    // It shows the platform already, so it is marked.
  }
  found.focus();
  return found;
}

function greet(page) {
  page.title = form.dataset.window;
  page.body.textContent = form.dataset.window;
  page.body.style.cssText = "margin: 40vh auto; font: 16px sans-serif; text-align: center";
  page.documentElement.style.colorScheme = "light dark";
}

function wait() {
  channel ||= listen();
  clearInterval(looking);
  looking = setInterval(look, LOOK_MS);
  show("open");
}

function look() {
  if (!opened?.closed) return;
  clearInterval(looking);
  show("closed");
}

function listen() {
  const found = new BroadcastChannel(name);
  found.addEventListener("message", ({ data }) => take(data));
  return found;
}

function take(news) {
  clearInterval(looking);
  channel.postMessage("taken");
  if (news.go) location.replace(new URL(news.go, location.origin));
  else correct(news.form);
}

// What the platform or we refuse is told where it was typed.
function correct(html) {
  form.innerHTML = html;
  show("idle");
  form.querySelector('[aria-invalid="true"], [role="alert"]')?.focus();
}

function show(stage) {
  for (const part of form.querySelectorAll("[data-when]")) {
    part.hidden = part.dataset.when !== stage;
    if (!part.hidden) part.scrollIntoView({ block: "nearest" });
  }
}

function random() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16)).join("");
}
