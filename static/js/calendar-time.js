// Clock times as text, "2026-03-05T10:00": they sort as they are and have no zone.

/** What the clock shows in a zone now, such as "2026-03-05T10:00:00". */
export function wallNow(zone, at = new Date()) {
  const parts = { dateStyle: "short", timeStyle: "medium", timeZone: zone };
  try {
    return new Intl.DateTimeFormat("sv-SE", parts).format(at).replace(" ", "T");
  } catch {
    // A browser whose zones are older than the server's: near enough for a line.
    return at.toISOString().slice(0, 19);
  }
}

/** A sensible time on a day: ten o'clock, or the next half hour of today. */
export function nextFree(day, now) {
  const usual = `${day}T10:00`;
  if (day !== now.slice(0, 10) || usual > now) return day < now.slice(0, 10) ? `${day}T00:00` : usual;
  const [hours, minutes] = now.slice(11, 16).split(":").map(Number);
  const next = Math.min((Math.floor((hours * 60 + minutes) / 30) + 1) * 30, 23 * 60 + 59);
  const two = (number) => String(number).padStart(2, "0");
  return `${day}T${two(Math.floor(next / 60))}:${two(next % 60)}`;
}

/** A clock time so many minutes later; days have 24 hours here. */
export function shifted(wall, minutes) {
  const at = new Date(`${wall.slice(0, 16)}Z`);
  at.setUTCMinutes(at.getUTCMinutes() + minutes);
  return at.toISOString().slice(0, 16);
}

const format = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
const MONTH = format({ month: "long", year: "numeric" });
const DAY = format({ day: "numeric", month: "short", year: "numeric" });
const WEEKDAY = format({ weekday: "short" });
const SPOKEN = format({ weekday: "long", day: "numeric", month: "long" });

export function periodTitle({ currentStart, currentEnd }, name) {
  if (name === "month") return MONTH.format(currentStart);
  const last = new Date(currentEnd.getTime() - 1);
  return DAY.formatRange(currentStart, last);
}

/** "Thu" above a month, "Thu 5" above a week, "Thursday 5 March" in a list. */
export function dayHead(date, name) {
  if (name === "list") return SPOKEN.format(date);
  const weekday = WEEKDAY.format(date);
  return name === "week" ? `${weekday} ${date.getUTCDate()}` : weekday;
}

/** Such as "Thursday 5 March, 10:00". */
export function spoken(wall) {
  return `${SPOKEN.format(new Date(`${wall.slice(0, 10)}T00:00Z`))}, ${wall.slice(11, 16)}`;
}
