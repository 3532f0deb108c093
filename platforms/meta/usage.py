"""What Meta's usage headers say: how much is used, how long to leave it in peace.

https://developers.facebook.com/docs/graph-api/overview/rate-limiting (2026-11-21).
Shares are in percent of what is allowed; calls are throttled at 100. Meta sends no
Retry-After, but whoever stands before it may.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from core.http import Reply
from platforms import clock, usage
from platforms.client import retry_at
from platforms.usage import NEARLY, NearlyUsed

APP_HEADER = "x-app-usage"
BUSINESS_HEADER = "x-business-use-case-usage"
REGAIN = "estimated_time_to_regain_access"
SHARES = ("call_count", "total_time", "total_cputime")
# The headers tell of no end before the limit is reached; calling on lengthens it.
PAUSE_MIN = 5.0
MOST_MIN = 60.0 * 24


def free_at(reply: Reply, *, otherwise_s: float) -> datetime:
    """When calls are taken again: the latest of the headers' waits, else the guess."""
    minutes = max((_number(use.get(REGAIN)) for use in _business(reply)), default=0)
    if minutes > 0:
        return _after(minutes)
    return retry_at(reply, otherwise_s=otherwise_s)


def listen(name: str, reply: Reply) -> None:
    """Tell what is nearly used up; senseless headers say nothing."""
    _judge(name, "app", _header(reply, APP_HEADER))
    for use in _business(reply):
        _judge(name, "profile", use)


def _judge(name: str, scope: Literal["app", "profile"], use: dict[str, Any]) -> None:
    share = max(_number(use.get(key)) for key in SHARES)
    minutes = _number(use.get(REGAIN))
    if share >= NEARLY or minutes > 0:
        words = f"{name} says that its limit of calls is nearly used up."
        usage.tell(NearlyUsed(_after(max(minutes, PAUSE_MIN)), scope, words))


def _after(minutes: float) -> datetime:
    return clock.after(min(minutes, MOST_MIN) * 60)


def _business(reply: Reply) -> Iterator[dict[str, Any]]:
    """One for each kind of use by each account."""
    for uses in _header(reply, BUSINESS_HEADER).values():
        for use in uses if isinstance(uses, list) else ():
            if isinstance(use, dict):
                yield use


def _header(reply: Reply, name: str) -> dict[str, Any]:
    try:
        found = json.loads(reply.headers.get(name, "{}"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
