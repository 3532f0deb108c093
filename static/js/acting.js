// While staff look as a customer: what would change anything, or isn't open to them, is
// greyed out. The server refuses all of it by itself; this spares them the asking.
const banner = document.querySelector(".acting[data-open]");
const pages = banner.dataset.open.split(" ").map((page) => new RegExp(`^/${page}$`));
const WORDS = "Not while looking as a customer";
const OWN = "form:is(.acting__end, [action='/user/logout/'])";
const CHANGES = [
  `form[method='post']:not(${OWN}) :is(button:not([type='button']), [type='submit'])`,
  ":is([hx-post], [hx-put], [hx-patch], [hx-delete])",
].join();
const LEADS = "a[href]:not([data-bs-toggle], [data-dialog-open]), [hx-get]";

function isOpen(address) {
  const url = new URL(address, location.href);
  return url.origin !== location.origin || pages.some((page) => page.test(url.pathname));
}

function close(element) {
  element.title = WORDS;
  element.setAttribute("aria-disabled", "true");
  element.removeAttribute("href");
  // Without its address an <a> is nothing to a screen reader.
  if (element.tagName === "A" && !element.hasAttribute("role")) element.setAttribute("role", "link");
  if ("disabled" in element) element.disabled = true;
}

function sweep() {
  for (const element of document.querySelectorAll(CHANGES)) close(element);
  for (const element of document.querySelectorAll(LEADS)) {
    const leads = [element.getAttribute("href"), element.getAttribute("hx-get")];
    if (leads.some((address) => address && !isOpen(address))) close(element);
  }
}

// What htmx has bound by then hears nothing any more.
document.addEventListener(
  "click",
  (event) => {
    if (!event.target.closest("[aria-disabled='true']")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);
new MutationObserver(sweep).observe(document.body, { childList: true, subtree: true });
sweep();
