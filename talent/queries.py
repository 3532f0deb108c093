"""The roster: each creator in one line, page by page, with a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Lower

from accounts.models import AccessGroup, User
from core import clock
from platforms import registry
from platforms.adapter import Adapter
from profiles.models import SocialProfile
from profiles.words import EMPTY, LAST, LOOKS, NEEDS_PERSON, URGENCY, Look
from scheduling.models import Post
from scheduling.states import TargetState
from scheduling.times import words

CREATORS = 50
LONGEST_WORDS = 100


@dataclass(frozen=True)
class Line:
    """One platform of a creator: `label` is the profile's, empty without one."""

    adapter: Adapter
    label: str
    look: Look
    rank: int

    @property
    def needs_person(self) -> bool:
        return bool(self.label and self.look.act)


@dataclass(frozen=True)
class Next:
    """The next post that goes out by itself, its time in the creator's zone."""

    id: UUID
    text: str
    at: datetime
    when: str


@dataclass(frozen=True)
class Row:
    """A creator: an Access Group, its platforms with the broken ones first."""

    group: AccessGroup
    lines: list[Line]
    next: Next | None
    last_published: str

    @property
    def attention(self) -> int:
        return sum(line.needs_person for line in self.lines)

    @property
    def held(self) -> list[Line]:
        return [line for line in self.lines if line.label]

    @property
    def empty(self) -> list[Line]:
        return [line for line in self.lines if not line.label]


@dataclass(frozen=True)
class Roster:
    """One page; `waiting`: all creators of the person who need a hand."""

    rows: list[Row]
    page: Page[AccessGroup]
    waiting: int
    words: str

    @property
    def searchable(self) -> bool:
        return bool(self.words) or self.page.paginator.count > CREATORS


def roster_of(user: User, words: str = "", number: str = "") -> Roster:
    """Five queries: two counts, groups, profiles, next posts. Most trouble first."""
    words = " ".join(words.split())[:LONGEST_WORDS]
    everybody = _groups(user)
    found = everybody.filter(name__icontains=words) if words else everybody
    page = Paginator(found, CREATORS).get_page(number or 1)
    groups = list(page.object_list)
    profiles = _profiles(groups)
    posts = _posts(groups)
    rows = [_row(group, profiles[group.pk], posts.get(group.pk)) for group in groups]
    return Roster(rows, page, everybody.filter(broken__gt=0).count(), words)


def _groups(user: User) -> QuerySet[Any]:
    """Most `broken` profiles first, then by name; `next_id`: what goes out next."""
    waiting = Post.objects.alive().filter(
        group=OuterRef("pk"),
        scheduled_at__gte=clock.now(),
        targets__state=TargetState.SCHEDULED,
    )
    soonest = waiting.order_by("scheduled_at", "pk").values("pk")[:1]
    troubled = SocialProfile.objects.active().filter(
        group=OuterRef("pk"),
        platform__in=registry.keys(),
        connection__state__in=NEEDS_PERSON,
    )
    counted = troubled.order_by().values("group").annotate(n=Count("pk")).values("n")
    rows = AccessGroup.objects.visible_to(user).annotate(
        next_id=Subquery(soonest), broken=Coalesce(Subquery(counted), Value(0))
    )
    return rows.order_by("-broken", Lower("name"), "pk")


def _profiles(groups: list[AccessGroup]) -> dict[UUID, list[SocialProfile]]:
    """Of the registered platforms only: a row may outlive its adapter."""
    rows = SocialProfile.objects.active().filter(
        group__in=groups, platform__in=registry.keys(), connection__isnull=False
    )
    found: dict[UUID, list[SocialProfile]] = defaultdict(list)
    for profile in rows.select_related("connection"):
        found[profile.group_id].append(profile)
    return found


def _posts(groups: list[AccessGroup]) -> dict[UUID, Post]:
    ids = [group.next_id for group in groups]  # type: ignore[attr-defined]
    return {post.group_id: post for post in Post.objects.filter(pk__in=ids)}


def _row(group: AccessGroup, profiles: list[SocialProfile], post: Post | None) -> Row:
    latest = max(
        filter(None, (each.last_published_at for each in profiles)), default=None
    )
    return Row(
        group=group,
        lines=sorted(_lines(profiles), key=lambda line: line.rank),
        next=_next(group, post) if post else None,
        last_published=words(latest, group.timezone) if latest else "",
    )


def _lines(profiles: list[SocialProfile]) -> Iterable[Line]:
    """One for each profile, and one for each platform without any."""
    held = {profile.platform for profile in profiles}
    for profile in profiles:
        state = profile.connection.state
        adapter = registry.get(profile.platform)
        yield Line(adapter, profile.label, LOOKS[state], URGENCY[state])
    for adapter in registry.every():
        if adapter.key not in held:
            yield Line(adapter, "", EMPTY, LAST)


def _next(group: AccessGroup, post: Post) -> Next:
    assert post.scheduled_at is not None
    when = words(post.scheduled_at, group.timezone)
    return Next(post.pk, post.text, post.scheduled_at, when)
