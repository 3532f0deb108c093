"""When to refresh next: ahead of the end, spread out, and later after a failure."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from uuid import UUID

from core import clock
from platforms.adapter import Adapter
from platforms.errors import OutcomeUnknown, PlatformError, RateLimited
from platforms.types import Token

# What was connected in one rush, or ended in one outage, isn't refreshed in one rush.
SPREAD = timedelta(days=1)
JITTER = 0.1
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)
IDS = 1 << 128


def next_refresh(adapter: Adapter, token: Token, key: UUID) -> datetime | None:
    """The platform's `refresh_ahead` before the end, up to a day earlier by the key.

    Never before half of the token's life is over, however short that is.
    """
    ahead, ends = adapter.refresh_ahead, token.expires_at
    if ahead is None or ends is None or not adapter.renews(token):
        return None
    now = clock.now()
    half = now + (ends - now) / 2
    latest = max(ends - ahead, half)
    earliest = max(latest - SPREAD, half)
    return latest - (latest - earliest) * (key.int / IDS)


def back_off(failures: int, error: PlatformError) -> datetime:
    """Twice the pause with each failure, never before the platform's own time."""
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
    at = clock.now() + pause * (1 + JITTER * random.random())  # noqa: S311
    until = error.until if isinstance(error, RateLimited | OutcomeUnknown) else None
    return max(at, until) if until else at
