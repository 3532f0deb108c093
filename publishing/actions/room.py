"""How much the living workers can still take, and how much of it each platform may.

A slow platform must not fill all threads: each may hold three quarters of what the
others leave, so that something is left for the next one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Count, Sum

from core import clock
from publishing.models import Heartbeat
from scheduling.models import Target

SHARE = 0.75


@dataclass
class Room:
    """`slots` of all workers; `held` counts what they have in hand, by platform."""

    slots: int
    held: Counter[str] = field(default_factory=Counter)
    workers: int = 1

    @property
    def free(self) -> int:
        return max(0, self.slots - self.held.total())

    def free_for(self, platform: str) -> int:
        """At least one at a time, whatever the others hold."""
        others = self.held.total() - self.held[platform]
        share = max(1, int((self.slots - others) * SHARE))
        return max(0, share - self.held[platform])

    def full(self) -> list[str]:
        """Those that may take no more for now, while more of theirs may be due."""
        return [name for name in self.held if not self.free or not self.free_for(name)]

    def take(self, platform: str) -> bool:
        if not self.free or not self.free_for(platform):
            return False
        self.held[platform] += 1
        return True


def room(own_slots: int = 0) -> Room:
    """As it is now. Who asks without a worker gets one batch on trust."""
    slots, workers = _slots()
    slots = max(slots, own_slots)
    if not slots:
        return Room(settings.PUBLISH_BATCH)
    leased = Target.objects.filter(lease_until__gt=clock.now())
    held = leased.values_list("profile__platform").annotate(Count("pk")).order_by()
    return Room(slots, Counter(dict(held)), workers)


def _slots() -> tuple[int, int]:
    """Of all workers that publish, and how many they are."""
    alive = clock.seconds_from_now(-settings.HEARTBEAT_MAX_AGE_S)
    rows = Heartbeat.objects.filter(
        name__startswith="worker:", seen_at__gt=alive, slots__gt=0
    )
    found = rows.aggregate(total=Sum("slots"), workers=Count("pk"))
    return found["total"] or 0, found["workers"]
