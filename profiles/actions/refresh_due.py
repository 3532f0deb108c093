"""Refresh ahead of expiry (R-D3): find what is due, send a hint for each."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from core import clock
from core.queue import enqueue
from profiles.models import Connection
from profiles.states import ConnectionState as S

BATCH = 500
# A hint that got lost is sent again after this long.
TAKEN_FOR = timedelta(minutes=15)
REFRESHED = (S.CONNECTED, S.EXPIRING, S.PERMISSIONS_MISSING, S.ENABLE_NEEDED)


def refresh_due() -> int:
    """Claim due connections and enqueue `profiles.refresh` for each; how many."""
    taken = [pk for pk, due_at in _due() if _take(pk, due_at)]
    for pk in taken:
        enqueue("profiles.refresh", str(pk))
    return len(taken)


def _due() -> list[tuple[UUID, datetime | None]]:
    rows = Connection.objects.filter(refresh_at__lte=clock.now(), state__in=REFRESHED)
    return list(rows.order_by("refresh_at").values_list("pk", "refresh_at")[:BATCH])


def _take(pk: UUID, due_at: datetime | None) -> bool:
    """Ours when nobody else moved its time on, which this does."""
    rows = Connection.objects.filter(pk=pk, refresh_at=due_at)
    return rows.update(refresh_at=clock.now() + TAKEN_FOR) == 1
