"""The tick: take lapsed leases back, claim what is due. Costs what is due, not stored.

A claim is one bulk statement that raises `fence`; who holds an older fence can't
write any more. PostgreSQL skips rows that another tick has locked; SQLite lets one
writer in at a time, and the conditional UPDATE holds on both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q

from core import clock
from publishing.models import Attempt, Outcome, Step
from scheduling.models import Target
from scheduling.states import OPEN_ENDS, TargetState

MAX_TRIES = 8

Claim = tuple[str, int]


@dataclass(frozen=True)
class Claimed:
    """Ids with the fence they were claimed under."""

    to_publish: list[Claim]
    to_settle: list[Claim]


def tick() -> Claimed:
    reap()
    return Claimed(claim_due(), claim_open_ends())


def claim_due() -> list[Claim]:
    """`scheduled` whose time has come, oldest first, become `claimed`."""
    due = Q(state=TargetState.SCHEDULED, next_at__lte=clock.now())
    return _claim(
        due,
        state=TargetState.CLAIMED,
        lease_until=_lease_end(),
    )


def claim_open_ends() -> list[Claim]:
    """What was sent and must be asked for. The state stays; `next_at` moves on.

    A worker that dies meanwhile costs one lease: then the row is due again.
    """
    due = Q(state__in=OPEN_ENDS, next_at__lte=clock.now())
    return _claim(due, next_at=_lease_end())


def _lease_end() -> object:
    return clock.seconds_from_now(settings.PUBLISH_LEASE_S)


@transaction.atomic
def _claim(due: Q, **columns: object) -> list[Claim]:
    rows = Target.objects.filter(due).order_by("next_at")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    found = list(rows.values_list("pk", "fence")[: settings.PUBLISH_BATCH])
    if not found:
        return []
    ids = [pk for pk, _ in found]
    Target.objects.filter(due, pk__in=ids).update(fence=F("fence") + 1, **columns)
    return [(str(pk), fence + 1) for pk, fence in found]


def reap() -> None:
    """Lapsed leases: what was not sent goes back, what may have been is asked for."""
    now = clock.now()
    lapsed = Target.objects.filter(lease_until__lt=now)
    _reap_claimed(lapsed.filter(state=TargetState.CLAIMED))
    _reap_sending(lapsed.filter(state=TargetState.SENDING))


def _reap_claimed(rows: object) -> None:
    for target in rows.order_by("lease_until")[: settings.PUBLISH_BATCH]:  # type: ignore[attr-defined]
        with transaction.atomic():
            _give_back(target)


def _give_back(target: Target) -> None:
    """A row that kills its worker again and again ends as failed, not as a loop."""
    if target.tries + 1 >= MAX_TRIES:
        columns: dict[str, object] = {
            "state": TargetState.FAILED,
            "next_at": None,
            "reason_code": "worker_lost",
            "reason": "Preparing this post failed several times. Nothing was sent.",
        }
    else:
        wait = timedelta(seconds=min(60, 2**target.tries) if target.tries else 0)
        columns = {"state": TargetState.SCHEDULED, "next_at": clock.now() + wait}
    _take_from_dead_worker(
        target, "The worker stopped before sending. Nothing was lost.", columns
    )


def _reap_sending(rows: object) -> None:
    for target in rows.order_by("lease_until")[: settings.PUBLISH_BATCH]:  # type: ignore[attr-defined]
        with transaction.atomic():
            _take_from_dead_worker(
                target,
                "The worker stopped while sending. Asking the platform what happened.",
                {"state": TargetState.UNCONFIRMED, "next_at": clock.now()},
            )


def _take_from_dead_worker(
    target: Target, message: str, columns: dict[str, object]
) -> None:
    taken = Target.objects.filter(
        pk=target.pk, state=target.state, fence=target.fence
    ).update(fence=F("fence") + 1, tries=F("tries") + 1, lease_until=None, **columns)
    if taken:
        Attempt.objects.create(
            target=target,
            fence=target.fence,
            step=Step.REAP,
            outcome=Outcome.RETRY,
            code="lease_lapsed",
            message=message,
        )
