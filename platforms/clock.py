"""Instants for adapters, which are plain Python: core.clock needs Django."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from core import timekeeper

# No moment of ours lies further ahead; a senseless number must not overflow.
FAR_S = 10 * 365 * 86_400.0


def now() -> datetime:
    return timekeeper.now() or datetime.fromtimestamp(time.time(), tz=UTC)


def after(seconds: float) -> datetime:
    return now() + timedelta(seconds=min(seconds, FAR_S))


def from_epoch(seconds: float) -> datetime:
    return after(seconds - now().timestamp())


def since(moment: datetime) -> float:
    """Seconds that have passed; negative when it lies ahead."""
    return (now() - moment).total_seconds()
