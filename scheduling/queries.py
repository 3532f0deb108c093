"""Reads that span models: the calendar's posts, a post with all that its page shows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Substr

from accounts.models import AccessGroup
from core.tenancy import Viewer
from platforms import registry
from profiles.models import SocialProfile
from scheduling import standing
from scheduling.models import Post, PostEvent, PostMedia, Stop, Target
from scheduling.states import AT_RISK, EDITABLE, ON_HOLD, TO_REMIND, TargetState
from scheduling.summary import Summary, summarise

EXCERPT = 90
MOST_UNDATED = 100
WITH_PROFILE = ("profile__connection",)
MOVABLE = EDITABLE | {AT_RISK, TO_REMIND}
BY_PLATFORM = ("profile__platform", "profile__name", "pk")
# Unlike what was dropped, it isn't the post's any more.
TAKEN_OFF = Q(state=TargetState.CANCELLED, reason_code="")


@dataclass(frozen=True)
class Chip:
    """A post as the calendar shows it; `cover` is the id of its first file."""

    id: UUID
    at: datetime | None
    text: str
    profiles: tuple[UUID, ...]
    cover: UUID | None
    summary: Summary
    movable: bool


@dataclass(frozen=True)
class Undated:
    id: UUID
    text: str


@dataclass(frozen=True)
class Filters:
    """What the calendar is narrowed to; empty: everything."""

    profiles: frozenset[UUID] = frozenset()
    states: frozenset[str] = frozenset()

    def admits(self, chip: Chip) -> bool:
        on_profile = not self.profiles or bool(self.profiles & set(chip.profiles))
        return on_profile and (not self.states or chip.summary.state in self.states)


NO_FILTERS = Filters()


def between(
    group: AccessGroup,
    start: datetime,
    end: datetime,
    filters: Filters = NO_FILTERS,
) -> list[Chip]:
    """Posts of a group from `start` to before `end`; three queries, however many."""
    return _chips(
        Q(group=group, scheduled_at__gte=start, scheduled_at__lt=end), filters
    )


@dataclass(frozen=True)
class Standing:
    """Whether a stop is in force over a group, how many posts wait for a choice.

    `planned`: some post has a time; `live`: something went out from here once.
    """

    stopped: bool
    on_hold: int
    planned: bool
    live: bool


def planning(user: Viewer, group_id: UUID) -> tuple[AccessGroup, Standing]:
    """The calendar's group with how it stands: one query. Http404 as ever."""
    rows = AccessGroup.objects.select_related("account").annotate(
        stopped=Exists(_stops()),
        on_hold=Subquery(_on_hold()),
        planned=Exists(
            Post.objects.alive().filter(
                group=OuterRef("pk"), scheduled_at__isnull=False
            )
        ),
        live=Exists(
            SocialProfile.objects.filter(
                group=OuterRef("pk"), last_published_at__isnull=False
            )
        ),
    )
    row: Any = rows.get_visible(user, pk=group_id)
    return row, Standing(row.stopped, row.on_hold or 0, row.planned, row.live)


def _stops() -> QuerySet[Stop]:
    return Stop.objects.in_force().filter(
        Q(group=None) | Q(group=OuterRef("pk")), account=OuterRef("account_id")
    )


def _on_hold() -> QuerySet[Target, Any]:
    waiting = Target.objects.filter(
        profile__group=OuterRef("pk"), post__deleted_at=None, state__in=ON_HOLD
    )
    counted = waiting.order_by().values("profile__group").annotate(n=Count("pk"))
    return counted.values("n")


def undated(group: AccessGroup) -> list[Undated]:
    """Drafts that have no time yet, newest first; one query."""
    rows = Post.objects.alive().filter(group=group, scheduled_at=None)
    found = rows.annotate(excerpt=Substr("text", 1, EXCERPT + 1)).order_by(
        "-created_at"
    )
    rows_found = found.values_list("pk", "excerpt")[:MOST_UNDATED]
    return [Undated(pk, excerpt(text)) for pk, text in rows_found]


