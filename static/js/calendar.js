// The calendar's page. All times are the group's clock times: FullCalendar is told they
// are UTC, so neither the browser's zone nor its clock changes can move a post.
import { initFilters } from "./calendar-filters.js";
import { initKeys } from "./calendar-keys.js";
import { moved } from "./calendar-move.js";
import { chip, describe } from "./calendar-chip.js";
import { openPeek } from "./calendar-peek.js";
import { readData, Source } from "./calendar-source.js";
import { nextFree, wallNow } from "./calendar-time.js";
import { VIEWS, firstView, heightOf, initBar, showPeriod, viewOptions } from "./calendar-view.js";
import { toast } from "./toast.js";

const HOT_MS = 10_000;
const CALM_MS = 60_000;

const data = readData();
const source = new Source(data);
const root = document.querySelector("[data-calendar]");
const page = { data, source, root, calendar: null, refresh, compose, open, announce };

function start() {
  root.querySelector(".cal__skeleton").remove();
  page.calendar = new FullCalendar.Calendar(root, options());
  page.calendar.render();
  root.removeAttribute("aria-busy");
  initBar(page);
  initComposeLinks();
  initFilters(page);
  initKeys(page);
  lookAgain();
}

function options() {
  return {
    ...viewOptions(data.zone),
    initialView: VIEWS[firstView(data.view)],
    initialDate: data.day,
    headerToolbar: false,
    height: heightOf(firstView(data.view), root),
    fixedWeekCount: false,
    dayMaxEvents: 5,
    moreLinkContent: (more) => `${more.num} more`,
    moreLinkDidMount: ({ el }) => el.setAttribute("role", "button"),
    eventDisplay: "block",
    eventOrder: "start,title",
    editable: data.mayEdit,
    eventDurationEditable: false,
    longPressDelay: 300,
    eventDragMinDistance: 6,
    events: (range, done, failed) => source.load(range).then(done, failed),
    eventSourceFailure: () => {
      toast("The calendar couldn't be loaded. Try again in a moment.", { tone: "bad" });
    },
    eventContent: (shown) => chip(shown, data),
    eventDidMount: ({ el, event }) => describe(el, event),
    // Its number would hide the posts inside from who listens to the cell.
    dayCellDidMount: ({ el }) => el.removeAttribute("aria-labelledby"),
    eventClick: ({ event, jsEvent }) => openPeek(page, event, jsEvent),
    eventDrop: (drop) => moved(page, drop.event, drop.oldEvent, drop.revert),
    dateClick: ({ dateStr }) => compose(dateStr),
    datesSet: ({ view }) => showPeriod(view, data.zone),
    eventsSet: showEmpty,
  };
}

function initComposeLinks() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("a[data-compose], a.tabbar__compose");
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(opener.href);
  });
}

/** The composer's scripts come when one is wanted: most looks at a calendar write nothing. */
async function open(url) {
  const { openComposer } = await import("./composer-drawer.js");
  await openComposer(url, page);
}

/** A day or a moment of the grid was chosen; empty: no time yet. */
function compose(dateStr = "") {
  if (!data.mayEdit) return;
  const now = wallNow(data.zone);
  const at = dateStr.length === 10 ? nextFree(dateStr, now) : dateStr.slice(0, 16);
  if (at && at < now.slice(0, 16)) {
    toast("That time has passed. Choose a later one for a new post.");
    return;
  }
  open(data.urls.compose + (at ? `?at=${at}` : ""));
}

function showToday() {
  // Whoever begins reads what to do first.
  if (document.querySelector(".first-steps")) return;
  root.querySelector("td.fc-day-today")?.scrollIntoView({ block: "nearest" });
}

let arrived = false;

function showEmpty(events) {
  // Once the first posts stand there, the rows have their height: today into sight.
  if (!arrived) requestAnimationFrame(showToday);
  arrived = true;
  const box = document.querySelector("[data-empty]");
  const narrowed = source.narrowed();
  box.hidden = events.length > 0 || page.calendar?.view.type === VIEWS.list;
  box.textContent = narrowed
    ? "No post matches the filters in this time."
    : "Nothing planned in this time. Press N, or choose a day, to write a post.";
}

function refresh() {
  source.forget();
  page.calendar.refetchEvents();
  refreshSteps();
}

/** The way to the first post goes on with what was done here, and ends by itself. */
function refreshSteps() {
  const steps = document.querySelector(".first-steps");
  if (!steps || steps.contains(document.activeElement)) return;
  const swap = { target: steps, select: ".first-steps", swap: "outerHTML" };
  htmx.ajax("GET", location.href, swap);
}

function announce(text) {
  document.querySelector("[data-announce]").textContent = text;
}

// What is about to go out is looked at often, everything else now and then.
function lookAgain() {
  const now = wallNow(data.zone).slice(0, 16);
  const hot = page.calendar.getEvents().some(({ extendedProps: { post } }) => {
    return post.state === "sending" || (post.state === "scheduled" && post.at <= now);
  });
  setTimeout(() => {
    const busy = document.hidden || document.querySelector(".fc-event-dragging, dialog[open]");
    if (!busy) refresh();
    lookAgain();
  }, hot ? HOT_MS : CALM_MS);
}

start();
