// A post's page looks again by itself while something is in flight. What a person has
// opened stays open, and nothing is swapped away under a hand that types.
let last = "";

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr, serverResponse } = event.detail;
  if (target.id !== "targets" || xhr.status !== 200) return;
  const busy = target.contains(document.activeElement) && document.activeElement.matches("input");
  if (busy || serverResponse === last) event.detail.shouldSwap = false;
  last = serverResponse;
  opened = [...target.querySelectorAll("details[id]")].map(({ id, open }) => [id, open]);
});

let opened = [];

document.addEventListener("htmx:afterSwap", () => {
  for (const [id, open] of opened) {
    const details = document.getElementById(id);
    if (details) details.open = open;
  }
  opened = [];
});
