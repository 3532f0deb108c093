"""Posts, and on each profile's the story of what was tried (R-F11, R-I1)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.models import AccessGroup, User
from accounts.people import with_address
from profiles.models import SocialProfile
from scheduling import story
from scheduling.models import Post, Target
from support.admin.base import StaffAdmin, is_uuid
from support.admin.panels import Cell, Panel, link

# An identity is connected once at a time; those before it are few.
SAME_HANDLE = 100
STORY = ("When", "What", "By", "Said", "Answer", "Their words")


@admin.register(Post)
class PostAdmin(StaffAdmin):
    account_path = "group.account"
    list_display = ("__str__", "group", "author", "scheduled_at", "deleted_at")
    list_select_related = ("group", "author")
    ordering = ("-scheduled_at",)
    linked_by = ("group", "targets__profile")
    fields = (
        "id",
        "group",
        "author",
        "text",
        "scheduled_at",
        "wall_at",
        "zone",
        "late_rule",
        "late_min",
        "created_at",
        "edited_at",
        "deleted_at",
    )
    search_help_text = (
        "The author's address, a profile's handle, the link of the published post, "
        "or an id: its own, the group's, the profile's."
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Post], search_term: str
    ) -> tuple[QuerySet[Post], bool]:
        words = search_term.strip().removeprefix("@")
        return (queryset.filter(_match(words)) if words else queryset), False

    def panels(self, request: HttpRequest, row: Post) -> list[Panel]:
        rows = row.targets.select_related("profile", "profile__group").order_by("pk")
        row = Post.objects.prefetch_related("events__actor").get(pk=row.pk)
        return [_told(row, each) for each in rows.prefetch_related("attempts")]


def _match(words: str) -> Q:
    """Each by an index of its own: one condition over joins would read everything."""
    if is_uuid(words):
        return next((q for rows, q in _ids(words) if rows.exists()), Q(pk=None))
    if words.startswith("https://"):
        return Q(pk__in=Target.objects.filter(permalink=words).values("post"))
    if "@" in words:
        return Q(author=with_address(words) or UUID(int=0))
    profiles = SocialProfile.objects.filter(handle__iexact=words)
    found = list(profiles.values_list("pk", flat=True)[:SAME_HANDLE])
    return Q(pk__in=Target.objects.filter(profile__in=found).values("post"))


def _ids(words: str) -> Iterator[tuple[QuerySet[Any], Q]]:
    """Whose id it may be, and the posts that are meant by it."""
    targets = Target.objects.all()
    yield Post.objects.filter(pk=words), Q(pk=words)
    of_target = targets.filter(pk=words)
    yield of_target, Q(pk__in=of_target.values("post"))
    yield AccessGroup.objects.filter(pk=words), Q(group=words)
    on_profile = targets.filter(profile_id=UUID(words))
    yield on_profile, Q(pk__in=on_profile.values("post"))
    yield User.objects.filter(pk=words), Q(author=words)


def _told(post: Post, target: Target) -> Panel:
    profile = target.profile
    title = f"{profile.label} on {profile.platform}: {target.get_state_display()}"
    facts: list[Any] = [
        [link(profile, "Profile"), Cell(f"Due {_when(target.due_at)}")],
        [Cell("Reason"), Cell(target.reason)],
        [Cell("Link"), Cell(target.permalink)],
    ]
    moments = [
        [
            Cell(_when(each.at)),
            Cell(each.title + (f" ({each.times} times)" if each.times > 1 else "")),
            Cell(each.by),
            Cell(each.text),
            Cell(_answer(each)),
            Cell(each.details),
        ]
        for each in story.of_target(post, target)
    ]
    return Panel(title, STORY, moments, facts=facts)


def _when(at: Any) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else ""


def _answer(moment: story.Moment) -> str:
    status = f"HTTP {moment.http_status}" if moment.http_status else ""
    return " ".join(filter(None, (status, moment.request_id)))
