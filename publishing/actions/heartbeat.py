"""Signs of life of the publisher, read by /health/worker and by the tick."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from core import clock, timekeeper
from publishing.models import Heartbeat


def beat(name: str, slots: int = 0) -> None:
    """`slots`: how many publications this worker can have in hand at once."""
    ahead_ms = round(timekeeper.ahead().total_seconds() * 1000)
    seen = {"seen_at": clock.now(), "slots": slots, "ahead_ms": ahead_ms}
    Heartbeat.objects.update_or_create(name=name, defaults=seen)


def take_turn(name: str, *, each_s: float) -> bool:
    """A sign of life, unless one was given a moment ago: then it isn't our turn.

    Messages that piled up, or that two beats sent, cost one statement each.
    """
    now = clock.now()
    moment_ago = now - timedelta(seconds=each_s)
    # One that lies ahead was written under a clock that has been set back since.
    stale = Q(seen_at__lt=moment_ago) | Q(seen_at__gt=now + timedelta(seconds=each_s))
    if Heartbeat.objects.filter(stale, name=name).update(seen_at=now):
        return True
    _, first = Heartbeat.objects.get_or_create(name=name, defaults={"seen_at": now})
    return first


def give_up_slots(name: str) -> None:
    Heartbeat.objects.filter(name=name).update(slots=0)


def leave(name: str) -> None:
    Heartbeat.objects.filter(name=name).delete()


def forget_gone() -> None:
    """Containers get a new name with each start: those of yesterday are no news."""
    yesterday = clock.now() - timedelta(days=1)
    gone = Heartbeat.objects.filter(name__startswith="worker:", seen_at__lt=yesterday)
    gone.delete()
