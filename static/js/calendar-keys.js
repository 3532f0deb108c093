// Arrows, N, E, T; Alt and an arrow move the post in hand.
import { address } from "./calendar-source.js";
import { shifted } from "./calendar-time.js";
import { moveTo } from "./calendar-move.js";
import { isTyping } from "./shell.js";

const DAY = 24 * 60;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 };

export function initKeys(page) {
  document.addEventListener("keydown", (event) => {
    const post = document.activeElement?.closest?.("[data-post]");
    if (event.altKey && STEPS[event.key] && post) nudge(page, event, post);
    else if (isTyping(event) || inMenu(event)) return;
    else if (STEPS[event.key]) step(page, event, post);
    else letter(page, event, post);
  });
}

function inMenu(event) {
  return Boolean(event.target.closest(".menu.show, .dropdown-toggle.show"));
}

function letter(page, event, post) {
  const acts = {
    n: () => page.compose(),
    t: () => page.calendar.today(),
    e: () => post && edit(page, post),
  };
  const act = event.shiftKey ? null : acts[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
}

function edit(page, post) {
  const event = page.calendar.getEventById(post.dataset.post);
  if (!page.data.mayEdit || event.extendedProps.post.state === "published") return;
  page.open(address(page.data.urls.edit, event.id));
}

// From post to post in time; without one in hand, left and right turn the page.
function step(page, event, post) {
  const along = STEPS[event.key];
  if (!post) {
    if (event.key === "ArrowLeft") page.calendar.prev();
    else if (event.key === "ArrowRight") page.calendar.next();
    else if (!focusFirst(page, along)) return;
    event.preventDefault();
    return;
  }
  const all = inTime(page);
  const next = all[all.indexOf(post) + along];
  if (next) next.focus();
  event.preventDefault();
}

function focusFirst(page, along) {
  if (document.activeElement !== document.body || along < 0) return false;
  const [first] = inTime(page);
  first?.focus();
  return Boolean(first);
}

function inTime(page) {
  const at = (link) => page.calendar.getEventById(link.dataset.post)?.startStr || "";
  const links = [...page.root.querySelectorAll("a[data-post]")];
  const seen = links.filter((link) => link.checkVisibility?.() ?? link.offsetParent);
  return seen.sort((one, other) => at(one).localeCompare(at(other)));
}

async function nudge(page, event, post) {
  const shown = page.calendar.getEventById(post.dataset.post);
  event.preventDefault();
  if (!shown?.startEditable) {
    page.announce("This post can't be moved any more.");
    return;
  }
  const inWeek = page.calendar.view.type === "timeGridWeek";
  const across = event.key === "ArrowLeft" || event.key === "ArrowRight";
  const minutes = across ? DAY : inWeek ? 30 : 7 * DAY;
  await moveTo(page, shown, shifted(shown.startStr, STEPS[event.key] * minutes));
  page.root.querySelector(`a[data-post="${shown.id}"]`)?.focus();
}
