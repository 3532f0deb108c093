"""The tick: take lapsed leases back, claim what is due. Costs what is due, not stored.

A claim is one bulk statement that raises `fence`; who holds an older fence can't
write any more. PostgreSQL skips rows that another tick has locked; SQLite lets one
writer in at a time, and the conditional UPDATE holds on both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from core import clock
from publishing.actions.reap import reap
from publishing.actions.room import Room, room
from scheduling.models import Target
from scheduling.states import OPEN_ENDS, TargetState

# How deep a crowd is looked through for those whose turn it is.
DEPTH = 10_000

Claim = tuple[str, int]
Candidates = list[tuple[UUID, str]]


@dataclass(frozen=True)
class Claimed:
    """Ids with the fence they were claimed under. `crowded`: more is due than taken."""

    to_publish: list[Claim]
    to_settle: list[Claim]
    crowded: bool = False
    workers: int = 1


def tick(own_slots: int = 0) -> Claimed:
    """`own_slots`: of the worker that ticks, whether it was seen already or not."""
    reap()
    return claim(own_slots)


def claim(own_slots: int = 0) -> Claimed:
    found = room(own_slots)
    to_publish = claim_due(found)
    to_settle = claim_open_ends(found)
    return Claimed(to_publish, to_settle, bool(found.full()), found.workers)


def next_due_in(most_s: float) -> float | None:
    """Seconds until the next post falls due; None if none does in that time."""
    now = clock.now()
    rows = Target.objects.filter(
        state=TargetState.SCHEDULED,
        next_at__gt=now,
        next_at__lte=now + timedelta(seconds=most_s),
    )
    at = rows.order_by("next_at").values_list("next_at", flat=True).first()
    return None if at is None else (at - now).total_seconds()


def claim_due(free: Room) -> list[Claim]:
    """`scheduled` whose time has come become `claimed`."""
    due = Q(state=TargetState.SCHEDULED, next_at__lte=clock.now())
    return _claim(due, free, state=TargetState.CLAIMED, lease_until=_lease_end())


def claim_open_ends(free: Room) -> list[Claim]:
    """What was sent and must be asked for. The state stays; `next_at` moves on.

    A worker that dies meanwhile costs one lease: then the row is due again.
    """
    due = Q(state__in=OPEN_ENDS, next_at__lte=clock.now())
    return _claim(due, free, next_at=_lease_end(), lease_until=_lease_end())


def _lease_end() -> object:
    return clock.seconds_from_now(settings.PUBLISH_LEASE_S)


def _claim(due: Q, free: Room, **columns: object) -> list[Claim]:
    most = min(free.free, settings.PUBLISH_BATCH)
    if not most:
        return []
    found = _candidates(due, free.full(), most)
    return _take([pk for pk, platform in found if free.take(platform)], due, columns)


def _candidates(due: Q, full: list[str], most: int) -> Candidates:
    """All when they are few; of a crowd, each account's first before any's second."""
    rows = Target.objects.filter(due)
    if full:
        rows = rows.exclude(profile__platform__in=full)
    first = rows.order_by("next_at")
    found = list(first.values_list("pk", "profile__platform")[: most + 1])
    if len(found) <= most:
        return found
    turn = Window(
        RowNumber(), partition_by=F("profile__group__account"), order_by="due_at"
    )
    crowd = Target.objects.filter(pk__in=first.values("pk")[:DEPTH])
    in_turn = crowd.annotate(turn=turn).order_by("turn", "due_at")
    return list(in_turn.values_list("pk", "profile__platform")[:most])


@transaction.atomic
def _take(ids: Iterable[UUID], due: Q, columns: dict[str, object]) -> list[Claim]:
    rows = Target.objects.filter(due, pk__in=ids)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    found = list(rows.values_list("pk", "fence"))
    if not found:
        return []
    taken = Target.objects.filter(due, pk__in=[pk for pk, _ in found])
    taken.update(fence=F("fence") + 1, **columns)
    return [(str(pk), fence + 1) for pk, fence in found]
