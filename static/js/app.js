// Everything a signed-in page needs; a page's own module comes beside it.
import { initDialogs } from "./dialog.js";
import { initForms } from "./form.js";
import { initHtmx } from "./htmx-setup.js";
import { initShell } from "./shell.js";
import { initSwitcher } from "./switcher.js";
import { initTheme } from "./theme.js";
import { initToasts } from "./toast.js";

initTheme();
initDialogs();
initToasts();
initHtmx();
initForms();
initShell();
initSwitcher();
