"""Which Social Set an identity goes to: one slot per platform in each (R-B2)."""

from __future__ import annotations

from itertools import chain, count

from core.errors import DomainError
from platforms import registry
from profiles.models import Journey, SocialProfile, SocialSet
from profiles.offers import Offer

# A place of its own: a new Social Set named after the identity.
NEW = "new"


class Places:
    """The Social Sets of a journey's group, the journey's own first."""

    def __init__(self, journey: Journey) -> None:
        self.journey = journey
        held = SocialProfile.objects.active().filter(
            social_set__group=journey.group, platform=journey.platform
        )
        self._held = {profile.social_set_id: profile for profile in held}
        found = {each.pk: each for each in journey.group.social_sets.all()}
        own = found.pop(journey.social_set_id)
        self._sets = {str(each.pk): each for each in (own, *found.values())}
        self._where = {each.external_id: each.social_set_id for each in held}
        self._names = {each.name for each in self._sets.values()}

    def free(self) -> list[SocialSet]:
        return [each for each in self._sets.values() if each.pk not in self._held]

    def holding(self, external_id: str) -> SocialSet | None:
        """The set of this group that has the identity already."""
        place_id = self._where.get(external_id)
        return None if place_id is None else self._sets[str(place_id)]

    def of(self, offer: Offer, wanted: str) -> SocialSet:
        """Raises DomainError when the wanted slot holds somebody else."""
        if self.journey.profile is not None:
            return self.journey.social_set
        if wanted == NEW:
            return self._new(offer)
        place = self._sets.get(wanted) if wanted else self._next(offer)
        if place is None:
            raise DomainError("set_unknown", "Choose a Social Set of this group.")
        self._require_free(place, offer)
        return place

    def taken(self, profile: SocialProfile) -> None:
        self._held[profile.social_set_id] = profile
        self._where[profile.external_id] = profile.social_set_id
        self._names.add(profile.social_set.name)
        self._sets[str(profile.social_set_id)] = profile.social_set

    def _next(self, offer: Offer) -> SocialSet:
        """Where it is already, else the first free one, else a new one."""
        free = self.holding(offer.identity.external_id), *self.free()
        return next(filter(None, free), None) or self._new(offer)

    def _new(self, offer: Offer) -> SocialSet:
        name = self._unused((offer.identity.name or offer.identity.handle)[:110])
        return SocialSet.objects.create(group=self.journey.group, name=name)

    def _unused(self, name: str) -> str:
        """Stores and Pages of one name would make sets that nobody tells apart."""
        further = (f"{name} {number}" for number in count(2))
        return next(each for each in chain([name], further) if each not in self._names)

    def _require_free(self, place: SocialSet, offer: Offer) -> None:
        holder = self._held.get(place.pk)
        if holder is None or holder.external_id == offer.identity.external_id:
            return
        name = registry.get(self.journey.platform).name
        raise DomainError(
            "slot_taken",
            f"The {name} slot of {place.name} already holds {holder.label}. "
            "Choose another Social Set, or disconnect it first.",
        )
