// Runs before the first paint: what the page must know to be drawn right at once.
(function boot() {
  const root = document.documentElement;
  root.dataset.js = "";
  const theme = /(?:^|; )theme=(light|dark)/.exec(document.cookie);
  if (theme) root.dataset.theme = theme[1];
})();
