// The texts that go out after the post: added, counted, taken away.
import { remaining } from "./composer-count.js";

const LOW = 0.1;

export function initFollows(composer) {
  for (const box of boxes(composer)) {
    // Room for those without scripts; here more is added when it is wanted.
    for (const row of rows(box)) {
      if (!row.querySelector("textarea").value) row.remove();
    }
    box.addEventListener("click", (event) => onClick(composer, box, event));
  }
  composer.onChange(() => show(composer));
}

/** Put back what was kept of them, as the fields of a form: [name, value]. */
export function setFollows(composer, fields) {
  for (const box of boxes(composer)) {
    const name = `follow-${box.dataset.follow}`;
    for (const row of rows(box)) row.remove();
    for (const [field, value] of fields) {
      if (field === name) add(box).value = value;
    }
  }
}

function boxes(composer) {
  return composer.all("[data-follow]");
}

function rows(box) {
  return [...box.querySelector("[data-follow-list]").children];
}

function add(box) {
  const { content } = box.querySelector("template[data-follow-row]");
  const row = content.firstElementChild.cloneNode(true);
  row.removeAttribute("data-spare");
  box.querySelector("[data-follow-list]").append(row);
  return row.querySelector("textarea");
}

function onClick(composer, box, event) {
  if (event.target.closest("[data-follow-add]")) {
    const made = add(box);
    composer.changed();
    made.focus();
  }
  const gone = event.target.closest("[data-follow-remove]");
  if (gone) remove(composer, box, gone.closest("li"));
}

function remove(composer, box, row) {
  const next = row.nextElementSibling || row.previousElementSibling;
  row.remove();
  composer.changed();
  (next?.querySelector("textarea") || box.querySelector("[data-follow-add]")).focus();
}

function show(composer) {
  const chosen = composer.chosen();
  let shown = 0;
  for (const box of boxes(composer)) {
    const id = box.dataset.follow;
    const { followUp } = composer.profile(id);
    const offered = chosen.includes(id) && ["all", id].includes(composer.active);
    const fits = !followUp.not_for.includes(composer.kindOf(id).key);
    // What is written stays in sight, even where the kind doesn't take it.
    box.hidden = !offered || (!fits && !rows(box).length);
    if (!box.hidden) shown += 1;
    draw(box, followUp);
  }
  composer.find("[data-follows]").hidden = shown === 0;
}

function draw(box, followUp) {
  const found = rows(box);
  const button = box.querySelector("[data-follow-add]");
  button.hidden = found.length >= followUp.most;
  button.querySelector("[data-follow-word]").textContent = found.length ? "Add another" : followUp.label;
  box.toggleAttribute("data-empty", found.length === 0);
  found.forEach((row, index) => label(row, index + 2, followUp));
}

function label(row, number, followUp) {
  const words = followUp.most > 1 ? `${followUp.label}, part ${number}` : followUp.label;
  const box = row.querySelector("textarea");
  box.setAttribute("aria-label", words);
  row.querySelector("[data-follow-remove]").setAttribute("aria-label", `Remove ${words}`);
  const { left, unit, maximum } = remaining(box.value, followUp.text);
  const counter = row.querySelector("[data-follow-left]");
  counter.dataset.level = left < 0 ? "over" : left <= maximum * LOW ? "low" : "";
  counter.textContent = left.toLocaleString("en");
  counter.title = left < 0 ? `${-left} ${unit} too many` : `${left} ${unit} left`;
  counter.setAttribute("role", "img");
  counter.setAttribute("aria-label", counter.title);
}
