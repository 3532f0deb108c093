// Which profiles and states are shown. The address says it, so it can be shared.
export function initFilters(page) {
  const form = document.querySelector("[data-filters]");
  form.addEventListener("change", () => apply(page, form));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("click", (event) => {
    const clear = event.target.closest("[data-filter-clear]");
    if (!clear) return;
    for (const box of boxes(form, clear.dataset.filterClear)) box.checked = false;
    apply(page, form);
  });
  label(form);
}

function apply(page, form) {
  const filters = { profile: chosen(form, "profile"), state: chosen(form, "state") };
  const query = new URLSearchParams(location.search);
  for (const [name, values] of Object.entries(filters)) {
    query.delete(name);
    for (const value of values) query.append(name, value);
  }
  history.replaceState(null, "", `?${query}`);
  label(form);
  page.source.narrow(filters);
  page.calendar.refetchEvents();
}

function boxes(form, name) {
  return [...form.querySelectorAll(`input[name="${name}"]`)];
}

function chosen(form, name) {
  return boxes(form, name)
    .filter((box) => box.checked)
    .map((box) => box.value);
}

// The closed menu says what it holds: everything, the one, or how many.
function label(form) {
  for (const button of form.querySelectorAll("[data-filter-button]")) {
    const marked = boxes(form, button.dataset.filterButton).filter((box) => box.checked);
    const name = marked[0]?.closest("label").textContent.trim();
    const words = marked.length > 1 ? `${marked.length} chosen` : name;
    button.firstChild.textContent = marked.length ? words : button.dataset.every;
    button.toggleAttribute("data-on", marked.length > 0);
  }
}
