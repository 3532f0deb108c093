"""What higher apps tell this one: why a profile can't be disconnected yet (R-D7).

This app may not import those that sit on it. They register a guard in their
`apps.ready`: `hooks.register_guard(scheduling.queries.open_targets_of)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from profiles.models import SocialProfile


@dataclass(frozen=True)
class Blocker:
    """One thing that still needs the profile, as the dialog shows it."""

    text: str
    url: str = ""
    at: datetime | None = None


Guard = Callable[[SocialProfile], Sequence[Blocker]]

guards: list[Guard] = []


def register_guard(guard: Guard) -> None:
    """Add a guard once; registering it again changes nothing."""
    if guard not in guards:
        guards.append(guard)


def blockers(profile: SocialProfile) -> list[Blocker]:
    return [blocker for guard in guards for blocker in guard(profile)]
