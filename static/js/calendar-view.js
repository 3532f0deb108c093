// The views of the grid and the bar above it: what is shown, and what it is called.
import { dayHead, periodTitle, wallNow } from "./calendar-time.js";

export const PHONE = matchMedia("(max-width: 639px)");
export const VIEWS = {
  month: "dayGridMonth",
  // Seven columns of hours are too narrow for a phone.
  week: PHONE.matches ? "timeGridDays" : "timeGridWeek",
  list: "listWeek",
};
export const NAMES = Object.fromEntries(Object.entries(VIEWS).map(([name, key]) => [key, name]));

/** What FullCalendar is told of times, days and views. */
export function viewOptions(zone) {
  return {
    ...times(zone),
    views: {
      timeGridWeek: week(),
      timeGridDays: { type: "timeGrid", duration: { days: 3 }, ...week() },
      listWeek: { noEventsContent: nothing },
    },
  };
}

function times(zone) {
  const clock = { hour: "2-digit", minute: "2-digit", hour12: false };
  return {
    timeZone: "UTC",
    now: () => wallNow(zone),
    // A post is a moment: with the usual hour a late one would stand on the next day, too.
    defaultTimedEventDuration: "00:01",
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
    // Hours with lines, quarters to drop on: a coarser slot makes drags jump.
    slotDuration: "00:15",
    slotLabelInterval: "01:00",
    scrollTime: "07:00",
    slotEventOverlap: false,
    eventMinHeight: 44,
    eventMaxStack: 2,
  };
}

function nothing() {
  return `Nothing planned this week. ${PHONE.matches ? "Tap +" : "Press N"} to write a post.`;
}

/** The view of the address, else what suits the screen. */
export function firstView(usual) {
  const asked = new URLSearchParams(location.search).get("view");
  return VIEWS[asked] ? asked : PHONE.matches ? "list" : usual;
}

function show({ calendar, root }, name) {
  calendar.setOption("height", heightOf(name, root));
  calendar.changeView(VIEWS[name]);
}

// A week scrolls by itself, from its first busy hour; months and lists are as long as
// they need to be.
export function heightOf(name, root) {
  const below = PHONE.matches ? 80 : 16;
  const room = innerHeight - root.getBoundingClientRect().top - scrollY - below;
  return name === "week" ? Math.max(480, room) : "auto";
}

/** Earlier, today, later; month, week, list. */
export function initBar(page) {
  if (PHONE.matches) document.querySelector('[data-view="week"]').textContent = "3 days";
  document.addEventListener("click", (event) => {
    const go = event.target.closest("[data-go]");
    if (go) page.calendar[go.dataset.go]();
    const view = event.target.closest("[data-view]");
    if (view && VIEWS[view.dataset.view]) show(page, view.dataset.view);
  });
}

export function showPeriod(view, zone) {
  const name = NAMES[view.type];
  document.querySelector("[data-period]").textContent = periodTitle(view, name);
  for (const button of document.querySelectorAll("[data-view]")) {
    button.setAttribute("aria-pressed", String(button.dataset.view === name));
  }
  const query = new URLSearchParams(location.search);
  query.set("view", name);
  const today = wallNow(zone).slice(0, 10);
  const [first, end] = [view.currentStart, view.currentEnd].map((at) => at.toISOString().slice(0, 10));
  // Where today is in sight the address stays good tomorrow.
  if (first <= today && today < end) query.delete("date");
  else query.set("date", first);
  history.replaceState(null, "", `?${query}`);
}
