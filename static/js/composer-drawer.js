// The composer over the calendar: from the right, over all of a phone's screen.
import { mountComposer } from "./composer.js";
import { toast } from "./toast.js";

/** @param {{refresh: () => void}} page what lies below and must show the saved post */
export async function openComposer(url, page) {
  const drawer = document.getElementById("composer");
  for (const other of document.querySelectorAll("dialog[open]")) other.close();
  drawer.innerHTML = skeleton();
  drawer.showModal();
  const html = await fetchForm(url);
  if (!drawer.open) return;
  if (!html) {
    drawer.close();
    return;
  }
  fill(drawer, html, url, page);
}

async function fetchForm(url) {
  try {
    const answer = await fetch(url, { headers: { "HX-Request": "true" } });
    if (answer.status === 401) location.assign(url);
    else if (answer.ok) return await answer.text();
    else toast("The composer couldn't be opened. Reload the page.", { tone: "bad" });
  } catch {
    toast("No connection. Try again in a moment.", { tone: "bad" });
  }
  return "";
}

function fill(drawer, html, url, page) {
  drawer.innerHTML = html;
  const composer = mountComposer(drawer, (body) => {
    drawer.close();
    page.refresh();
    toast(body.message, {
      tone: "good",
      action: "View",
      onAction: () => location.assign(body.url),
    });
  });
  composer.startOver = () => openAgain(drawer, url, page);
  (drawer.querySelector("[autofocus]") || drawer.querySelector("textarea")).focus();
}

function openAgain(drawer, url, page) {
  drawer.close();
  openComposer(url, page);
}

function skeleton() {
  const row = '<span class="skeleton skeleton--text"></span>';
  return `<div class="dialog__body stack" aria-busy="true">${row.repeat(6)}</div>`;
}
