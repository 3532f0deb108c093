// Moving a post: at once on the screen, then at the server, with a way back for 8 s.
import { address, toEvent } from "./calendar-source.js";
import { spoken } from "./calendar-time.js";
import { send } from "./send.js";
import { toast } from "./toast.js";

/** The event stands at its new place already; `revert` puts it back. */
export async function moved(page, event, before, revert) {
  const answer = await ask(page, event.id, wall(event));
  if (!answer.ok) {
    revert();
    toast(answer.message, { tone: "bad" });
    page.announce(`Not moved. ${answer.message}`);
    return;
  }
  settle(page, event, answer.body);
  const { message, note } = answer.body;
  toast(`${message} ${note}`.trim(), {
    tone: note ? "attention" : "good",
    action: "Undo",
    onAction: () => undo(page, event, before),
  });
}

/** Move by the keyboard, so that nobody needs to drag. */
export function moveTo(page, event, at) {
  const before = { startStr: event.startStr };
  event.setStart(`${at}:00Z`);
  const revert = () => event.setStart(before.startStr);
  page.announce(`Moving to ${spoken(at)}.`);
  return moved(page, event, before, revert);
}

async function undo(page, event, before) {
  const answer = await ask(page, event.id, before.startStr.slice(0, 16));
  if (!answer.ok) {
    toast(answer.message, { tone: "bad" });
    return;
  }
  settle(page, event, answer.body);
  page.announce(`Back at ${spoken(before.startStr)}.`);
  page.calendar.gotoDate(before.startStr);
}

function ask(page, id, at) {
  const fields = new FormData();
  fields.set("wall_at", at);
  return send(address(page.data.urls.reschedule, id), fields);
}

// The server's word: a time that a clock change moved on, a state that changed.
function settle(page, event, body) {
  page.source.forget();
  const [post] = body.posts;
  const fresh = toEvent(post, body.profiles, page.data);
  const shown = page.calendar.getEventById(event.id);
  if (!shown) return;
  shown.setExtendedProp("post", fresh.extendedProps.post);
  shown.setExtendedProp("profiles", fresh.extendedProps.profiles);
  shown.setStart(`${post.at}:00Z`);
}

function wall(event) {
  return event.startStr.slice(0, 16);
}
