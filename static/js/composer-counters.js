// What is left to write, for each platform by its own rule.
import { remaining } from "./composer-count.js";

const LOW = 0.1;

export function initCounters(composer) {
  const box = composer.find("[data-counters]");
  composer.onChange(() => show(composer, box));
}

function show(composer, box) {
  const ids = composer.active === "all" ? sharing(composer) : [composer.active];
  box.replaceChildren(...ids.map((id) => counter(composer, id)));
}

// Two profiles of one platform with one text count alike: once is enough.
function sharing(composer) {
  const seen = new Map();
  for (const id of composer.chosen()) {
    const key = composer.isOwn(id) ? id : composer.profile(id).key;
    if (!seen.has(key)) seen.set(key, id);
  }
  return [...seen.values()].filter((id) => !composer.isOwn(id));
}

function counter(composer, id) {
  const profile = composer.profile(id);
  const { left, unit, maximum } = remaining(composer.textOf(id), composer.kindOf(id).text);
  const box = document.createElement("span");
  box.className = "counter num";
  box.dataset.level = left < 0 ? "over" : left <= maximum * LOW ? "low" : "";
  const icon = document.createElement("img");
  Object.assign(icon, { className: "platform platform--sm", src: profile.icon, alt: "" });
  const number = document.createElement("span");
  number.textContent = left.toLocaleString("en");
  box.append(icon, number);
  const words = left < 0 ? `${-left} ${unit} too many` : `${left} ${unit} left`;
  box.title = `${profile.platform}: ${words}`;
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", box.title);
  return box;
}
