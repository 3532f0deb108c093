"""Bluesky's rate limit headers: points of an account, requests of an address.

https://docs.bsky.app/docs/advanced-guides/rate-limits
"""

from __future__ import annotations

from core.http import Reply
from platforms import clock, usage
from platforms.bluesky.errors import NAME
from platforms.client import bounded
from platforms.usage import NEARLY, NearlyUsed

# Windows of so many seconds count the requests of our address, longer ones the
# points of an account.
ADDRESS_WINDOW = "w=300"


def listen(reply: Reply) -> None:
    """Tell when little is left; senseless headers say nothing."""
    try:
        limit = int(reply.headers["RateLimit-Limit"])
        left = int(reply.headers["RateLimit-Remaining"])
        reset = int(reply.headers["RateLimit-Reset"])
    except (KeyError, ValueError):
        return
    if limit <= 0 or left > limit * (100 - NEARLY) / 100:
        return
    policy = reply.headers.get("RateLimit-Policy", "")
    until = bounded(clock.from_epoch(reset))
    words = f"{NAME} says that its limit of calls is nearly used up."
    scope = "app" if ADDRESS_WINDOW in policy else "profile"
    usage.tell(NearlyUsed(until, scope, words))  # type: ignore[arg-type]
