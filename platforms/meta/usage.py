"""How long Meta wants to be left in peace: its usage headers.

https://developers.facebook.com/docs/graph-api/overview/rate-limiting (2026-11-21).
Meta sends no Retry-After, but whoever stands before it may.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from core.http import Reply
from platforms import clock
from platforms.client import retry_at

BUSINESS_HEADER = "x-business-use-case-usage"
REGAIN = "estimated_time_to_regain_access"


def free_at(reply: Reply, *, otherwise_s: float) -> datetime:
    """When calls are taken again: the latest of the headers' waits, else the guess."""
    minutes = max(_waits(reply), default=0)
    if minutes:
        return clock.after(min(minutes, 60 * 24) * 60)
    return retry_at(reply, otherwise_s=otherwise_s)


def _waits(reply: Reply) -> Iterator[float]:
    """Minutes, one for each kind of use by each account."""
    for uses in _usage(reply).values():
        for use in uses if isinstance(uses, list) else ():
            wait = use.get(REGAIN) if isinstance(use, dict) else None
            if isinstance(wait, int | float) and wait > 0:
                yield float(wait)


def _usage(reply: Reply) -> dict[str, Any]:
    try:
        usage = json.loads(reply.headers.get(BUSINESS_HEADER, "{}"))
    except ValueError:
        return {}
    return usage if isinstance(usage, dict) else {}
