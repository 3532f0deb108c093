// The style guide shows components, so it starts what they need.
import { initDialogs } from "./dialog.js";
import { initTheme } from "./theme.js";
import { initToasts, toast } from "./toast.js";

initTheme();
initDialogs();
initToasts();
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-guide-toast]")) return;
  toast("Moved to Friday 10:30.", { tone: "good", action: "Undo", onAction: () => toast("Back on Thursday.") });
});
