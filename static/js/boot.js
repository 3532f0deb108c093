// Runs before the first paint: what the page must know to be drawn right at once, and
// what must be heard from the first picture on.
(function boot() {
  const root = document.documentElement;
  root.dataset.js = "";
  const theme = /(?:^|; )theme=(light|dark)/.exec(document.cookie);
  if (theme) root.dataset.theme = theme[1];
  // A platform's picture that can't be had any more gives way to the initial below it.
  document.addEventListener("error", ({ target }) => dropPicture(target), true);

  function dropPicture(target) {
    if (target.classList?.contains("avatar__image")) target.remove();
  }
})();
