// A post in the calendar: thumbnail, time, state as icon and word, platforms, text.
import { address } from "./calendar-source.js";
import { spoken } from "./calendar-time.js";
import { icon } from "./icon.js";

const ICONS = {
  draft: "pencil",
  scheduled: "clock",
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
  head.append(element("time", "chip-post__time", timeOf(event)), state(post, data), icons(profiles));
  const text = element("span", "chip-post__text", post.text || "No text");
  const body = element("span", "chip-post__body");
  body.append(head, text);
  box.append(body);
  return { domNodes: [view.type.startsWith("list") ? linked(box, event, data) : box] };
}

// In a list FullCalendar leaves the link to us.
function linked(box, event, data) {
  const link = element("a", "chip-link");
  link.href = event.url;
  link.append(box);
  name(link, event, data);
  return link;
}

/** For a screen reader, and for a pointer that rests. */
export function describe(box, event, data) {
  if (box.matches("a")) name(box, event, data);
  box.title = event.extendedProps.post.text;
}

function name(link, event, data) {
  const { post, profiles } = event.extendedProps;
  const where = profiles.map((profile) => `${profile.label} on ${profile.platform}`);
  const parts = [spoken(event.startStr), wordOf(post, data), where.join(", ") || "no profile yet"];
  link.setAttribute("aria-label", `${parts.join(". ")}. ${post.text || "No text"}`);
  link.dataset.post = post.id;
  link.draggable = false;
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
    image.alt = "";
    image.draggable = false;
    box.append(image);
  }
  if (shown.size > SHOWN) box.append(element("span", "chip-post__more", `+${shown.size - SHOWN}`));
  return box;
}

function timeOf(event) {
  return event.startStr.slice(11, 16);
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}
