"""From the clock time a person chose to the instant, and back into words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import clock
from core.errors import DomainError
from scheduling.content import Mode, When

# Between choosing "now" and pressing the button, a minute passes easily.
TOLERANCE = timedelta(seconds=60)
FARTHEST = timedelta(days=731)
WALL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", re.ASCII)
WALL_FORMAT = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True)
class Slot:
    """A resolved time; `note` tells of a clock change. Empty for an undated draft."""

    instant: datetime | None = None
    wall: str = ""
    zone: str = ""
    note: str = ""


def resolve(when: When) -> Slot:
    """Raises DomainError beside `wall_at` or `zone`. Drafts may lie in the past."""
    if not clock.is_zone(when.zone):
        raise DomainError("zone_unknown", "Choose a time zone.", field="zone")
    if when.mode == Mode.NOW:
        return at(clock.now(), when.zone)
    if not when.wall and when.mode == Mode.DRAFT:
        return Slot(zone=when.zone)
    slot = parse(when.wall, when.zone)
    if when.mode == Mode.SCHEDULE:
        require_future(slot)
    return slot


def at(instant: datetime, zone: str) -> Slot:
    return Slot(instant, to_wall(instant, zone), zone)


def to_wall(instant: datetime, zone: str) -> str:
    return clock.to_wall(instant, zone).strftime(WALL_FORMAT)


def parse(wall: str, zone: str) -> Slot:
    """The instant of a clock time, whether past or not."""
    if not wall:
        raise refused("time_missing", "Choose a date and a time.")
    if not WALL.fullmatch(wall):
        raise refused("time_malformed", "Write the time as in 2026-03-05T10:00.")
    try:
        chosen = datetime.fromisoformat(wall)
    except ValueError:
        raise refused("time_malformed", "That date or time doesn't exist.") from None
    # Beyond these years the conversion itself overflows.
    if not 2000 <= chosen.year <= 2200:
        raise refused("time_too_far", "Choose a time within the next two years.")
    instant, ambiguity = clock.to_instant(chosen, zone)
    meant = to_wall(instant, zone)
    return Slot(instant, meant, zone, told(f"{chosen:%H:%M}", meant[-5:], ambiguity))


def told(chosen: str, meant: str, ambiguity: clock.Ambiguity) -> str:
    """What a clock change does to the chosen time (R-E1)."""
    if ambiguity == "gap":
        return (
            f"Clocks go forward then and {chosen} doesn't exist: "
            f"it goes out at {meant}."
        )
    if ambiguity == "overlap":
        return (
            f"Clocks go back then and {chosen} comes twice: it goes out the first time."
        )
    return ""


def require_future(slot: Slot) -> None:
    assert slot.instant is not None
    now = clock.now()
    if slot.instant < now - TOLERANCE:
        raise refused(
            "time_past",
            f"{words(slot.instant, slot.zone)} has passed. Choose a later time "
            "or publish now.",
        )
    if slot.instant > now + FARTHEST:
        raise refused("time_too_far", "Choose a time within the next two years.")


def words(instant: datetime, zone: str) -> str:
    """Such as "Thu 5 Mar, 10:00"; with the year unless it is this one."""
    local = clock.to_wall(instant, zone)
    year = (
        f" {local.year}" if local.year != clock.to_wall(clock.now(), zone).year else ""
    )
    return f"{local:%a} {local.day} {local:%b}{year}, {local:%H:%M}"


def zone_label(zone: str, instant: datetime) -> str:
    """Such as "Europe/Berlin (GMT+1)"; the offset is that of the instant."""
    wall = clock.to_wall(instant, zone)
    minutes = round((wall - clock.to_wall(instant, "UTC")).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    offset = f"{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else ""
    return f"{zone.replace('_', ' ')} (GMT{offset})"


def refused(code: str, message: str) -> DomainError:
    return DomainError(code, message, field="wall_at")
