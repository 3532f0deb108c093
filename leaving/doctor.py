"""The doctor's part on data life: is what must go going?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Model

from core import clock
from core.doctor import Finding, ok, warn
from core.holdings import KEPT, holdings
from leaving.actions.erase import open_deletions
from leaving.actions.export import OPEN
from leaving.models import Export

# Platforms have a day to take our access back.
DELETED_WITHIN = timedelta(days=2)
BEGUN_WITHIN = timedelta(hours=1)
# Purged each hour.
SLACK = timedelta(days=2)


def examine() -> Iterator[Finding]:
    yield _deletions()
    yield _exports()
    yield _purge()


def _deletions() -> Finding:
    late = open_deletions().filter(cleared_at__lt=clock.now() - DELETED_WITHIN).count()
    if not late:
        return ok("deletions", "None is overdue.")
    words = f"{late} deleted accounts still have rows."
    todo = "See the log of the worker for leaving.erase, and whether Stripe answers."
    return warn("deletions", words, todo)


def _exports() -> Finding:
    waiting = Export.objects.filter(
        status__in=OPEN, asked_at__lt=clock.now() - BEGUN_WITHIN, lease_until=None
    ).count()
    if not waiting:
        return ok("exports", "None waits for a worker.")
    words = f"{waiting} exports wait for more than an hour."
    return warn("exports", words, "Start a worker for the queue media.")


def _oldest_is_before(model: type[Model], column: str, before: datetime) -> bool:
    rows = model._default_manager.order_by("pk").values_list(column, flat=True)
    oldest = rows.first()
    return oldest is not None and oldest < before


def _purge() -> Finding:
    """The oldest row of each log tells whether it was shortened."""
    before = clock.now() - KEPT - SLACK
    old = [
        each.model._meta.verbose_name_plural
        for each in holdings()
        if each.aged
        and each.aged.in_order
        and _oldest_is_before(each.model, each.aged.column, before)
    ]
    if not old:
        return ok("purge", f"No log is older than {KEPT.days} days.")
    words = f"Older than {KEPT.days} days: {', '.join(map(str, old))}."
    return warn("purge", words, "See that beat runs, and the log for leaving.purge.")
