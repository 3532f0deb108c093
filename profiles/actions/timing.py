"""When to refresh next: ahead of the end, spread out, and later after a failure."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from core import clock
from platforms.adapter import Adapter
from platforms.errors import PlatformError, RateLimited
from platforms.types import Token

# Connections made in one rush must not be refreshed in one rush.
SPREAD = 0.1
# How long before the end of a sign-in its people are told.
WARN = timedelta(days=14)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=6)


def next_refresh(adapter: Adapter, token: Token) -> datetime | None:
    """The platform's `refresh_ahead` before the end, up to a tenth of it earlier.

    Never before half of the token's life is over, however short that is.
    """
    if adapter.refresh_ahead is None or token.expires_at is None:
        return None
    now = clock.now()
    ahead = adapter.refresh_ahead * (1 + SPREAD * random.random())  # noqa: S311
    return max(token.expires_at - ahead, now + (token.expires_at - now) / 2)


def back_off(failures: int, error: PlatformError) -> datetime:
    """Twice the pause with each failure, never before the platform's own time."""
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(failures - 1, 10), LONGEST_PAUSE)
    at = clock.now() + pause * (1 + SPREAD * random.random())  # noqa: S311
    return max(at, error.until) if isinstance(error, RateLimited) else at
