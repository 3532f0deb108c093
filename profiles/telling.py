"""What people read of their connections: one that needs them, or many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format

from core import clock
from profiles.dangers import Danger
from profiles.models import Concern, Connection
from profiles.queries import slot_of
from profiles.quiet import quiet_since
from profiles.slots import Slot
from profiles.states import ConnectionState

# Of a digest; the settings page shows the others.
LINES = 12
SAFE = "No scheduled post depends on it right now."
KEPT = (
    "None is lost: those whose time passes meanwhile are kept, and you choose when they "
    "go out."
)
CANT = "{name} lets nobody but you renew it, so sign in once more before then."
TRIED = "Renewing it for you hasn't worked so far, so sign in once more before then."
SIX_WEEKS = (
    "A connection stays active as long as something is published every six weeks. "
    "Schedule a post, or disconnect the profile if you no longer need it."
)
REFRESH, REVIEW = "Refresh", "Review permissions of"
LIKE_ALL = "All of them: {cause}"


@dataclass(frozen=True)
class Message:
    code: str
    title: str
    text: str
    path: str
    button: str


@dataclass(frozen=True)
class Reader:
    """`zone`: the person's own, in which all times are told."""

    zone: str
    dangers: Mapping[UUID, Danger] = field(default_factory=dict)

    def danger(self, connection: Connection) -> Danger:
        return self.dangers.get(connection.profile_id, Danger())

    def day(self, at: datetime) -> str:
        return date_format(clock.to_wall(at, self.zone), "l j F Y")

    def time(self, at: datetime) -> str:
        return date_format(clock.to_wall(at, self.zone), "D j M Y, H:i")

    def days_until(self, at: datetime) -> str:
        today = clock.to_wall(clock.now(), self.zone).date()
        days = (clock.to_wall(at, self.zone).date() - today).days
        return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def message(concerns: Sequence[Concern], reader: Reader) -> Message:
    """`concerns`: one of each connection, the worst first."""
    if len(concerns) == 1:
        return _one(concerns[0], reader)
    return _many(concerns, reader)


# One


def _one(concern: Concern, reader: Reader) -> Message:
    slot, kind = slot_of(concern.connection.profile), Concern.Kind(concern.kind)
    title, parts = _WORDS[kind](slot, reader)
    verb = _verb(slot, kind)
    return Message(
        code=f"connection.{kind}",
        title=title,
        text="\n\n".join(part for part in parts if part),
        path=_journey(slot, verb) if _has_journey(slot, kind) else _page(slot),
        button=f"{verb} {slot.label}"[:80],
    )


def _broken(slot: Slot, reader: Reader) -> tuple[str, list[str]]:
    connection = _connection(slot)
    gaps = "\n".join(f"- {gap.name}: {gap.consequence}" for gap in slot.gaps)
    lacks = _lacks(connection)
    need = "lacks a permission" if lacks else "needs a new sign-in"
    parts = [connection.cause, gaps if lacks else "", _steps(slot, Concern.Kind.BROKEN)]
    return f"{_who(slot)} {need}", [*parts, *_posts(reader, connection)]


def _ending(slot: Slot, reader: Reader) -> tuple[str, list[str]]:
    connection = _connection(slot)
    ends = connection.ends_at
    assert ends is not None, "only those that end are told of it"
    when = reader.days_until(ends)
    why = TRIED if slot.renews_itself else CANT.format(name=slot.adapter.name)
    what = f"The sign-in runs out on {reader.day(ends)}, {when}. {why}"
    title = f"{_who(slot)}: the sign-in ends {when}"
    return title, [what, _steps(slot, Concern.Kind.ENDING), *_posts(reader, connection)]


def _quiet(slot: Slot, reader: Reader) -> tuple[str, list[str]]:
    connection = _connection(slot)
    since = quiet_since(connection)
    assert since is not None, "only those that were connected are quiet"
    last = connection.profile.last_published_at
    what = "Nothing was published since" if last else "Nothing was published yet;"
    day = (
        f"{reader.day(since)}." if last else f"it was connected on {reader.day(since)}."
    )
    title = f"{_who(slot)}: nothing published for five weeks"
    return title, [f"{what} {day}", SIX_WEEKS]


_WORDS = {
    Concern.Kind.BROKEN: _broken,
    Concern.Kind.ENDING: _ending,
    Concern.Kind.QUIET: _quiet,
}


