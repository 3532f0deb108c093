"""Instants for adapters, which are plain Python: core.clock needs Django."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


def now() -> datetime:
    return datetime.fromtimestamp(time.time(), tz=UTC)


def after(seconds: float) -> datetime:
    return now() + timedelta(seconds=seconds)


def since(moment: datetime) -> float:
    """Seconds that have passed; negative when it lies ahead."""
    return (now() - moment).total_seconds()
