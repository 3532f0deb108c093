import { toast } from "./toast.js";

/** The token of this page, for htmx and for fetch alike. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content || "";
}

/** Sign in and come back here; what was typed is kept (form.js). */
export function toSignIn() {
  const next = encodeURIComponent(location.pathname + location.search);
  location.assign(`${signInPath()}?next=${next}`);
}

export function initHtmx() {
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = csrfToken();
  });
  document.addEventListener("htmx:beforeSwap", showRefusals);
  document.addEventListener("htmx:responseError", (event) => explain(event.detail.xhr));
  document.addEventListener("htmx:sendError", () => {
    toast("No connection. Nothing was lost; try again in a moment.", { tone: "bad" });
  });
  document.addEventListener("htmx:timeout", () => {
    toast("The server took too long to answer. Try again in a moment.", { tone: "bad" });
  });
}

// A refused form (422) or a conflict (409) with HTML comes back to be shown in place.
function showRefusals(event) {
  const { xhr } = event.detail;
  if (isSignInPage(xhr)) {
    event.detail.shouldSwap = false;
    toSignIn();
    return;
  }
  const html = (xhr.getResponseHeader("Content-Type") || "").startsWith("text/html");
  if (xhr.status === 422 || (xhr.status === 409 && html && !isWholePage(xhr))) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
}

// The request followed the redirect of a session that ran out.
function isSignInPage(xhr) {
  return Boolean(xhr.responseURL) && new URL(xhr.responseURL).pathname === signInPath();
}

function signInPath() {
  return document.querySelector('meta[name="sign-in"]').content;
}

function isWholePage(xhr) {
  return xhr.responseText.trimStart().toLowerCase().startsWith("<!doctype");
}

const WORDS = {
  403: "You don't have the right to do that here.",
  404: "That is no longer there. Reload the page to see what is.",
  413: "That is too large to be sent.",
  429: "That was a little too fast. Wait a moment and try again.",
};

function explain(xhr) {
  if (xhr.status === 401) {
    toSignIn();
    return;
  }
  toast(messageOf(xhr) || WORDS[xhr.status] || "That did not work. Try again in a moment.", {
    tone: "bad",
  });
}

/** What the API says: {"errors": [{"code", "message", "field"}]}; else nothing. */
function messageOf(xhr) {
  try {
    const { errors = [] } = JSON.parse(xhr.responseText);
    return errors.map((error) => error.message).join(" ");
  } catch {
    return "";
  }
}
