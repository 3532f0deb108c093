// The library's page: files chosen, dropped anywhere or pasted; the grid kept up to date.
import { initUploads } from "./media-uploads.js";

const REFRESH_MS = 250;
let timer = 0;

// One round trip for a bunch of files that arrive together.
function refresh() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const here = location.pathname + location.search;
    window.htmx.ajax("GET", here, { target: "#media-grid", swap: "innerHTML" });
  }, REFRESH_MS);
}

function initPick(form, add) {
  const input = form.querySelector('input[type="file"]');
  document.addEventListener("click", (event) => {
    if (!event.target.closest('[data-pick], a[href="#upload"]')) return;
    event.preventDefault();
    input.click();
  });
  input.addEventListener("change", () => {
    add(input.files);
    input.value = "";
  });
}

function initDrop(add) {
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (over) => document.body.toggleAttribute("data-dropping", over);
  document.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    mark(true);
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) mark(false);
  });
  document.addEventListener("drop", (event) => {
    mark(false);
    if (!carries(event)) return;
    event.preventDefault();
    add(event.dataTransfer.files);
  });
}

function initPaste(add) {
  document.addEventListener("paste", (event) => {
    const { files } = event.clipboardData;
    if (!files.length) return;
    event.preventDefault();
    add(files);
  });
}

// The alt text is with the server: the dialog has done its work.
document.body.addEventListener("media:saved", () => {
  document.getElementById("media-item")?.close();
  refresh();
});

const form = document.querySelector("[data-upload]");
if (form) {
  const add = initUploads(form, refresh);
  initPick(form, add);
  initDrop(add);
  initPaste(add);
}
