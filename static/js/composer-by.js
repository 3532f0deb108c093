// Who posts it at its time: we, or a person whom we remind.
const REMINDER = "reminder";

export function initBy(composer) {
  composer.onChange(() => show(composer));
}

/** What the check offers where we may not post it ourselves. */
export function remind(composer, id) {
  const select = composer.find(`select[data-by="${CSS.escape(id)}"]`);
  select.value = REMINDER;
  composer.find("[data-by-box]").open = true;
  composer.changed();
  select.focus();
}

function show(composer) {
  const chosen = composer.chosen();
  const rows = composer.all("[data-by-box] [data-profile]");
  for (const row of rows) row.hidden = !chosen.includes(row.dataset.profile);
  composer.find("[data-by-box]").hidden = rows.every((row) => row.hidden);
  composer.find("[data-by-said]").textContent = said(composer, chosen);
}

function said(composer, chosen) {
  const byHand = chosen.filter((id) => composer.field("by", id)?.value === REMINDER);
  if (!byHand.length) return "Auto Publish";
  if (byHand.length === chosen.length) return "you, with a reminder";
  const names = byHand.map((id) => composer.profile(id).label);
  return `Auto Publish; you on ${new Intl.ListFormat("en").format(names)}, with a reminder`;
}
