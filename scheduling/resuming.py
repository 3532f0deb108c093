"""When what stood still goes on: the times that a plan means (R-D6, R-F10).

Reads only; `actions.resume` and `actions.stop` carry it out.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from core import clock
from core.errors import DomainError
from scheduling import times
from scheduling.models import ResumePlan, Target
from scheduling.states import IN_FLIGHT, ON_HOLD, TargetState

HALF_HOUR = timedelta(minutes=30)
SPACING_MIN = 15
MOST_SPACING_MIN = 1_440
# A person may let these go on, one by one; those on hold all at once, too.
RESUMABLE = ON_HOLD | {TargetState.FAILED}
TAKEN = IN_FLIGHT | {TargetState.SCHEDULED}

Busy = dict[UUID, list[datetime]]


def problems(plan: str, spacing_min: int, allowed: Iterable[str]) -> list[DomainError]:
    found = []
    if plan not in set(allowed):
        message = "Choose how the posts go on."
        found.append(DomainError("plan", message, field="plan"))
    if not 1 <= spacing_min <= MOST_SPACING_MIN:
        message = f"Write whole minutes, from 1 to {MOST_SPACING_MIN} (a day)."
        found.append(DomainError("spacing_min", message, field="spacing_min"))
    return found


def busy(profile_ids: Iterable[UUID]) -> Busy:
    """One query: when each profile has a post, from half an hour ago on."""
    since = clock.now() - HALF_HOUR
    rows = Target.objects.filter(profile__in=list(profile_ids))
    waiting = rows.filter(state__in=TAKEN, due_at__gte=since)
    out = rows.filter(state=TargetState.PUBLISHED, published_at__gte=since)
    found: Busy = defaultdict(list)
    times_of: Any = waiting.values_list("profile_id", "due_at").union(
        out.values_list("profile_id", "published_at"), all=True
    )
    for profile, at in times_of:
        found[profile].append(at)
    for taken in found.values():
        taken.sort()
    return found


def next_free(taken: list[datetime], zone: str) -> datetime:
    """The next half hour, by the wall, with no other post within 30 minutes."""
    at = next_half_hour(zone)
    while _crowded(taken, at):
        at += HALF_HOUR
    return at


def next_half_hour(zone: str) -> datetime:
    """Ahead by a minute at least: a worker shall find it scheduled."""
    now = clock.now() + timedelta(minutes=1)
    wall = clock.to_wall(now, zone)
    past = timedelta(
        minutes=wall.minute % 30, seconds=wall.second, microseconds=wall.microsecond
    )
    return now - past + HALF_HOUR if past else now


def _crowded(taken: list[datetime], at: datetime) -> bool:
    place = bisect_left(taken, at - HALF_HOUR + timedelta(microseconds=1))
    return place < len(taken) and taken[place] < at + HALF_HOUR


def hour_tomorrow(target: Target) -> datetime:
    """The clock time that was chosen, on the next day of its own zone (R-E1)."""
    post = target.post
    zone = post.zone or post.group.timezone
    wall = post.wall_at
    if not wall:
        wall = times.to_wall(post.scheduled_at or target.due_at or clock.now(), zone)
    day = clock.to_wall(clock.now(), zone).date() + timedelta(days=1)
    instant = times.parse(f"{day}T{wall[11:16]}", zone).instant
    assert instant is not None
    return instant


def place(
    targets: Iterable[Target], plan: str, spacing_min: int
) -> list[tuple[Target, datetime]]:
    """A time for each, so that no profile is flooded: its posts stand `spacing_min`
    apart, or half an hour from every other where the next free time is asked for."""
    by_profile: dict[UUID, list[Target]] = defaultdict(list)
    for target in targets:
        by_profile[target.profile_id].append(target)
    if plan == ResumePlan.FREE:
        return _free(by_profile)
    spacing = timedelta(minutes=spacing_min)
    now, found = clock.now(), []
    for rows in by_profile.values():
        tomorrow = plan == ResumePlan.TOMORROW
        wanted = [(hour_tomorrow(t) if tomorrow else now, t) for t in rows]
        found += _apart(sorted(wanted, key=_order), spacing)
    return found


def _order(row: tuple[datetime, Target]) -> tuple[datetime, datetime, UUID]:
    at, target = row
    return at, target.due_at or at, target.pk


def _apart(
    wanted: list[tuple[datetime, Target]], spacing: timedelta
) -> list[tuple[Target, datetime]]:
    placed: list[tuple[Target, datetime]] = []
    for own, target in wanted:
        at = max(own, placed[-1][1] + spacing) if placed else own
        placed.append((target, at))
    return placed


def _free(by_profile: dict[UUID, list[Target]]) -> list[tuple[Target, datetime]]:
    taken = busy(by_profile)
    placed = []
    for profile, rows in by_profile.items():
        for target in sorted(rows, key=lambda t: (t.due_at or clock.now(), t.pk)):
            at = next_free(taken[profile], target.post.group.timezone)
            taken[profile].insert(bisect_left(taken[profile], at), at)
            placed.append((target, at))
    return placed


def words(plan: str, spacing_min: int) -> str:
    """What a plan does to several posts, such as a notice tells it."""
    apart = f"{spacing_min} minute{'' if spacing_min == 1 else 's'} apart"
    return {
        ResumePlan.NOW: f"They go out as soon as possible, {apart} on each profile.",
        ResumePlan.FREE: "Each goes out at its profile's next half hour with no other "
        "post within 30 minutes.",
        ResumePlan.TOMORROW: "They go out tomorrow at the hour they were meant for, "
        f"at least {apart} on each profile.",
        ResumePlan.HOLD: "They stay on hold until somebody chooses when they go out.",
        ResumePlan.DROP: "They are dropped.",
    }[ResumePlan(plan)]
