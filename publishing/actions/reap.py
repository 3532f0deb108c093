"""Lapsed leases: what was not sent goes back, what may have been is asked for."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from core import clock
from publishing import metrics
from publishing.actions.notices import tell
from publishing.models import Attempt, Outcome, Step
from scheduling.models import Target
from scheduling.states import OPEN_ENDS, TargetState

MAX_TRIES = 8
LAPSED = "lease_lapsed"
NEEDS_CHECK = {
    "reason_code": "needs_check",
    "reason": "Asking the platform about this post failed several times. Look at the "
    "profile, then say here whether it is out.",
}


def reap() -> None:
    now = clock.now()
    lapsed = Target.objects.filter(lease_until__lt=now)
    _reap_claimed(lapsed.filter(state=TargetState.CLAIMED))
    _reap_sending(lapsed.filter(state=TargetState.SENDING))
    _reap_asking(lapsed.filter(state__in=OPEN_ENDS))


def _reap_claimed(rows: QuerySet[Target]) -> None:
    for target in rows.order_by("lease_until")[: settings.PUBLISH_BATCH]:
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
        columns = {
            "state": TargetState.SCHEDULED,
            "next_at": clock.now() + _apart(target.tries),
        }
    _take_from_dead_worker(
        target, "The worker stopped before sending. Nothing was lost.", columns
    )


def _apart(tries: int) -> timedelta:
    """Growing and uneven, so that a row that kills loses those that died with it."""
    if tries == 0:
        return timedelta()
    share = 0.5 + secrets.randbelow(1_000) / 2_000
    return timedelta(seconds=min(60, 2**tries) * share)


def _reap_sending(rows: QuerySet[Target]) -> None:
    for target in rows.order_by("lease_until")[: settings.PUBLISH_BATCH]:
        with transaction.atomic():
            _take_from_dead_worker(
                target,
                "The worker stopped while sending. Asking the platform what happened.",
                {"state": TargetState.UNCONFIRMED, "next_at": clock.now()},
            )


def _reap_asking(rows: QuerySet[Target]) -> None:
    """A question that kills its worker again and again becomes a person's."""
    for target in rows.order_by("lease_until")[: settings.PUBLISH_BATCH]:
        lapses = target.attempts.filter(code=LAPSED).count()
        given_up = lapses + 1 >= MAX_TRIES
        columns: dict[str, object] = {"next_at": clock.now() + _apart(lapses)}
        if given_up:
            columns = {"next_at": None}
        if given_up and target.state != TargetState.PUBLISHED:
            columns |= {"state": TargetState.UNCONFIRMED, **NEEDS_CHECK}
        with transaction.atomic():
            _take_from_dead_worker(
                target, "The worker stopped while asking. It is asked again.", columns
            )


def _take_from_dead_worker(
    target: Target, message: str, columns: dict[str, object]
) -> None:
    taken = Target.objects.filter(
        pk=target.pk, state=target.state, fence=target.fence
    ).update(fence=F("fence") + 1, tries=F("tries") + 1, lease_until=None, **columns)
    if taken:
        metrics.reaped(target.state)
        Attempt.objects.create(
            target=target,
            fence=target.fence,
            step=Step.REAP,
            outcome=Outcome.RETRY,
            code=LAPSED,
            message=message,
        )
        for name, value in columns.items():
            setattr(target, name, value)
        tell(target)
