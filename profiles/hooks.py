"""What higher apps tell this one: why a profile can't be disconnected yet (R-D7), and
what can go on once it is connected (R-D6).

This app may not import those that sit on it. They register in their `apps.ready`:
`hooks.register_guard(scheduling.queries.waiting_on)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

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


@dataclass(frozen=True)
class Panel:
    """What a higher app shows beneath a profile that was just connected."""

    template: str
    data: Any


PanelMaker = Callable[[SocialProfile], Panel | None]

panel_makers: list[PanelMaker] = []


def register_panel(maker: PanelMaker) -> None:
    """As `register_guard`."""
    if maker not in panel_makers:
        panel_makers.append(maker)


def panels(profile: SocialProfile) -> list[Panel]:
    return [panel for maker in panel_makers if (panel := maker(profile))]


def blockers(profile: SocialProfile) -> list[Blocker]:
    return [blocker for guard in guards for blocker in guard(profile)]
