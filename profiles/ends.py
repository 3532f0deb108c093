"""When a sign-in that ends is warned of, and when its end is looked at next."""

from __future__ import annotations

from datetime import datetime, timedelta

from core import clock
from platforms import registry
from profiles.models import Connection
from profiles.states import FIRST_WARNING, STEPS


def warning_begins(connection: Connection) -> datetime | None:
    """Tokens that renew themselves worry people only when that has long failed.

    An end beyond the token's own is the end of renewing itself, so it counts in full.
    """
    ends = connection.ends_at
    if ends is None:
        return None
    ahead = registry.get(connection.profile.platform).refresh_ahead
    if ahead is None or connection.refresh_at is None:
        return ends - FIRST_WARNING
    if connection.expires_at is not None and connection.expires_at < ends:
        return ends - FIRST_WARNING
    return ends - min(FIRST_WARNING, ahead / 4)


def near_end(connection: Connection) -> bool:
    begins = warning_begins(connection)
    return begins is not None and begins <= clock.now()


def next_look(connection: Connection) -> datetime | None:
    """The next step, or the end itself; None when that is over."""
    begins, ends = warning_begins(connection), connection.ends_at
    if begins is None or ends is None:
        return None
    steps = [ends - timedelta(days=days) for days in STEPS]
    times = [begins, *(step for step in steps if step > begins), ends]
    return min((time for time in times if time > clock.now()), default=None)


def step_of(ends: datetime) -> int:
    """The nearest step that was reached: after an outage only this one is told."""
    left = ends - clock.now()
    return min(
        (days for days in STEPS if left <= timedelta(days=days)), default=STEPS[0]
    )
