// The server's full check, a moment after the last key: the same words as on submit.
import { remind } from "./composer-by.js";
import { send } from "./send.js";
import { forgetRefusals } from "./composer-submit.js";
import { icon } from "./icon.js";

const PAUSE_MS = 450;

export function initCheck(composer) {
  let timer = 0;
  let last = "";
  let turn = 0;
  // An answer to what was asked before a refusal must not wipe that away.
  composer.stopChecks = () => {
    clearTimeout(timer);
    turn += 1;
  };
  composer.onChange(() => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const fields = new FormData(composer.form);
      const asked = signature(fields);
      if (asked === last || !composer.form.isConnected) return;
      last = asked;
      turn += 1;
      const mine = turn;
      const answer = await send(composer.data.urls.check, fields);
      if (mine !== turn) return;
      if (answer.ok) show(composer, answer.body);
      else last = "";
    }, PAUSE_MS);
  });
}

function signature(fields) {
  const skip = ["csrfmiddlewaretoken", "key", "version"];
  return JSON.stringify([...fields].filter(([name]) => !skip.includes(name)));
}

function show(composer, { problems, time }) {
  forgetRefusals(composer);
  const box = composer.find("[data-problems]");
  box.hidden = problems.length === 0;
  const stops = problems.some(({ blocking }) => blocking);
  box.querySelector("h2").textContent = stops ? "Before this can go out" : "Good to know";
  box.querySelector("ul").replaceChildren(...distinct(problems).map((p) => line(composer, p)));
  const note = composer.find("[data-time-note]");
  note.textContent = time.error || time.note;
  note.dataset.tone = time.error ? "bad" : time.note ? "attention" : "";
}

// Two profiles of one platform object alike: said once.
function distinct(problems) {
  return [...new Map(problems.map((problem) => [problem.message, problem])).values()];
}

function line(composer, problem) {
  const profile = composer.profile(problem.profile);
  const item = document.createElement("li");
  item.className = "problems__item";
  item.dataset.blocking = String(problem.blocking);
  const platform = document.createElement("img");
  Object.assign(platform, { className: "platform platform--sm", src: profile.icon, alt: "" });
  const text = document.createElement("span");
  text.textContent = problem.message;
  const mark = icon(problem.blocking ? "exclamation-circle-fill" : "info-circle", "icon--sm");
  item.append(platform, text);
  if (problem.by_hand) item.append(offer(composer, problem));
  item.append(mark);
  return item;
}

// Where only our posting it is in the way, a person can do it.
function offer(composer, problem) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn btn--sm", textContent: "Remind me instead" });
  button.addEventListener("click", () => remind(composer, problem.profile));
  return button;
}
