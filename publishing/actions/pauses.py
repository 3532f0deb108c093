"""Leaving a platform in peace: when it says so, and when it fails again and again.

A circuit breaker for each platform (or server of one): after a few troubles in a row
nobody calls for a while, then one post tries; when that fails too, the pause doubles.
The rows are few, and are read once for all posts that are loaded together.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q

from core import clock
from platforms.adapter import Adapter
from platforms.errors import OutcomeUnknown, PlatformError, RateLimited, Unavailable
from platforms.types import Job
from platforms.usage import NearlyUsed
from publishing.models import Pause
from scheduling.models import Target

APP = "app"
# So many troubles, each within the window after the one before, open the circuit.
STRIKES = 5
WINDOW = timedelta(minutes=2)
FIRST_S, LONGEST_S = 15, 300
# How long a post that tries has, before another one may.
PROBE = timedelta(seconds=15)
# What was paused comes back over some seconds, not all at once.
SPREAD_S = 5


def known() -> list[Pause]:
    """All that is in force or counting."""
    return list(Pause.objects.filter(Q(until__gt=clock.now()) | Q(strikes__gt=0)))


class Peace:
    """What one publication may do to its platform, and what it tells the others."""

    def __init__(
        self, adapter: Adapter, job: Job, target: Target, known: Iterable[Pause]
    ) -> None:
        self.platform = adapter.key
        self.profile = str(target.profile_id)
        self.server = _server(adapter.server(job))
        names = {self.server, APP, self.profile}
        self.pauses = [
            pause
            for pause in known
            if pause.platform == self.platform and pause.scope in names
        ]

    def held_by(self) -> Pause | None:
        """The pause that lasts longest; None when the post may go, if only to try."""
        now = clock.now()
        held = [pause for pause in self.pauses if not _admits(pause, now)]
        return max(held, key=lambda pause: pause.until or now, default=None)

    def trouble(self, error: PlatformError) -> None:
        """What an error means for the others on that platform or profile."""
        if isinstance(error, RateLimited):
            scope = APP if error.scope == APP else self.profile
            _pause(self.platform, scope, error.until, "rate_limited", error.message)
        elif isinstance(error, OutcomeUnknown | Unavailable):
            _strike(self.platform, self.server, error)
            wanted = getattr(error, "until", None)
            if wanted is not None:
                _pause(self.platform, self.profile, wanted, "peace", error.message)

    def answered(self) -> None:
        """Troubles in a row are over."""
        struck = [p.pk for p in self.pauses if p.strikes and p.scope == self.server]
        if struck:
            Pause.objects.filter(pk__in=struck).update(
                strikes=0, until=None, length_s=0, code="", reason=""
            )


def _server(address: str) -> str:
    """Of a platform with many servers, one that is down says nothing of the others."""
    return f"at:{urlsplit(address).netloc or address}"[:64] if address else APP


def _admits(pause: Pause, now: datetime) -> bool:
    if pause.until is not None and pause.until > now:
        return False
    return pause.strikes < STRIKES or _may_try(pause, now)


def _may_try(pause: Pause, now: datetime) -> bool:
    """One at a time, whoever asks first."""
    pause.until = now + PROBE
    same = Pause.objects.filter(pk=pause.pk, struck_at=pause.struck_at)
    free = same.filter(Q(until=None) | Q(until__lte=now))
    return free.update(until=pause.until) == 1


def back_at(pause: Pause) -> datetime:
    assert pause.until is not None
    return pause.until + timedelta(seconds=secrets.randbelow(SPREAD_S * 1_000) / 1_000)


def spare(target: Target, near: NearlyUsed) -> None:
    """A platform says that a limit is nearly used: the rest of its scope waits."""
    scope = APP if near.scope == APP else str(target.profile_id)
    platform = target.profile.platform
    _pause(platform, scope, near.until, "nearly_used", near.message)


@transaction.atomic
def _pause(platform: str, scope: str, end: datetime, code: str, reason: str) -> None:
    pause = _row(platform, scope)
    if pause.until is None or pause.until < end:
        pause.until, pause.code, pause.reason = end, code, reason
        pause.save()


@transaction.atomic
def _strike(platform: str, scope: str, error: PlatformError) -> None:
    pause, now = _row(platform, scope), clock.now()
    quiet = now - pause.struck_at if pause.struck_at else WINDOW
    if pause.strikes >= STRIKES and quiet < timedelta(seconds=pause.length_s):
        # Of those that were on their way when the circuit opened.
        return
    in_a_row = quiet < WINDOW or pause.strikes >= STRIKES
    pause.strikes = pause.strikes + 1 if in_a_row else 1
    pause.struck_at = now
    if pause.strikes >= STRIKES:
        pause.length_s = min(LONGEST_S, max(FIRST_S, 2 * pause.length_s))
        pause.until = now + timedelta(seconds=pause.length_s)
    pause.code = (error.code or type(error).__name__)[:64]
    pause.reason = error.message
    pause.save()


def _row(platform: str, scope: str) -> Pause:
    Pause.objects.get_or_create(platform=platform, scope=scope)
    return Pause.objects.select_for_update().get(platform=platform, scope=scope)
