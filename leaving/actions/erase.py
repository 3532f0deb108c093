"""What is left of a deletion goes, in batches, until nothing is (R-I3).

A batch locks its own rows, for milliseconds. What is done stands in the rows: a run
that was cut off is gone on with by the next, and two at once only share the work.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from accounts.models import AccessGroup
from billing.actions.forget import forget
from core import clock
from core.holdings import Batches, Holding, holdings
from core.queue import enqueue
from leaving.actions.files import delete_files, sweep_folders
from leaving.models import Deletion
from profiles.actions.put_away import put_away
from scheduling.actions.call_back import call_back

log = structlog.get_logger(__name__)

# A message is redelivered after a while, and others wait: go on with another one.
SLICE_S = 20.0
LEASE = timedelta(minutes=2)


def open_deletions() -> QuerySet[Deletion]:
    return Deletion.objects.filter(done_at=None).order_by("cleared_at")


def go_on() -> int:
    """Each minute from the beat: messages for what is open; how many."""
    waiting = open_deletions().exclude(lease_until__gt=clock.now())
    ids = list(waiting.values_list("pk", flat=True)[:100])
    for pk in ids:
        enqueue("leaving.erase", str(pk))
    return len(ids)


def erase(deletion_id: UUID | str, *, slice_s: float = SLICE_S) -> bool:
    """Work on it for a while; whether all is gone."""
    deletion = _take(deletion_id)
    if deletion is None:
        return False
    ends = time.monotonic() + slice_s
    gone, more = _erase(deletion, ends)
    _give_back(deletion, done=gone)
    if more:
        enqueue("leaving.erase", str(deletion.pk))
    return gone


def _take(deletion_id: UUID | str) -> Deletion | None:
    now = clock.now()
    free = open_deletions().filter(pk=deletion_id)
    taken = free.filter(Q(lease_until=None) | Q(lease_until__lte=now))
    if not taken.update(lease_until=now + LEASE):
        return None
    return Deletion.objects.get(pk=deletion_id)


def _give_back(deletion: Deletion, *, done: bool) -> None:
    deletion.lease_until = None
    deletion.done_at = clock.now() if done else None
    deletion.save(update_fields=["lease_until", "done_at", "gone"])
    if done:
        log.info("deletion.done", code=deletion.code, gone=deletion.gone)


def _erase(deletion: Deletion, ends: float) -> tuple[bool, bool]:
    """Whether all is gone, and if not, whether there is more to do right now."""
    account_id = deletion.subject
    call_back(account_id)
    forget(account_id)
    while put_away(account_id):
        if time.monotonic() > ends:
            return False, True
    for holding in batched():
        if holding.model is AccessGroup:
            sweep_folders(account_id)
        while _batch(holding, account_id, deletion):
            if time.monotonic() > ends:
                return False, True
        if _of(holding, account_id).exists():
            # Somebody else must be told first: a platform, or who takes the payments.
            # The beat comes back.
            return False, False
    return True, False


def batched() -> list[Holding]:
    """What stands on others first: apps from above to below."""
    return [each for each in reversed(holdings()) if each.batches and each.account]


def _of(holding: Holding, account_id: UUID) -> QuerySet[Any]:
    rows = holding.model._default_manager.filter(**{holding.account: account_id})
    return rows.order_by()


def _batch(holding: Holding, account_id: UUID, deletion: Deletion) -> int:
    assert holding.batches
    rows = _of(holding, account_id)
    if holding.batches.ready is not None:
        rows = rows.filter(holding.batches.ready)
    ids = list(rows.values_list("pk", flat=True)[: holding.batches.size])
    if ids:
        _count(deletion, delete_rows(holding.model, ids, holding.batches))
    return len(ids)


def delete_rows(model: type[Model], ids: Iterable[Any], batches: Batches) -> Any:
    """Rows by model's label. Their files go first: a row that is left over says where
    they were, a file that is left over says nothing."""
    with transaction.atomic():
        rows = model._default_manager.filter(pk__in=list(ids)).order_by("pk")
        found = list(rows.select_for_update(of=("self",)))
        delete_files(found, batches.files)
        return model._default_manager.filter(pk__in=[r.pk for r in found]).delete()[1]


def _count(deletion: Deletion, counts: dict[str, int]) -> None:
    """And show that somebody is at it."""
    names = {
        each.model._meta.label: each.section.name for each in holdings() if each.section
    }
    for label, count in counts.items():
        if name := names.get(label):
            deletion.gone[name] = deletion.gone.get(name, 0) + count
    deletion.lease_until = clock.now() + LEASE
    deletion.save(update_fields=["gone", "lease_until"])
