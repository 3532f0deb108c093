"""What higher apps tell this one: what needs a profile (R-D7), what goes along when it
moves (R-B5), and what can go on once it is connected (R-D6).

This app may not import those that sit on it. They register in their `apps.ready`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import AccessGroup, User
from profiles.models import SocialProfile


@dataclass(frozen=True)
class Blocker:
    """One thing that still needs the profile, as the dialog shows it."""

    text: str
    url: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Way:
    """What can be done with all of them in one step. `heirs`: id and label of the
    profiles that may take them over; a person must choose one of them."""

    key: str
    label: str
    help: str
    heirs: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Needs:
    """`count` of all that needs the profile, and the first of it in `shown`.

    `wait`: why nothing can be done about it right now, "" otherwise.
    """

    count: int = 0
    shown: Sequence[Blocker] = ()
    ways: Sequence[Way] = ()
    wait: str = ""

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


@dataclass(frozen=True)
class Clearing:
    """What a person chose: a way, and for some the id of an heir."""

    way: str
    heir: str = ""


@dataclass(frozen=True)
class Guard:
    """`clear` runs in the transaction of the disconnecting; raises DomainError."""

    needs: Callable[[SocialProfile], Needs]
    clear: Callable[[SocialProfile, User, Clearing], None]


guards: list[Guard] = []


def register_guard(guard: Guard) -> None:
    """Add a guard once; registering it again changes nothing."""
    if guard not in guards:
        guards.append(guard)


def needs(profile: SocialProfile) -> Needs:
    """Of all apps together; ways are offered where one app's word is enough."""
    found = [each for guard in guards if (each := guard.needs(profile)).count]
    return Needs(
        count=sum(each.count for each in found),
        shown=[blocker for each in found for blocker in each.shown],
        ways=found[0].ways if len(found) == 1 else (),
        wait=" ".join(each.wait for each in found if each.wait),
    )


def clear(profile: SocialProfile, actor: User, clearing: Clearing) -> None:
    for guard in guards:
        if guard.needs(profile).count:
            guard.clear(profile, actor, clearing)


@dataclass(frozen=True)
class Carrier:
    """`effects`: what moving the profile to that group touches, in sentences;
    `carry` takes it along, in the transaction of the move, and raises DomainError;
    `left`: how much of it is elsewhere than in that group, none when all went well."""

    effects: Callable[[SocialProfile, AccessGroup], Sequence[str]]
    carry: Callable[[SocialProfile, AccessGroup, User], None]
    left: Callable[[SocialProfile, AccessGroup], int]


carriers: list[Carrier] = []


def register_carrier(carrier: Carrier) -> None:
    """As `register_guard`."""
    if carrier not in carriers:
        carriers.append(carrier)


def effects(profile: SocialProfile, to: AccessGroup) -> list[str]:
    return [line for each in carriers for line in each.effects(profile, to)]


def carry(profile: SocialProfile, to: AccessGroup, actor: User) -> None:
    for each in carriers:
        each.carry(profile, to, actor)


def left(profile: SocialProfile, group: AccessGroup) -> int:
    return sum(each.left(profile, group) for each in carriers)


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
