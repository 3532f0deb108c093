"""Reads that span models; each with a fixed number of queries."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import Http404

from accounts.models import AccessGroup
from platforms import registry
from profiles.models import (
    ConnectionEvent,
    SocialProfile,
    SocialProfileQuerySet,
    SocialSet,
)
from profiles.rights import may_publish
from profiles.slots import Slot, slots_in

HISTORY = 50


def slots_of(social_set: SocialSet) -> list[Slot]:
    """One query: a slot for every platform, in the registry's order."""
    return slots_in(social_set, list(_profiles(social_set=social_set)))


def slot_of(profile: SocialProfile) -> Slot:
    return Slot(registry.get(profile.platform), profile.social_set, profile)


def profile_of(
    group: AccessGroup, profile_id: UUID, *, removed: bool = False
) -> SocialProfile:
    """A profile of the group in the address, or Http404; disconnected ones on demand."""
    every = SocialProfile.objects.filter(connection__isnull=False)
    rows = (every if removed else every.active()).filter(group=group)
    found = rows.select_related("connection", "social_set", "group")
    profile = found.filter(pk=profile_id, platform__in=registry.keys()).first()
    if profile is None:
        raise Http404
    return profile


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


def _in_order(group: AccessGroup) -> SocialProfileQuerySet:
    rows = _profiles(group=group).select_related("social_set")
    return rows.order_by("social_set__created_at", "platform", "name", "id")


def _profiles(**place: AccessGroup | SocialSet) -> SocialProfileQuerySet:
    """Of the registered platforms only: a row may outlive its adapter."""
    rows = SocialProfile.objects.active().filter(platform__in=registry.keys(), **place)
    return rows.filter(connection__isnull=False).select_related("connection")


def slots_by_profile(group: AccessGroup, ids: list[str]) -> list[Slot]:
    """One query: the slots of these profiles, in the order of the ids."""
    rows = _profiles(group=group).filter(pk__in=ids).select_related("social_set")
    found = {str(profile.pk): profile for profile in rows}
    return [slot_of(found[pk]) for pk in ids if pk in found]
