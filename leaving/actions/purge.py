"""What is older than it is kept goes, each day, in batches without a long lock (R-I3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import structlog
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts import audit
from accounts.former import DOMAIN
from accounts.models import User
from core import clock
from core.holdings import KEPT, Aged, Batches, Holding, holdings
from leaving.actions.erase import delete_rows

log = structlog.get_logger(__name__)

BATCH = Batches(500)


def purge() -> dict[str, int]:
    """All of it; how many rows went, by model. Run twice, the second finds nothing."""
    before = clock.now() - KEPT
    gone = {
        each.model._meta.label: _purge(each, each.aged, before)
        for each in holdings()
        if each.aged
    }
    gone["accounts.AuditEntry"] = audit.purge()
    gone["sessions.Session"] = _until_none(_sessions)
    gone["accounts.User"] = _until_none(_nameless)
    gone = {label: count for label, count in gone.items() if count}
    log.info("purge.done", **gone)
    return gone


def _purge(holding: Holding, aged: Aged, before: datetime) -> int:
    return sum(
        _delete(holding, ids)
        for ids in (_in_order if aged.in_order else _by_moment)(holding, aged, before)
    )


def _delete(holding: Holding, ids: list[Any]) -> int:
    delete_rows(holding.model, ids, holding.batches or BATCH)
    return len(ids)


def _by_moment(holding: Holding, aged: Aged, before: datetime) -> Iterator[list[Any]]:
    rows = holding.model._default_manager.filter(**{f"{aged.column}__lt": before})
    while ids := list(rows.order_by().values_list("pk", flat=True)[: BATCH.size]):
        yield ids


def _in_order(holding: Holding, aged: Aged, before: datetime) -> Iterator[list[Any]]:
    """From the lowest id on, until one is young: no index on the moment is needed."""
    last: Any = 0
    while True:
        rows = holding.model._default_manager.filter(pk__gt=last).order_by("pk")
        found = list(rows.values_list("pk", aged.column)[: BATCH.size])
        old = [pk for pk, at in found if at is not None and at < before]
        if old:
            yield old
        if len(found) < BATCH.size or not old:
            return
        last = found[-1][0]


def _until_none(rows: Callable[[], QuerySet[Any]]) -> int:
    gone = 0
    while ids := list(rows().values_list("pk", flat=True)[: BATCH.size]):
        gone += len(ids)
        rows().model._default_manager.filter(pk__in=ids).delete()
    return gone


def _sessions() -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=clock.now())


def _nameless() -> QuerySet[User]:
    """Rows of former members that nothing tells of any more."""
    told = Q()
    for holding in holdings():
        for lookup in holding.mentions:
            rows = holding.model._default_manager.filter(**{lookup: OuterRef("pk")})
            told |= Q(Exists(rows))
    gone = User.objects.filter(is_active=False, email__endswith=f"@{DOMAIN}")
    return gone.exclude(told).order_by()
