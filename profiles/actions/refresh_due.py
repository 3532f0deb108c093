"""Refresh ahead of expiry (R-D3): find what is due, send a hint for each."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from core import clock
from core.queue import enqueue
from platforms import registry
from profiles.models import Connection
from profiles.states import LIVE

# Of one tick: what an outage left over goes out over minutes, those due longest first.
BATCH = 100
# A hint that got lost is sent again after this long.
TAKEN_FOR = timedelta(minutes=15)


def due() -> QuerySet[Connection]:
    """Of the registered platforms only: a row may outlive its adapter."""
    rows = Connection.objects.filter(refresh_at__lte=clock.now(), state__in=LIVE)
    return rows.filter(profile__platform__in=registry.keys())


@transaction.atomic
def refresh_due() -> int:
    """Claim due connections and enqueue `profiles.refresh` for each; how many.

    A second tick at the same time finds others, or none.
    """
    rows = due().order_by("refresh_at")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(of=("self",), skip_locked=True)
    found: list[UUID] = list(rows.values_list("pk", flat=True)[:BATCH])
    if found:
        taken = Connection.objects.filter(pk__in=found)
        taken.update(refresh_at=clock.now() + TAKEN_FOR)
    for pk in found:
        enqueue("profiles.refresh", str(pk))
    return len(found)
