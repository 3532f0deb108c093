// Runs before the first paint: what the page must know to be drawn right at once, and
// what must be heard from the first picture on.
(function boot() {
  const root = document.documentElement;
  root.dataset.js = "";
  const theme = /(?:^|; )theme=(light|dark)/.exec(document.cookie);
  if (theme) root.dataset.theme = theme[1];
  // A platform's picture covers the initial below it once it is there; one that can't be
  // had any more gives way to it.
  document.addEventListener("load", ({ target }) => picture(target)?.setAttribute("data-there", ""), true);
  document.addEventListener("error", ({ target }) => picture(target)?.remove(), true);

  function picture(target) {
    return target.classList?.contains("avatar__image") ? target : null;
  }
})();
