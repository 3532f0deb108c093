"""Stops as pages and the API tell them: in words, in a group's own time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.models import AccessGroup, User
from scheduling import resuming, stops, times
from scheduling.models import Stop

Counts = Counter[UUID]


@dataclass(frozen=True)
class StopCard:
    """`held` counts the posts of this group only; `mine`: the viewer may lift it."""

    stop: Stop
    where: str
    who: str
    since: str
    until: str
    plan: str
    held: int
    mine: bool = False
    over: str = ""


@dataclass(frozen=True)
class StopsPage:
    current: list[StopCard]
    over: list[StopCard]


def of_group(group: AccessGroup, *, owner: bool, allowed: bool) -> StopsPage:
    current, over = stops.of_group(group)
    held = held_counts(group) if current else Counter()
    return StopsPage(
        [_card(s, group, held, allowed and may_lift(s, owner)) for s in current],
        [_card(s, group, Counter()) for s in over],
    )


def in_force(group: AccessGroup, viewer: User, allowed: bool) -> list[StopCard]:
    """For a banner: one query without a stop, which is as good as always."""
    found = stops.in_force(group)
    if not found:
        return []
    held = held_counts(group)
    owner = group.account.owner_id == viewer.pk
    return [_card(s, group, held, allowed and may_lift(s, owner)) for s in found]


def may_lift(stop: Stop, owner: bool) -> bool:
    return owner or stop.group_id is not None


def card_of(stop: Stop, group: AccessGroup) -> StopCard:
    return _card(stop, group, held_counts(group))


def held_counts(group: AccessGroup) -> Counts:
    """How many posts of the group a stop holds, by profile; one query."""
    rows = stops.held_anywhere().filter(post__group=group)
    return Counter(rows.values_list("profile_id", flat=True))


def _card(stop: Stop, group: AccessGroup, held: Counts, mine: bool = False) -> StopCard:
    zone = group.timezone
    count = held[stop.profile_id] if stop.profile_id else held.total()
    return StopCard(
        stop=stop,
        where=stops.reach_words(stop),
        who=stops.who(stop),
        since=times.words(stop.set_at, zone),
        until=stops.until_words(stop, zone),
        plan=resuming.words(stop.plan, stop.spacing_min) if stop.until else "",
        held=count,
        mine=mine,
        over=_over(stop, zone),
    )


def _over(stop: Stop, zone: str) -> str:
    if stop.lifted_at is None:
        return ""
    by = f"lifted by {stop.lifted_by}" if stop.lifted_by else "ended by itself"
    return f"{by}, {times.words(stop.lifted_at, zone)}"


def as_json(cards: Iterable[StopCard]) -> list[dict[str, Any]]:
    return [_json(card) for card in cards]


def _json(card: StopCard) -> dict[str, Any]:
    stop = card.stop
    reach = "profile" if stop.profile_id else "group" if stop.group_id else "account"
    return {
        "id": str(stop.pk),
        "reach": reach,
        "profile_id": str(stop.profile_id) if stop.profile_id else None,
        "reason": stop.reason,
        "set_by": card.who,
        "set_at": stop.set_at,
        "until": stop.until,
        "plan": stop.plan,
        "spacing_min": stop.spacing_min,
        "lifted_at": stop.lifted_at,
        "lifted_by": str(stop.lifted_by) if stop.lifted_by else None,
        "held": card.held,
    }
