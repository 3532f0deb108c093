// One text for everyone, and for each profile a tab that shows it until it is changed.
export function initTabs(composer) {
  const list = composer.find("[data-tabs]");
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-tab]");
    if (tab) open(composer, tab.dataset.tab);
  });
  list.addEventListener("keydown", (event) => walk(composer, event));
  // Before anyone draws: a box that still mirrors would be overwritten.
  composer.form.addEventListener("input", (event) => vary(composer, event.target), true);
  composer.form.addEventListener("click", (event) => {
    const reset = event.target.closest("[data-reset]");
    if (reset) share(composer, reset.dataset.reset);
  });
  composer.onChange(() => show(composer));
}

/** @param {string} name "all" or a profile's id */
export function open(composer, name) {
  composer.active = name;
  composer.changed();
}

function show(composer) {
  const chosen = composer.chosen();
  if (composer.active !== "all" && !chosen.includes(composer.active)) composer.active = "all";
  const varied = chosen.some((id) => composer.isOwn(id));
  composer.find("[data-tabs]").hidden = chosen.length < 2 && !varied;
  for (const tab of composer.all("[data-tab]")) drawTab(composer, tab, chosen);
  for (const panel of composer.all("[data-panel]")) {
    panel.hidden = panel.dataset.panel !== composer.active;
  }
  for (const id of chosen) drawPanel(composer, id);
}

function drawTab(composer, tab, chosen) {
  const id = tab.dataset.tab;
  const active = id === composer.active;
  tab.hidden = id !== "all" && !chosen.includes(id);
  tab.setAttribute("aria-selected", String(active));
  tab.tabIndex = active ? 0 : -1;
  const dot = tab.querySelector("[data-dot]");
  if (dot) dot.hidden = !composer.isOwn(id);
}

// Until it is changed, a profile's box mirrors everyone's text.
function drawPanel(composer, id) {
  const own = composer.isOwn(id);
  const box = composer.field("text", id);
  if (!own) box.value = composer.form.elements.text.value;
  composer.find(`[data-reset="${id}"]`).hidden = !own;
}

function vary(composer, field) {
  const id = field.dataset?.text;
  if (!id || id === "all" || composer.isOwn(id)) return;
  composer.field("own", id).checked = true;
}

function share(composer, id) {
  composer.field("own", id).checked = false;
  composer.changed();
  composer.field("text", id).focus();
}

function walk(composer, event) {
  const along = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!along) return;
  event.preventDefault();
  const tabs = composer.all("[data-tab]").filter((tab) => !tab.hidden);
  const at = tabs.findIndex((tab) => tab.dataset.tab === composer.active);
  const next = tabs[(at + along + tabs.length) % tabs.length];
  open(composer, next.dataset.tab);
  next.focus();
}
