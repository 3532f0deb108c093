"""How often a door may be used. Counted in Redis; without Redis nobody is kept out.

Sign-in counts elsewhere, in the database, because there forgetting would be a hole.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from core import clock
from core.errors import DomainError

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Limit:
    """`times` in each window of so many seconds, for each person, or address."""

    name: str
    times: int
    seconds: int


class TooMany(DomainError):
    """Answered 429; `wait_s` goes out as Retry-After."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(
            "too_many_tries", "That was too often in a short time. Wait a little."
        )
        self.wait_s = wait_s


def require_room(limit: Limit, whose: str) -> None:
    """Raises TooMany."""
    wait_s = spend(limit, whose)
    if wait_s:
        raise TooMany(wait_s)


def spend(limit: Limit, whose: str) -> int:
    """Counts one use; seconds to wait when it was one too many, else 0."""
    now = int(clock.now().timestamp())
    key = _key(limit, whose, now // limit.seconds)
    try:
        cache.add(key, 0, limit.seconds)
        count = cache.incr(key)
    except (RedisError, ValueError) as error:
        # ValueError: the window ended between the two calls.
        log.warning("limit.not_counted", limit=limit.name, error=type(error).__name__)
        return 0
    if count <= limit.times:
        return 0
    return limit.seconds - now % limit.seconds


def _key(limit: Limit, whose: str, window: int) -> str:
    digest = hashlib.sha256(whose.encode()).hexdigest()[:32]
    return f"limit:{limit.name}:{window}:{digest}"
