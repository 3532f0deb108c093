"""Signs of life of the publisher, read by /health/worker and by the tick."""

from __future__ import annotations

from core import clock
from publishing.models import Heartbeat


def beat(name: str, slots: int = 0) -> None:
    """`slots`: how many publications this worker can have in hand at once."""
    seen = {"seen_at": clock.now(), "slots": slots}
    Heartbeat.objects.update_or_create(name=name, defaults=seen)


def give_up_slots(name: str) -> None:
    Heartbeat.objects.filter(name=name).update(slots=0)


def leave(name: str) -> None:
    Heartbeat.objects.filter(name=name).delete()
