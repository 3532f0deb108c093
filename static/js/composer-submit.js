// Sending: each refusal beside its field, and nothing typed is ever lost.
import { settled } from "./composer-media.js";
import { open } from "./composer-tabs.js";
import { openDialog } from "./dialog.js";
import { icon } from "./icon.js";
import { send } from "./send.js";

export function initSubmit(composer, saved) {
  composer.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter || composer.find('[name="mode"][value="draft"]');
    if ("now" in button.dataset) ask(composer, () => submit(composer, button, saved));
    else submit(composer, button, saved);
  });
}

// What is out can't be taken back from here, so it is asked once.
function ask(composer, act) {
  const names = composer.chosen().map((id) => composer.profile(id).label);
  if (!names.length) {
    act();
    return;
  }
  const dialog = composer.find("#composer-now");
  const where = new Intl.ListFormat("en").format(names);
  dialog.querySelector("[data-now-text]").textContent =
    `It goes out on ${where} right away, and can only be deleted there.`;
  dialog.querySelector("[data-now-yes]").onclick = () => {
    dialog.close();
    act();
  };
  openDialog(dialog.id);
}

async function submit(composer, button, saved) {
  if (composer.sending) return;
  composer.sending = true;
  composer.stopChecks();
  button.setAttribute("aria-busy", "true");
  clear(composer);
  await settled(composer);
  const fields = new FormData(composer.form);
  fields.set("mode", button.value);
  const answer = await send(composer.form.action, fields);
  composer.sending = false;
  button.removeAttribute("aria-busy");
  if (answer.ok) {
    composer.forget();
    saved(answer.body);
  } else {
    refuse(composer, answer);
  }
}

function clear(composer) {
  forgetRefusals(composer, true);
  for (const banner of composer.all("[data-notices] .banner")) banner.remove();
}

function refuse(composer, { body, message, status }) {
  const errors = body.errors || [{ code: "", field: "", message }];
  for (const error of errors) tell(composer, error, body, status);
  composer.stopChecks();
  quiet(composer);
  const first = composer.find("[data-errors]:not([hidden]), [data-notices] .banner");
  reveal(composer, errors);
  first?.scrollIntoView({ block: "center", behavior: "smooth" });
}

/** Once something changed, what was refused before may be mended: the check tells. */
export function forgetRefusals(composer, all = false) {
  const unmended = all || composer.chosen().length ? "" : "profiles";
  for (const said of composer.all("[data-refused]")) {
    const box = said.closest("[data-errors]");
    if (box.dataset.errors === unmended) continue;
    said.remove();
    box.hidden = !box.children.length;
  }
}

// Said beside the fields now; twice would be noise.
function quiet(composer) {
  composer.find("[data-problems]").hidden = true;
  composer.find("[data-time-note]").textContent = "";
}

function tell(composer, error, body, status) {
  const box = composer.find(`[data-errors="${CSS.escape(placeOf(error.field))}"]`);
  if (box) {
    const fold = box.closest("details");
    if (fold) fold.open = true;
    box.append(line(error.message));
    box.hidden = false;
    return;
  }
  const banner = bannerOf(error.message);
  composer.find("[data-notices]").prepend(banner);
  if (error.code === "stale") offerNewer(composer, banner, body.version);
  if (status === 401) offerSignIn(banner);
}

// variations.<id>.text stands beside text-<id>.
function placeOf(field) {
  const [start, id, part] = field.split(".");
  return start === "variations" ? `${part}-${id}` : field;
}

function reveal(composer, errors) {
  const own = errors.find(({ field }) => field.startsWith("variations."));
  const text = errors.some(({ field }) => field === "text");
  if (own && !text) open(composer, own.field.split(".")[1]);
  else if (text) open(composer, "all");
}

function line(message) {
  const box = document.createElement("p");
  box.className = "field__error";
  box.dataset.refused = "";
  const text = document.createElement("span");
  text.textContent = message;
  box.append(icon("exclamation-circle-fill", "icon--sm"), text);
  return box;
}

function bannerOf(message) {
  const banner = document.createElement("div");
  banner.className = "banner";
  banner.dataset.tone = "bad";
  banner.setAttribute("role", "alert");
  const text = document.createElement("div");
  text.className = "banner__text";
  text.textContent = message;
  banner.append(icon("exclamation-circle-fill"), text);
  return banner;
}

// Told of the newer version, the person decides: the next save replaces it.
function offerNewer(composer, banner, version) {
  composer.form.elements.version.value = version;
  banner.append(link("See the newer one", composer.form.action));
}

function offerSignIn(banner) {
  banner.append(link("Sign in", "/user/login/"));
}

function link(text, href) {
  const made = document.createElement("a");
  Object.assign(made, { textContent: text, href, target: "_blank", className: "btn btn--sm banner__action" });
  return made;
}
