"""Instagram's number of posts in 24 hours, read before anything is made."""

from __future__ import annotations

from datetime import datetime, timedelta

from platforms import clock
from platforms.client import bounded
from platforms.errors import RateLimited
from platforms.instagram import api
from platforms.instagram.api import Account
from platforms.types import Journal

STEP = "quota"
# When the listing shows none of the posts that used it up.
OTHERWISE_S = 3_600.0


def check(account: Account, journal: Journal) -> None:
    """Raises RateLimited when it is used up. Also proves the right to publish (R-F1)."""
    if journal.get(STEP) is not None:
        return
    usage = api.publishing_limit(account)
    if usage is not None and usage.used >= usage.total:
        raise RateLimited(
            f"This account has used its {usage.total} posts in 24 hours.",
            bounded(_free_at(account, timedelta(seconds=usage.seconds))),
            code="quota",
        )
    journal.put(STEP, {"used": usage.used if usage else 0})


def _free_at(account: Account, window: timedelta) -> datetime:
    """Nobody tells when; it is when the oldest post of the window leaves it."""
    listed = api.recent_media(account, clock.now() - window)
    times = [item.at for item in listed]
    return min(times) + window if times else clock.after(OTHERWISE_S)
