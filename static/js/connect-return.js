// In the window that a sign-in opened: hand over to the page that waits, and close. Runs
// before the first paint. When nobody answers, or the window can't be closed, this page
// shows itself and works as well.
(function comeBack() {
  const MARK = "connect-window";
  const PATIENCE_MS = 800;
  const here = document.currentScript.dataset;
  const name = marked();
  if (!name || !window.BroadcastChannel) return;
  const root = document.documentElement;
  const channel = new BroadcastChannel(name);
  root.hidden = true;
  setTimeout(stay, PATIENCE_MS);
  channel.addEventListener("message", ({ data }) => {
    if (data === "taken") window.close();
  });
  if ("form" in here) {
    document.addEventListener("DOMContentLoaded", () => {
      const form = document.querySelector("form[data-window]");
      channel.postMessage({ form: form.innerHTML });
    });
  } else channel.postMessage({ go: address() });

  // `also`: what the waiting page is to be told beside where to go.
  function address() {
    const url = new URL(location);
    for (const [key, value] of new URLSearchParams(here.also)) url.searchParams.set(key, value);
    return url.pathname + url.search;
  }

  function marked() {
    try {
      return sessionStorage.getItem(MARK);
    } catch {
      return null;
    }
  }

  function stay() {
    channel.close();
    sessionStorage.removeItem(MARK);
    root.hidden = false;
  }
})();
