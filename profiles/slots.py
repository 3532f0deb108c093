"""A slot of a Social Set as people see it: who is in it, how it is, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from core.http import browser_url
from platforms import registry
from platforms.adapter import Adapter
from platforms.types import Permission
from profiles import addresses
from profiles.models import Connection, SocialProfile, SocialSet
from profiles.quiet import quiet_since, too_quiet
from profiles.rights import described, may_publish, without
from profiles.states import ConnectionState as S
from profiles.words import (
    CONNECT_ONLY,
    EMPTY,
    IN_CHAT,
    LAST,
    LOOKS,
    PARTLY,
    URGENCY,
    WITHOUT_POSTS,
    Look,
)

# Every profile is one: no word worth.
PLAIN_KINDS = frozenset({"account", "profile"})


@dataclass(frozen=True)
class Gap:
    """A permission that wasn't given, and what will not work without it."""

    permission: Permission
    consequence: str

    @property
    def name(self) -> str:
        return self.permission.label or self.permission.name


@dataclass(frozen=True)
class Slot:
    """One platform in one Social Set. Without a profile it is empty.

    Reads `profile.connection`.
    """

    adapter: Adapter
    social_set: SocialSet
    profile: SocialProfile | None = None

    @property
    def platform(self) -> str:
        return self.adapter.key

    @property
    def connection(self) -> Connection | None:
        return self.profile.connection if self.profile else None

    @property
    def look(self) -> Look:
        return LOOKS[self.connection.state] if self.connection else EMPTY

    @property
    def help(self) -> str:
        """What the state means and what to do; rights of a bot are given in its app."""
        if self.look.act == "review" and self.in_chat:
            return IN_CHAT.format(name=self.adapter.name)
        if self.look.act == "review" and self.usable:
            return PARTLY
        if self.connection and self.connect_only:
            return WITHOUT_POSTS.get(self.connection.state, self.connect_only)
        return self.look.help

    @property
    def connect_only(self) -> str:
        """In words that nothing can be published here yet; "" where it can."""
        if self.adapter.publishes:
            return ""
        return CONNECT_ONLY.format(name=self.adapter.name)

    @property
    def in_chat(self) -> bool:
        used = self.connection.method if self.connection else ""
        return any(m.key == used and m.kind == "bot" for m in self.adapter.methods)

    @property
    def rank(self) -> int:
        return URGENCY[self.connection.state] if self.connection else LAST

    @property
    def needs_person(self) -> bool:
        live = self.profile is not None and self.profile.removed_at is None
        return live and bool(self.look.act)

    @property
    def label(self) -> str:
        return self.profile.label if self.profile else self.adapter.name

    @property
    def title(self) -> str:
        """For a screen reader and a tooltip: platform, profile, state in one line."""
        if self.profile is None:
            return f"Connect {self.adapter.name}"
        return f"{self.adapter.name}, {self.profile.label}: {self.look.word}"

    @property
    def picture(self) -> str:
        """The address for a browser, "" without one."""
        url = self.profile.picture_url if self.profile else ""
        return browser_url(url) if url else ""

    @property
    def kind(self) -> str:
        """Such as "Business" or "Page", in the platform's own words."""
        kind = self.profile.kind if self.profile else ""
        return "" if kind in PLAIN_KINDS else kind.replace("_", " ").capitalize()

    @property
    def usable(self) -> bool:
        return self.connection is not None and may_publish(
            self.adapter, self.connection
        )

    @property
    def ends_at(self) -> datetime | None:
        """The day a person must sign in again; None for one that is over already."""
        if self.connection is None or self.connection.state == S.REFRESH_NEEDED:
            return None
        return self.connection.ends_at

    @property
    def quiet_since(self) -> datetime | None:
        """Set when six weeks without a post come near (R-D5)."""
        held = self.connection
        return quiet_since(held) if held is not None and too_quiet(held) else None

    @property
    def renews_itself(self) -> bool:
        """Without a person, for ever: the last day of renewing may be a fixed one."""
        held = self.connection
        if held is None or held.refresh_at is None:
            return False
        return self.adapter.prolongs or held.ends_at == held.expires_at

    @property
    def connect_url(self) -> str:
        """Where a sign-in for it begins; an empty one names its Social Set."""
        path = addresses.connect(self.social_set.group_id, self.platform)
        if self.profile is None:
            return f"{path}?set={self.social_set.pk}"
        return f"{path}?profile={self.profile.pk}"

    @property
    def url(self) -> str:
        return self._address("profile")

    @property
    def move_url(self) -> str:
        return self._address("move")

    @property
    def enable_url(self) -> str:
        return self._address("enable")

    @property
    def disconnect_url(self) -> str:
        return self._address("disconnect")

    def _address(self, name: str) -> str:
        assert self.profile is not None, "an empty slot has no page"
        return addresses.of_profile(name, self.profile.group_id, self.profile.pk)

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        if self.connection is None:
            return ()
        absent = described(
            self.adapter, self.connection.method, self.connection.missing
        )
        return tuple(Gap(each, without(each)) for each in absent)


def slots_in(social_set: SocialSet, profiles: list[SocialProfile]) -> list[Slot]:
    """A slot for every platform, in the registry's order."""
    held = {profile.platform: profile for profile in profiles}
    return [
        Slot(adapter, social_set, held.get(adapter.key)) for adapter in registry.every()
    ]


def by_urgency(slots: list[Slot]) -> list[Slot]:
    return sorted(slots, key=lambda slot: slot.rank)
