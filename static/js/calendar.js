// The calendar's page. All times are the group's clock times: FullCalendar is told they
// are UTC, so neither the browser's zone nor its clock changes can move a post.
import { initFilters } from "./calendar-filters.js";
import { initKeys } from "./calendar-keys.js";
import { moved } from "./calendar-move.js";
import { chip, describe } from "./calendar-chip.js";
import { openPeek } from "./calendar-peek.js";
import { readData, Source } from "./calendar-source.js";
import { dayHead, nextFree, periodTitle, wallNow } from "./calendar-time.js";
import { openComposer } from "./composer-drawer.js";
import { toast } from "./toast.js";

const PHONE = matchMedia("(max-width: 639px)");
const VIEWS = {
  month: "dayGridMonth",
  // Seven columns of hours are too narrow for a phone.
  week: PHONE.matches ? "timeGridDays" : "timeGridWeek",
  list: "listWeek",
};
const NAMES = Object.fromEntries(Object.entries(VIEWS).map(([name, key]) => [key, name]));
const HOT_MS = 10_000;
const CALM_MS = 60_000;

const data = readData();
const source = new Source(data);
const root = document.querySelector("[data-calendar]");
const page = { data, source, root, calendar: null, refresh, compose, announce };

function start() {
  root.querySelector(".cal__skeleton").remove();
  page.calendar = new FullCalendar.Calendar(root, options());
  page.calendar.render();
  root.removeAttribute("aria-busy");
  initToolbar();
  initFilters(page);
  initKeys(page);
  lookAgain();
}

function options() {
  return {
    ...times(),
    initialView: VIEWS[firstView()],
    initialDate: data.day,
    headerToolbar: false,
    height: heightOf(firstView()),
    fixedWeekCount: false,
    dayMaxEvents: 5,
    moreLinkContent: (more) => `${more.num} more`,
    eventDisplay: "block",
    eventOrder: "start,title",
    editable: data.mayEdit,
    eventDurationEditable: false,
    longPressDelay: 300,
    eventDragMinDistance: 6,
    views: {
      timeGridWeek: week(),
      timeGridDays: { type: "timeGrid", duration: { days: 3 }, ...week() },
      listWeek: { noEventsContent: nothing },
    },
    events: (range, done, failed) => source.load(range).then(done, failed),
    eventSourceFailure: () => {
      toast("The calendar couldn't be loaded. Try again in a moment.", { tone: "bad" });
    },
    eventContent: (shown) => chip(shown, data),
    eventDidMount: ({ el, event }) => describe(el, event, data),
    eventClick: ({ event, jsEvent }) => openPeek(page, event, jsEvent),
    eventDrop: (drop) => moved(page, drop.event, drop.oldEvent, drop.revert),
    dateClick: ({ dateStr }) => compose(dateStr),
    datesSet: ({ view }) => showPeriod(view),
    eventsSet: showEmpty,
  };
}

function times() {
  const clock = { hour: "2-digit", minute: "2-digit", hour12: false };
  return {
    timeZone: "UTC",
    now: () => wallNow(data.zone),
    firstDay: 1,
    nowIndicator: true,
    eventTimeFormat: clock,
    slotLabelFormat: clock,
    locale: "en-gb",
    dayHeaderContent: ({ date, view }) => dayHead(date, NAMES[view.type]),
    listDayFormat: { weekday: "long", day: "numeric", month: "long" },
    listDaySideFormat: false,
  };
}

function week() {
  return {
    allDaySlot: false,
    slotDuration: "01:00",
    snapDuration: "00:15",
    scrollTime: "07:00",
    slotEventOverlap: false,
    eventMinHeight: 44,
    eventMaxStack: PHONE.matches ? 2 : 3,
  };
}

function nothing() {
  return "Nothing planned this week";
}

function firstView() {
  const asked = new URLSearchParams(location.search).get("view");
  return VIEWS[asked] ? asked : PHONE.matches ? "list" : data.view;
}

function initToolbar() {
  if (PHONE.matches) document.querySelector('[data-view="week"]').textContent = "3 days";
  document.addEventListener("click", (event) => {
    const go = event.target.closest("[data-go]");
    if (go) page.calendar[go.dataset.go]();
    const view = event.target.closest("[data-view]");
    if (view && VIEWS[view.dataset.view]) show(view.dataset.view);
    const opener = event.target.closest("a[data-compose], a.tabbar__compose");
    if (opener && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      openComposer(opener.href, page);
    }
  });
}

function show(name) {
  page.calendar.setOption("height", heightOf(name));
  page.calendar.changeView(VIEWS[name]);
}

// A week scrolls by itself, from its first busy hour; months and lists are as long as
// they need to be.
function heightOf(name) {
  const room = innerHeight - root.getBoundingClientRect().top - scrollY - 16;
  return name === "week" ? Math.max(480, room) : "auto";
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
  openComposer(data.urls.compose + (at ? `?at=${at}` : ""), page);
}

function showPeriod(view) {
  const name = NAMES[view.type];
  document.querySelector("[data-period]").textContent = periodTitle(view, name);
  for (const button of document.querySelectorAll("[data-view]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === name));
  }
  const query = new URLSearchParams(location.search);
  query.set("view", name);
  query.set("date", dayShown(view));
  history.replaceState(null, "", `?${query}`);
}

function showToday() {
  root.querySelector("td.fc-day-today")?.scrollIntoView({ block: "nearest" });
}

// Today where it is in sight, so that another view opens on it too.
function dayShown(view) {
  const today = wallNow(data.zone).slice(0, 10);
  const first = view.currentStart.toISOString().slice(0, 10);
  const end = view.currentEnd.toISOString().slice(0, 10);
  return first <= today && today < end ? today : first;
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
