// The picker's search: hides rows, never unticks them.
const box = document.querySelector("[data-pick-search] input");
const rows = [...document.querySelectorAll("[data-pick-list] > [data-words]")];
const none = document.querySelector("[data-pick-none]");

function narrow() {
  const words = box.value.trim().toLowerCase().split(/\s+/);
  let shown = 0;
  for (const row of rows) {
    const fits = words.every((word) => row.dataset.words.includes(word));
    row.hidden = !fits;
    shown += fits;
  }
  none.hidden = shown > 0;
}

box?.addEventListener("input", narrow);
// Enter searches, it doesn't connect what happens to be ticked.
box?.addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault();
});
