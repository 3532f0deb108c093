// A post in the calendar: thumbnail, time, state as icon and word, platforms, text.
import { address } from "./calendar-source.js";
import { spoken } from "./calendar-time.js";
import { icon } from "./icon.js";

const ICONS = {
  draft: "pencil",
  scheduled: "clock",
  reminder: "bell",
  sending: "send",
  published: "check-circle-fill",
  attention: "exclamation-triangle-fill",
  failed: "x-circle-fill",
  cancelled: "slash-circle",
};
const SHOWN = 3;

export function chip({ event, view }, data) {
  const { post, profiles } = event.extendedProps;
  const box = element("span", "chip-post");
  box.dataset.state = post.state;
  if (post.cover) box.append(cover(post, data));
  const head = element("span", "chip-post__head");
  head.append(time(event), state(post, data), icons(profiles));
  const text = element("span", "chip-post__text", post.text || "No text");
  const body = element("span", "chip-post__body");
  body.append(head, text);
  box.append(body);
  return { domNodes: [view.type.startsWith("list") ? linked(box, event) : box] };
}

// In a list FullCalendar leaves the link to us.
function linked(box, event) {
  const link = element("a", "chip-link");
  link.href = event.url;
  link.append(box);
  describe(link, event);
  return link;
}

/** What the keys find it by, and the whole text for a pointer that rests. */
export function describe(box, event) {
  const { post } = event.extendedProps;
  if (!box.matches("a")) return;
  box.dataset.post = post.id;
  box.draggable = false;
  if (post.text) box.title = post.text;
}

export function wordOf(post, data) {
  return post.word || data.states[post.state];
}

function cover(post, data) {
  const image = element("img", "chip-post__cover");
  image.src = address(data.urls.thumb, post.cover);
  image.alt = "";
  image.loading = "lazy";
  image.decoding = "async";
  image.draggable = false;
  image.addEventListener("error", () => image.remove());
  return image;
}

function state(post, data) {
  const box = element("span", "chip-post__state");
  box.append(icon(ICONS[post.state] || "circle"), element("span", "chip-post__word", wordOf(post, data)));
  return box;
}

function icons(profiles) {
  const box = element("span", "chip-post__icons");
  const shown = new Map(profiles.map((profile) => [profile.platform, profile]));
  for (const profile of [...shown.values()].slice(0, SHOWN)) {
    const image = element("img", "platform");
    image.src = profile.icon;
    image.alt = `${profile.platform}, ${profile.label}`;
    image.draggable = false;
    box.append(image);
  }
  if (shown.size > SHOWN) box.append(element("span", "chip-post__more", `+${shown.size - SHOWN}`));
  return box;
}

// Spoken with its day; the day is seen from where it stands.
function time(event) {
  const [day, clock] = spoken(event.startStr).split(", ");
  const made = element("time", "chip-post__time");
  made.append(element("span", "visually-hidden", `${day}, `), clock);
  return made;
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}
