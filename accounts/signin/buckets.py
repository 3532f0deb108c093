"""Counting tries, in the database: sign-in needs it anyway, so nothing else can fail.

A cache that is lost would forget what was counted; one that is away would stop sign-in.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.db import models, transaction

from core import clock

BATCH = 5_000


class Bucket(models.Model):
    """`key` is a hash of what is counted for whom; `ends_at` when it is forgotten."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at}"


@dataclass(frozen=True)
class Limit:
    """`tries` within a window that begins with the first of them."""

    name: str
    tries: int
    window: timedelta


@dataclass(frozen=True)
class Taken:
    """What one try found: `left` more are allowed, the window ends in `wait_s`."""

    key: str
    allowed: bool
    left: int
    wait_s: int

    def give_back(self) -> None:
        """It was no guess: it doesn't count."""
        rows = Bucket.objects.filter(pk=self.key, count__gt=0)
        rows.update(count=models.F("count") - 1)


@transaction.atomic
def take(limit: Limit, whose: str) -> Taken:
    """Count one try before it is made, so that many at once gain nothing."""
    now, key = clock.now(), key_of(limit, whose)
    fresh = {"count": 0, "ends_at": now + limit.window}
    row, _ = Bucket.objects.select_for_update().get_or_create(pk=key, defaults=fresh)
    if row.ends_at <= now:
        row.count, row.ends_at = 0, now + limit.window
    row.count = min(row.count + 1, limit.tries + 1)
    row.save(update_fields=["count", "ends_at"])
    wait = max(1, round((row.ends_at - now).total_seconds()))
    left = max(0, limit.tries - row.count)
    return Taken(key, row.count <= limit.tries, left, wait)


def key_of(limit: Limit, whose: str) -> str:
    return hashlib.sha256(f"{limit.name}|{whose}".encode()).hexdigest()


def purge() -> int:
    """Delete what is over; how many rows went."""
    gone = 0
    while found := _over():
        gone += Bucket.objects.filter(pk__in=found).delete()[0]
    return gone


def _over() -> list[str]:
    rows = Bucket.objects.filter(ends_at__lt=clock.now())
    return list(rows.values_list("pk", flat=True)[:BATCH])