def shown(post: Post) -> list[Target]:
    """Targets that people see: without profiles that were taken off the post."""
    return [target for target in post.targets.all() if not is_off(target)]


def all_dropped(post: Post) -> bool:
    """Nothing of it is left to go out: whoever opens it may want it all again."""
    return all(target.dropped for target in shown(post))


def is_off(target: Target) -> bool:
    """As TAKEN_OFF, of one row."""
    return target.state == TargetState.CANCELLED and not target.dropped


def chip_of(post: Post) -> Chip:
    return _chips(Q(pk=post.pk), NO_FILTERS)[0]


def _chips(which: Q, filters: Filters) -> list[Chip]:
    posts = Post.objects.alive().filter(which)
    rows = posts.annotate(excerpt=Substr("text", 1, EXCERPT + 1)).order_by(
        "scheduled_at", "created_at", "pk"
    )
    targets = _targets(posts)
    covers = dict(
        PostMedia.objects.filter(post__in=posts, position=0).values_list(
            "post_id", "item_id"
        )
    )
    found = (
        _chip(pk, at, text, targets[pk], covers.get(pk))
        for pk, at, text in rows.values_list("pk", "scheduled_at", "excerpt")
    )
    return [chip for chip in found if filters.admits(chip)]


TargetRow = tuple[UUID, str, str | None]


def _targets(posts: QuerySet[Post]) -> dict[UUID, list[TargetRow]]:
    rows = Target.objects.filter(post__in=posts).exclude(TAKEN_OFF)
    rows = rows.annotate(seen=standing.in_query())
    found: dict[UUID, list[TargetRow]] = defaultdict(list)
    for post, *row in rows.order_by("profile__platform", "profile_id").values_list(
        "post_id", "profile_id", "seen", Substr("text", 1, EXCERPT + 1)
    ):
        found[post].append((row[0], row[1], row[2]))
    return found


def _chip(
    pk: UUID,
    at: datetime | None,
    text: str,
    targets: list[TargetRow],
    cover: UUID | None,
) -> Chip:
    states = [state for _, state, _ in targets]
    return Chip(
        id=pk,
        at=at,
        text=excerpt(text or next((own for _, _, own in targets if own), "")),
        profiles=tuple(profile for profile, _, _ in targets),
        cover=cover,
        summary=summarise(states),
        movable=all(state in MOVABLE for state in states),
    )


def excerpt(text: str) -> str:
    """What fits a line; one sees that there is more."""
    return text if len(text) <= EXCERPT else f"{text[: EXCERPT - 1].rstrip()}…"


def profiles_of(group: AccessGroup) -> list[SocialProfile]:
    """Everyone a post of this group can go to, with the connection's state."""
    rows = SocialProfile.objects.active().filter(
        group=group, platform__in=registry.keys()
    )
    return list(rows.select_related("connection", "social_set"))


def get_post(user: Viewer, group_id: UUID, pk: UUID) -> Post:
    """With targets, files and what people did; Http404 for strangers and deleted ones."""
    targets = Target.objects.select_related(*WITH_PROFILE).order_by(*BY_PLATFORM)
    rows = Post.objects.alive().select_related("group", "author")
    return rows.prefetch_related(
        Prefetch("targets", targets),
        Prefetch("attachments", PostMedia.objects.select_related("item")),
        Prefetch("events", PostEvent.objects.select_related("actor")),
    ).get_visible(user, pk=pk, group_id=group_id)


def get_target(user: Viewer, group_id: UUID, post_id: UUID, pk: UUID) -> Target:
    """Http404 for strangers, and for targets of deleted posts."""
    rows = Target.objects.select_related("post__group", *WITH_PROFILE)
    return rows.filter(post__deleted_at=None).get_visible(
        user, pk=pk, post_id=post_id, post__group_id=group_id
    )