def _steps(slot: Slot, kind: Concern.Kind) -> str:
    """R-D4: clear steps, and what its app needs where a bot is used."""
    if slot.in_chat:
        return slot.help
    verb = _verb(slot, kind).removesuffix(" of")
    return (
        f"What to do: press “{verb}”, sign in to {slot.adapter.name} as {slot.label}, "
        "and leave every permission switched on."
    )


def _posts(reader: Reader, connection: Connection) -> list[str]:
    danger = reader.danger(connection)
    if not danger.count:
        return [SAFE]
    lines = [f"- {reader.time(each.at)}: {each.text}" for each in danger.first]
    if danger.more:
        lines.append(f"- and {danger.more} more")
    head = f"{_endangered(danger.count)}:\n"
    return [head + "\n".join(lines), f"{KEPT} {_zone(reader)}"]


# Many


def _many(concerns: Sequence[Concern], reader: Reader) -> Message:
    broken = {concern.kind for concern in concerns} == {Concern.Kind.BROKEN}
    lacking = any(_lacks(concern.connection) for concern in concerns)
    needs = "need a new sign-in" if broken and not lacking else "need you"
    causes = {concern.connection.cause for concern in concerns}
    shared = causes.pop() if broken and len(causes) == 1 else ""
    lines = [_line(concern, reader, shared) for concern in concerns[:LINES]]
    if len(concerns) > LINES:
        lines.append(f"- and {len(concerns) - LINES} more")
    count = sum(reader.danger(concern.connection).count for concern in concerns)
    posts = f"{_endangered(count)}. {KEPT} {_zone(reader)}" if count else ""
    first = concerns[0].connection.profile
    parts = [LIKE_ALL.format(cause=shared) if shared else "", "\n".join(lines), posts]
    return Message(
        code="connection.many",
        title=f"{len(concerns)} profiles {needs}",
        text="\n\n".join(part for part in parts if part),
        path=reverse("profiles:settings", kwargs={"group_id": first.group_id}),
        button="See the profiles",
    )


def _line(concern: Concern, reader: Reader, shared: str) -> str:
    connection = concern.connection
    slot = slot_of(connection.profile)
    words = f"- {_who(slot)} ({connection.profile.group.name})"
    if not shared:
        words += f": {_in_short(concern, reader)}"
    danger = reader.danger(connection)
    if not danger.count:
        return words
    noun = "post" if danger.count == 1 else "posts"
    end = "" if words.endswith(".") else ":" if shared else "."
    return f"{words}{end} {danger.count} {noun}, next {reader.time(danger.first[0].at)}"


def _in_short(concern: Concern, reader: Reader) -> str:
    connection = concern.connection
    if concern.kind == Concern.Kind.ENDING and connection.ends_at is not None:
        return f"the sign-in ends {reader.days_until(connection.ends_at)}."
    if concern.kind == Concern.Kind.QUIET:
        return "nothing was published for five weeks."
    return connection.cause


# Of both


def _endangered(count: int) -> str:
    one = count == 1
    posts = "1 scheduled post is" if one else f"{count} scheduled posts are"
    return f"{posts} in danger"


def _zone(reader: Reader) -> str:
    return f"Times as in {reader.zone.replace('_', ' ')}."


def _who(slot: Slot) -> str:
    return f"{slot.label} on {slot.adapter.name}"


def _verb(slot: Slot, kind: Concern.Kind) -> str:
    """What the button does."""
    if not _has_journey(slot, kind):
        return "Open"
    review = kind == Concern.Kind.BROKEN and _lacks(_connection(slot))
    return REVIEW if review else REFRESH


def _has_journey(slot: Slot, kind: Concern.Kind) -> bool:
    """Quiet ones need none, and what a bot may do is changed in its app."""
    return kind != Concern.Kind.QUIET and not slot.in_chat


def _journey(slot: Slot, verb: str) -> str:
    """Straight to where the sign-in begins, for this profile."""
    profile = _connection(slot).profile
    place = {"group_id": profile.group_id, "platform": slot.platform}
    query = {"profile": str(profile.pk)} | ({"again": "1"} if verb == REVIEW else {})
    return f"{reverse('profiles:connect', kwargs=place)}?{urlencode(query)}"


def _page(slot: Slot) -> str:
    profile = _connection(slot).profile
    page = reverse("profiles:settings", kwargs={"group_id": profile.group_id})
    return f"{page}#profile-{profile.pk}"


def _lacks(connection: Connection) -> bool:
    return connection.state == ConnectionState.PERMISSIONS_MISSING


def _connection(slot: Slot) -> Connection:
    assert slot.connection is not None, "a concern is about a filled slot"
    return slot.connection
