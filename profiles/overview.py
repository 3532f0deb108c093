"""Social Sets & Access Groups: all of a person's, page by page (R-B3). Reads only.

However many groups, sets and profiles there are, it takes four queries.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Lower

from accounts.models import AccessGroup, User
from accounts.rights import Right, roles_with
from platforms import registry
from profiles.models import SocialProfile, SocialProfileQuerySet, SocialSet
from profiles.slots import Slot, by_urgency, slots_in
from profiles.words import NEEDS_PERSON

# Social Sets on one page: a slot for each platform in every one of them.
SETS = 10
LONGEST_WORDS = 100


@dataclass(frozen=True)
class Narrowing:
    """What is looked for: words in a name or handle; those that need attention, or
    those that were disconnected."""

    words: str = ""
    show: str = ""

    @property
    def attention(self) -> bool:
        return self.show == "attention"

    @property
    def gone(self) -> bool:
        return self.show == "gone"

    @property
    def active(self) -> bool:
        return bool(self.words or self.attention or self.gone)


@dataclass(frozen=True)
class SetCard:
    """A Social Set with its filled slots, broken ones first, and its empty ones."""

    social_set: SocialSet
    filled: list[Slot]
    empty: list[Slot] = field(default_factory=list)

    @property
    def attention(self) -> int:
        return sum(slot.needs_person for slot in self.filled)


@dataclass(frozen=True)
class GroupCard:
    """An Access Group, with those of its sets that are on this page."""

    id: UUID
    name: str
    timezone: str
    allowed: bool
    attention: int
    sets: list[SetCard] = field(default_factory=list)


@dataclass(frozen=True)
class Overview:
    """`page` counts Social Sets; `attention` all broken profiles of the person."""

    groups: list[GroupCard]
    page: Page[Any]
    attention: int
    narrowing: Narrowing

    @property
    def searchable(self) -> bool:
        """A search for something that one sees at a glance would only be in the way."""
        return self.narrowing.active or self.page.paginator.count > 3


def narrowing(words: str, show: str) -> Narrowing:
    """Of an address; what it can't mean is left out."""
    kept = show if show in ("attention", "gone") else ""
    return Narrowing(" ".join(words.split())[:LONGEST_WORDS], kept)


def overview(
    user: User, first: AccessGroup, narrowed: Narrowing, number: str
) -> Overview:
    """`first` stands on top, then the groups with the most broken profiles."""
    broken = _broken_by_group(user)
    rows = sorted(_rows(user, narrowed), key=_order(first, broken))
    page = Paginator(rows, SETS).get_page(number or 1)
    here = list(page.object_list)
    cards = _cards([row["set_id"] for row in here if row["set_id"]], narrowed)
    groups = [
        _group(list(same), broken, cards)
        for _, same in groupby(here, lambda row: row["id"])
    ]
    return Overview(groups, page, broken.total(), narrowed)


def _rows(user: User, narrowed: Narrowing) -> Any:
    """A row for each Social Set; a group that has none has one row without.

    Sets are named by annotations only: each lookup of its own would join them anew.
    """
    rows = AccessGroup.objects.visible_to(user).annotate(
        role=F("memberships__role"),
        set_id=F("social_sets__pk"),
        set_name=F("social_sets__name"),
        made=F("social_sets__created_at"),
    )
    found = _narrowed(rows, narrowed).order_by(Lower("name"), "id", "made", "set_id")
    return found.values("id", "name", "timezone", "role", "set_id")


def _order(
    first: AccessGroup, broken: Counter[UUID]
) -> Callable[[dict[str, Any]], tuple[bool, int, str, str]]:
    """In here, not in SQL: there it would count for each row anew. Rows come by name,
    and sorting keeps that; the id keeps a group's rows together."""
    return lambda row: (
        row["id"] != first.pk,
        -broken[row["id"]],
        row["name"].lower(),
        str(row["id"]),
    )


def _broken_by_group(user: User) -> Counter[UUID]:
    rows = _broken().filter(group__memberships__user=user).order_by()
    counted = rows.values("group").annotate(n=Count("pk"))
    return Counter(dict(counted.values_list("group", "n")))


def _narrowed(rows: Any, narrowed: Narrowing) -> Any:
    profiles = _profiles(narrowed).filter(social_set=OuterRef("set_id"))
    if narrowed.attention or narrowed.gone:
        rows = rows.filter(Exists(profiles))
    if narrowed.words:
        named = Q(name__icontains=narrowed.words)
        named |= Q(set_name__icontains=narrowed.words)
        rows = rows.filter(named | Exists(profiles.filter(_called(narrowed.words))))
    return rows


def _called(words: str) -> Q:
    plain = words.removeprefix("@")
    found = Q(name__icontains=plain) | Q(handle__icontains=plain)
    return found | Q(address__icontains=plain)


def _profiles(narrowed: Narrowing) -> SocialProfileQuerySet:
    """Of the registered platforms only: a row may outlive its adapter."""
    if narrowed.attention:
        return _broken()
    rows = SocialProfile.objects.filter(
        platform__in=registry.keys(), connection__isnull=False
    )
    return rows.exclude(removed_at=None) if narrowed.gone else rows.active()


def _broken() -> SocialProfileQuerySet:
    rows = SocialProfile.objects.active().filter(platform__in=registry.keys())
    return rows.filter(connection__state__in=NEEDS_PERSON)


def _cards(ids: Sequence[UUID], narrowed: Narrowing) -> dict[UUID, SetCard]:
    held: dict[UUID, list[SocialProfile]] = defaultdict(list)
    for profile in (
        _profiles(narrowed).filter(social_set__in=ids).select_related("connection")
    ):
        held[profile.social_set_id].append(profile)
    sets = SocialSet.objects.filter(pk__in=ids).select_related("group")
    return {each.pk: _card(each, held[each.pk], narrowed) for each in sets}


def _card(
    social_set: SocialSet, profiles: list[SocialProfile], narrowed: Narrowing
) -> SetCard:
    if narrowed.active:
        meant = _meant(social_set, profiles, narrowed.words)
        slots = [Slot(registry.get(p.platform), social_set, p) for p in meant]
        return SetCard(social_set, by_urgency(slots))
    slots = slots_in(social_set, profiles)
    filled = [slot for slot in slots if slot.profile is not None]
    empty = [slot for slot in slots if slot.profile is None]
    return SetCard(social_set, by_urgency(filled), empty)


def _meant(
    social_set: SocialSet, profiles: list[SocialProfile], words: str
) -> list[SocialProfile]:
    """All of a set or a group that is called so, else the profiles that are."""
    names = (social_set.name, social_set.group.name)
    if any(words.lower() in name.lower() for name in names):
        return profiles
    return [profile for profile in profiles if _is_called(profile, words)]


def _is_called(profile: SocialProfile, words: str) -> bool:
    plain = words.removeprefix("@").lower()
    said = (profile.name, profile.handle, profile.address)
    return any(plain in text.lower() for text in said)


def _group(
    rows: list[dict[str, Any]], broken: Counter[UUID], cards: dict[UUID, SetCard]
) -> GroupCard:
    row = rows[0]
    made = GroupCard(
        id=row["id"],
        name=row["name"],
        timezone=row["timezone"],
        allowed=row["role"] in roles_with(Right.CONNECT),
        attention=broken[row["id"]],
    )
    return replace(made, sets=list(_present(rows, cards)))


def _present(
    rows: Iterable[dict[str, Any]], cards: dict[UUID, SetCard]
) -> Iterable[SetCard]:
    """A set that was deleted between two queries is left out."""
    return [cards[row["set_id"]] for row in rows if row["set_id"] in cards]
