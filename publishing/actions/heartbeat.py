"""Signs of life of the publisher, read by /health/worker."""

from __future__ import annotations

from core import clock
from publishing.models import Heartbeat


def beat(name: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"seen_at": clock.now()})
