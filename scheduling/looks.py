"""When the engine looks at a coming post: a day, an hour, minutes before; at its time.

`next_at` is the one clock. Looks are spread, so that a crowd of posts for one full hour
isn't looked at in one second; only the time itself is exact.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from core import clock
from platforms import registry
from platforms.adapter import Adapter

# Before the time, and by how much more at most.
CHECKS = (
    (timedelta(hours=24), timedelta(hours=2)),
    (timedelta(hours=1), timedelta(minutes=15)),
)
# Trouble that was found is looked at again so often, to see it mended.
AT_RISK_EACH = timedelta(minutes=15)
# With less time left, looking ahead would only get in the way of the post itself.
TOO_LATE = timedelta(seconds=20)


def first_look(platform: str, due: datetime) -> datetime:
    """For a post that is scheduled now: at once when its preparing could begin."""
    now = clock.now()
    adapter = registry.adapter_class(platform)
    if preparing_begins(adapter, due) <= now < due - TOO_LATE:
        return now
    return next_look(adapter, due)


def next_look(adapter: Adapter | type[Adapter], due: datetime) -> datetime:
    """The next one after now, anywhere in its span; a span that began is past."""
    now = clock.now()
    spans = [(due - ahead - spread, spread) for ahead, spread in CHECKS]
    begins = preparing_begins(adapter, due)
    spans.append((begins, (due - begins) * 2 / 3))
    coming = [begin + _some(spread) for begin, spread in spans if begin > now]
    return min(coming, default=due)


def look_again(adapter: Adapter, due: datetime) -> datetime:
    """At risk: sooner than planned, and never later than the time itself."""
    return min(clock.now() + AT_RISK_EACH, next_look(adapter, due))


def preparing_begins(adapter: Adapter | type[Adapter], due: datetime) -> datetime:
    return due - adapter.prepare_ahead


def clock_for(platform: str, due: datetime) -> dict[str, datetime]:
    """`due_at` is when people expect it, `next_at` what the engine goes by."""
    return {"due_at": due, "next_at": first_look(platform, due)}


def _some(most: timedelta) -> timedelta:
    return most * (secrets.randbelow(1_000) / 1_000)
