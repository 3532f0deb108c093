"""Going no faster than a platform takes it: a place is taken before each sending.

A pause lets nobody through, so this is a table of its own: exact windows, counted under
a lock by whoever sends. Who finds no place gets a time to come back at, each another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from core import clock
from platforms.adapter import Adapter
from platforms.limits import Pace
from platforms.types import Draft
from publishing import models
from publishing.actions.pauses import APP
from scheduling.models import Target


@dataclass(frozen=True)
class Turn:
    """When to come back, and why in a sentence."""

    at: datetime
    reason: str


def take(adapter: Adapter, target: Target, draft: Draft) -> Turn | None:
    """None: there is room in each window, and this post's share of it is taken."""
    paces = {_scope(pace, target): pace for pace in adapter.paces()}
    if not paces:
        return None
    return _take(adapter, paces, adapter.messages(draft))


@transaction.atomic
def _take(adapter: Adapter, paces: dict[str, Pace], count: int) -> Turn | None:
    rows, now = _locked(adapter.key, sorted(paces)), clock.now()
    turns = []
    for row in rows:
        pace = paces[row.scope]
        _forget(row, pace, now)
        free_at = _free_at(row, pace, count)
        if free_at is not None:
            turns.append(Turn(_book(row, pace, count, free_at), _why(adapter, pace)))
    if not turns:
        for row in rows:
            row.sent.append([now.timestamp(), count])
    models.Pace.objects.bulk_update(rows, ["sent", "booked_until"])
    return max(turns, key=lambda turn: turn.at, default=None)


def _scope(pace: Pace, target: Target) -> str:
    name = APP if pace.scope == APP else str(target.profile_id)
    return f"{name}:{pace.seconds:g}"


def _locked(platform: str, scopes: list[str]) -> list[models.Pace]:
    """All of them, in one order for everybody."""
    wanted = models.Pace.objects.select_for_update().order_by("scope")
    wanted = wanted.filter(platform=platform, scope__in=scopes)
    found = list(wanted)
    if len(found) == len(scopes):
        return found
    new = [models.Pace(platform=platform, scope=scope) for scope in scopes]
    models.Pace.objects.bulk_create(new, ignore_conflicts=True)
    return list(wanted.all())


def _forget(row: models.Pace, pace: Pace, now: datetime) -> None:
    """What has left the window."""
    begins = now.timestamp() - pace.seconds
    row.sent = [[at, count] for at, count in row.sent if at > begins]


def _free_at(row: models.Pace, pace: Pace, count: int) -> datetime | None:
    """When there is room for so many; None: now. An empty window takes any number."""
    used = sum(messages for _, messages in row.sent)
    left = None
    for at, messages in sorted(row.sent):
        if used + count <= pace.messages:
            break
        used, left = used - messages, at
    if left is None:
        return None
    return datetime.fromtimestamp(left + pace.seconds, tz=UTC)


def _book(row: models.Pace, pace: Pace, count: int, free_at: datetime) -> datetime:
    """After all who wait already, so that not everybody comes at once."""
    at = max(free_at, row.booked_until or free_at)
    row.booked_until = at + timedelta(seconds=pace.seconds * count / pace.messages)
    return at


def _why(adapter: Adapter, pace: Pace) -> str:
    span = "a second" if pace.seconds == 1 else f"{pace.seconds:g} seconds"
    whose = "in all" if pace.scope == APP else "for one profile"
    return (
        f"{adapter.name} takes {pace.messages} messages in {span} {whose}, so this one "
        "waits for its turn."
    )
