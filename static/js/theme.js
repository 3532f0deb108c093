import { keep } from "./cookie.js";

const root = document.documentElement;

/** @param {""|"light"|"dark"} theme empty: as the system says */
export function setTheme(theme) {
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  keep("theme", theme);
  show();
}

export function initTheme() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-set]");
    if (button) setTheme(button.dataset.themeSet);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  show();
}

function show() {
  const chosen = root.dataset.theme || "";
  for (const button of document.querySelectorAll("[data-theme-set]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === chosen));
  }
  colourBrowser();
}

// The phone's status bar takes the page's colour, which only the tokens may name.
function colourBrowser() {
  let meta = document.querySelector('meta[name="theme-color"]');
  if (!meta) {
    meta = document.createElement("meta");
    meta.name = "theme-color";
    document.head.append(meta);
  }
  meta.content = getComputedStyle(document.body).backgroundColor;
}
