// A press on a post shows what it is without leaving the calendar.
export function openPeek(page, event, press) {
  if (press.ctrlKey || press.metaKey || press.shiftKey || press.button) return;
  press.preventDefault();
  htmx.ajax("GET", `${event.url}peek/`, { target: "#dialogs", swap: "innerHTML" });
}
