// Files on their way: a row for each with its progress, or the reason it was refused.
import { upload } from "./composer-upload.js";
import { icon } from "./icon.js";

const AT_ONCE = 3;

/** @returns {(files: Iterable<File>) => void} takes files; `arrived` runs after each. */
export function initUploads(form, arrived) {
  const box = document.querySelector("[data-uploads]");
  const desk = {
    box,
    arrived,
    url: form.action,
    maxMb: Number(form.dataset.maxMb),
    rows: box.querySelector("[data-upload-rows]"),
    // Outside of the box: what is hidden announces nothing.
    said: document.querySelector("[data-upload-said]"),
    waiting: [],
    running: 0,
  };
  window.addEventListener("beforeunload", (event) => {
    if (desk.running) event.preventDefault();
  });
  return (files) => add(desk, files);
}

function add(desk, files) {
  for (const file of files) {
    const row = rowOf(desk, file);
    if (file.size > desk.maxMb * 1e6) refuse(desk, { file, row }, tooLarge(desk, file));
    else desk.waiting.push({ file, row });
  }
  next(desk);
}

// Known before a byte is sent; the server judges it again.
function tooLarge(desk, file) {
  const size = Math.round(file.size / 1e6);
  return `This file has ${size} MB; the most we take is ${desk.maxMb} MB.`;
}

function next(desk) {
  while (desk.running < AT_ONCE && desk.waiting.length) {
    desk.running += 1;
    take(desk, desk.waiting.shift()).finally(() => {
      desk.running -= 1;
      next(desk);
    });
  }
}

async function take(desk, job) {
  const { file, row } = job;
  if (!row.isConnected) return;
  const bar = row.querySelector("progress");
  const said = row.querySelector("[data-said]");
  row.abort = new AbortController();
  const answer = await upload(desk.url, file, row.abort.signal, (share) => {
    bar.value = share;
    said.textContent = share < 1 ? `${Math.floor(share * 100)} %` : "Checking the file";
  });
  if (!row.isConnected) return;
  if (answer.ok) {
    leave(desk, row);
    say(desk, `${file.name} added.`);
    desk.arrived();
  } else {
    refuse(desk, job, answer.message, answer.again);
  }
}

function refuse(desk, { file, row }, words, again = false) {
  row.dataset.state = "refused";
  row.querySelector("[data-said]").textContent = words;
  row.querySelector("[data-icon]").replaceChildren(icon("exclamation-circle-fill"));
  row.querySelector("[data-remove]").setAttribute("aria-label", `Dismiss ${file.name}`);
  const button = row.querySelector("[data-again]");
  button.hidden = !again;
  button.addEventListener("click", () => {
    leave(desk, row);
    add(desk, [file]);
  });
  say(desk, `${file.name} was refused: ${words}`);
}

function rowOf(desk, file) {
  const template = desk.box.querySelector("[data-upload-row]");
  const row = template.content.firstElementChild.cloneNode(true);
  const kind = file.type.startsWith("video/") ? "film" : "image";
  row.querySelector("[data-icon]").append(icon(kind));
  row.querySelector("[data-name]").textContent = file.name;
  row.querySelector("[data-said]").textContent = "Waiting";
  row.querySelector("progress").setAttribute("aria-label", `Upload of ${file.name}`);
  const remove = row.querySelector("[data-remove]");
  remove.setAttribute("aria-label", `Cancel the upload of ${file.name}`);
  remove.addEventListener("click", () => {
    leave(desk, row);
    row.abort?.abort();
  });
  desk.rows.append(row);
  desk.box.hidden = false;
  return row;
}

function leave(desk, row) {
  row.remove();
  desk.box.hidden = !desk.rows.children.length;
}

function say(desk, words) {
  desk.said.textContent = words;
}
