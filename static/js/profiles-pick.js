// A list to tick in: search, tick all, how many. A search hides rows and never unticks.
const box = document.querySelector(":is([data-pick-tools], [data-pick-search]) input");
const rows = [...document.querySelectorAll("[data-pick-list] > [data-words]")];
const none = document.querySelector("[data-pick-none]");
const all = document.querySelector("[data-pick-all]");
const told = document.querySelector("[data-pick-count]");
const sets = document.querySelector("template[data-pick-sets]");

function narrow() {
  const words = box.value.trim().toLowerCase().split(/\s+/);
  let shown = 0;
  for (const row of rows) {
    const fits = words.every((word) => row.dataset.words.includes(word));
    row.hidden = !fits;
    shown += fits;
  }
  none.hidden = shown > 0;
  tell();
}

// What can be ticked and is in sight.
function inSight() {
  return ticks(rows.filter((row) => !row.hidden)).filter((each) => !each.disabled);
}

// Rows of other lists hold a choice of their own, such as a role.
function ticks(some) {
  return some.flatMap((row) => [...row.querySelectorAll('input:is([type="checkbox"], [type="radio"])')]);
}

function tickAll() {
  const wanted = !allTicked();
  for (const each of inSight()) each.checked = wanted;
  tell();
}

function allTicked() {
  return inSight().every((each) => each.checked);
}

function tell() {
  const count = ticks(rows).filter((each) => each.checked).length;
  if (told) told.textContent = count ? `${count} ticked` : "";
  if (all) all.textContent = allTicked() ? "Untick all" : "Tick all";
}

// Hundreds of rows share one list of sets; a row gets it when it is asked for it.
function fill(event) {
  const select = event.target.closest("select[data-sets-later]");
  if (!select || !sets) return;
  const chosen = select.value;
  delete select.dataset.setsLater;
  for (const option of sets.content.children) {
    if (option.value !== chosen) select.append(option.cloneNode(true));
  }
}

box?.addEventListener("input", narrow);
// Enter searches, it doesn't send off what happens to be ticked.
box?.addEventListener("keydown", (event) => {
  if (event.key === "Enter") event.preventDefault();
});
all?.addEventListener("click", tickAll);
document.addEventListener("change", tell);
document.addEventListener("focusin", fill);
document.addEventListener("pointerdown", fill);
tell();
