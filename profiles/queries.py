"""Reads that span models; each with a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q

from accounts.models import AccessGroup, User
from platforms import registry
from profiles.models import (
    ConnectionEvent,
    SocialProfile,
    SocialProfileQuerySet,
    SocialSet,
)
from profiles.rights import may_publish
from profiles.slots import Slot, by_urgency, slots_in
from profiles.words import NEEDS_PERSON

HISTORY = 50


@dataclass(frozen=True)
class SetOverview:
    """A Social Set with its filled slots, broken ones first, and its empty ones."""

    social_set: SocialSet
    filled: list[Slot]
    empty: list[Slot]

    @property
    def attention(self) -> int:
        return sum(slot.needs_person for slot in self.filled)


@dataclass(frozen=True)
class GroupOverview:
    """Another Access Group of the person, in one line."""

    id: UUID
    name: str
    profiles: int
    attention: int


def settings_page(group: AccessGroup) -> list[SetOverview]:
    """Three queries: sets, profiles with connections, history."""
    profiles: dict[object, list[SocialProfile]] = {}
    for profile in _profiles(group=group).prefetch_related(_history()):
        profiles.setdefault(profile.social_set_id, []).append(profile)
    return [
        _overview(each, profiles.get(each.pk, [])) for each in group.social_sets.all()
    ]


def _overview(social_set: SocialSet, profiles: list[SocialProfile]) -> SetOverview:
    slots = slots_in(social_set, profiles)
    filled = [slot for slot in slots if slot.profile is not None]
    empty = [slot for slot in slots if slot.profile is None]
    return SetOverview(social_set, by_urgency(filled), empty)


def slots_of(social_set: SocialSet) -> list[Slot]:
    """One query: a slot for every platform, in the registry's order."""
    return slots_in(social_set, list(_profiles(social_set=social_set)))


def slot_of(profile: SocialProfile) -> Slot:
    return Slot(registry.get(profile.platform), profile.social_set, profile)


def history_page(profile: SocialProfile, number: str) -> Page[ConnectionEvent]:
    """Newest first, with who did it; two queries."""
    events = ConnectionEvent.objects.filter(connection=profile.connection)
    rows = events.select_related("actor").order_by("-at", "-id")
    return Paginator(rows, HISTORY).get_page(number or 1)


def connected_profiles(group: AccessGroup) -> list[SocialProfile]:
    """One query: profiles that a post can be scheduled to now.

    Each comes with `connection` and `social_set`; ordered by set, platform, name.
    """
    return [
        profile
        for profile in _in_order(group)
        if may_publish(registry.get(profile.platform), profile.connection)
    ]


def group_slots(group: AccessGroup) -> list[Slot]:
    """One query: every filled slot of the group, set by set."""
    return [slot_of(profile) for profile in _in_order(group)]


def other_groups(user: User, group: AccessGroup, limit: int) -> list[GroupOverview]:
    """One query: those with the most broken profiles first."""
    inside = Q(profiles__removed_at=None)
    broken = inside & Q(profiles__connection__state__in=NEEDS_PERSON)
    rows = (
        AccessGroup.objects.visible_to(user)
        .exclude(pk=group.pk)
        .annotate(
            held=Count("profiles", filter=inside, distinct=True),
            attention=Count("profiles", filter=broken, distinct=True),
        )
        .order_by("-attention", "name", "id")
    )
    columns = rows.values_list("id", "name", "held", "attention")
    return [GroupOverview(*row) for row in columns[:limit]]


def _in_order(group: AccessGroup) -> SocialProfileQuerySet:
    rows = _profiles(group=group).select_related("social_set")
    return rows.order_by("social_set__created_at", "platform", "name", "id")


def _profiles(**place: AccessGroup | SocialSet) -> SocialProfileQuerySet:
    """Of the registered platforms only: a row may outlive its adapter."""
    rows = SocialProfile.objects.active().filter(platform__in=registry.keys(), **place)
    return rows.filter(connection__isnull=False).select_related("connection")


def _history() -> Prefetch[str]:
    """The newest of each connection: what people ask about is what happened last."""
    events = ConnectionEvent.objects.select_related("actor").order_by("-at", "-id")
    newest = events[:HISTORY]
    return Prefetch("connection__events", queryset=newest, to_attr="recent_events")


def slots_by_profile(group: AccessGroup, ids: list[str]) -> list[Slot]:
    """One query: the slots of these profiles, in the order of the ids."""
    rows = _profiles(group=group).filter(pk__in=ids).select_related("social_set")
    found = {str(profile.pk): profile for profile in rows}
    return [slot_of(found[pk]) for pk in ids if pk in found]
