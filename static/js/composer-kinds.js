// Which kind of post it will be, where a platform has several that fit the files.
export function initKinds(composer) {
  for (const select of composer.all("select[data-kind]")) {
    select.hidden = true;
    const choice = document.createElement("div");
    choice.className = "segmented segmented--sm";
    choice.setAttribute("role", "group");
    choice.setAttribute("aria-label", select.labels[0]?.textContent.trim() || "Kind of post");
    choice.addEventListener("click", (event) => pick(composer, select, event));
    select.after(choice);
  }
  composer.onChange(() => show(composer));
}

function pick(composer, select, event) {
  const button = event.target.closest("[data-key]");
  if (!button) return;
  const usual = composer.fittingKinds(select.dataset.kind)[0]?.key;
  // The usual one stays unchosen, so that it goes on following the files.
  select.value = button.dataset.key === usual ? "" : button.dataset.key;
  composer.changed();
  select.nextElementSibling.querySelector('[aria-pressed="true"]')?.focus();
}

function show(composer) {
  const chosen = composer.chosen();
  let shown = 0;
  for (const row of composer.all("[data-kinds] [data-profile]")) {
    const id = row.dataset.profile;
    row.hidden = !chosen.includes(id) || !["all", id].includes(composer.active);
    const select = row.querySelector("select[data-kind]");
    if (!row.hidden) drawChoice(composer, id, select);
    if (!row.hidden && !select.nextElementSibling.hidden) shown += 1;
  }
  composer.find("[data-kinds]").hidden = shown === 0;
  showLimits(composer, chosen);
}

// What the chosen platforms don't offer is said, not left to be found out.
function showLimits(composer, chosen) {
  const parts = composer.all("[data-cannot]");
  for (const part of parts) part.hidden = !chosen.includes(part.dataset.cannot);
  composer.find("[data-cannots]").hidden = parts.every((part) => part.hidden);
}

function drawChoice(composer, id, select) {
  const kinds = composer.fittingKinds(id);
  const now = composer.kindOf(id).key;
  // A chosen kind that the files no longer allow gives way.
  if (select.value && kinds.length && !kinds.some(({ key }) => key === select.value)) {
    select.value = "";
    composer.changed();
    return;
  }
  const choice = select.nextElementSibling;
  const label = select.labels[0];
  choice.hidden = kinds.length < 2;
  label.hidden = choice.hidden;
  if (choice.hidden || choice.dataset.drawn === `${kinds.map(({ key }) => key)}:${now}`) return;
  choice.dataset.drawn = `${kinds.map(({ key }) => key)}:${now}`;
  choice.replaceChildren(...kinds.map((kind) => button(kind, kind.key === now)));
}

function button(kind, pressed) {
  const made = document.createElement("button");
  made.type = "button";
  made.dataset.key = kind.key;
  made.textContent = kind.label;
  made.setAttribute("aria-pressed", String(pressed));
  return made;
}
