// Signed-out pages: sign-in, sign-up, landing.
import { initForms } from "./form.js";
import { initTheme } from "./theme.js";
import { initToasts } from "./toast.js";

initTheme();
initToasts();
initForms();
