"""Rows that the acts share: locking them, changing targets, writing the story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import AccessGroup, User
from core.batches import batches
from core.errors import DomainError
from media.models import MediaItem
from platforms import registry
from profiles.models import SocialProfile
from scheduling import lateness
from scheduling.checks import Part, unknown_profile
from scheduling.content import Mode, When
from scheduling.looks import clock_for
from scheduling.models import EventKind, Post, PostEvent, PostMedia, Target
from scheduling.states import AT_PLATFORM, PublishBy, TargetState, move, stay
from scheduling.times import Slot

NO_REASON = {"reason_code": "", "reason": "", "reason_field": "", "details": ""}


def lock(post: Post) -> Post:
    """The row as it is now, held until the transaction ends; told when it is gone,
    from its group, too: rights were judged there (R-B5)."""
    rows = Post.objects.alive().select_for_update()
    found = rows.filter(pk=post.pk, group=post.group_id).first()
    if found is None:
        raise DomainError("deleted", "This post was deleted or moved meanwhile.")
    return found


def lock_targets(post: Post) -> list[Target]:
    """Held, so that the worker's conditional updates come before us or lose."""
    rows = Target.objects.select_for_update(of=("self",)).filter(post=post)
    return list(rows.select_related("profile").order_by("pk"))


def locked(target: Target) -> Target:
    """The row as it is now; the post is locked first, as everywhere."""
    post = lock(target.post)
    found = next((row for row in lock_targets(post) if row.pk == target.pk), None)
    if found is None:
        raise DomainError("deleted", "This was deleted meanwhile.")
    found.post = post
    return found


def lock_every(rows: QuerySet[Target]) -> list[Target]:
    """Targets of many posts as they are now, in the one order that can't deadlock:
    posts by id, then targets by id. Deleted posts' are left out."""
    found = dict(rows.values_list("pk", "post_id"))
    kept = _locked_posts(set(found.values()))
    return [
        target
        for some in batches(sorted(found))
        for target in _locked_targets(some, kept)
    ]


def _locked_posts(ids: Iterable[UUID]) -> dict[UUID, Post]:
    posts = Post.objects.alive().select_for_update(of=("self",)).order_by("pk")
    posts = posts.prefetch_related("group")
    found = (posts.filter(pk__in=some) for some in batches(sorted(ids)))
    return {post.pk: post for some in found for post in some}


def _locked_targets(ids: list[UUID], kept: dict[UUID, Post]) -> Iterator[Target]:
    """Each with its post; one object a profile, however many its posts are."""
    targets = Target.objects.select_for_update(of=("self",)).filter(pk__in=ids)
    targets = targets.prefetch_related("profile__connection").order_by("pk")
    for target in targets:
        if target.post_id in kept:
            target.post = kept[target.post_id]
            yield target


def require_here(group: AccessGroup, parts: Iterable[Part]) -> None:
    """None of the profiles was moved or disconnected meanwhile, nor will be until this
    is committed (R-B5, R-D7). Locked after the post, as by whoever moves one."""
    ids = {part.profile.pk for part in parts}
    if hold_profiles(group, ids) < len(ids):
        raise unknown_profile()


def hold_profiles(group: AccessGroup, ids: Iterable[UUID]) -> int:
    """Lock those that are in the group until the transaction ends; how many they are."""
    rows = SocialProfile.objects.active().filter(group=group, pk__in=ids)
    here = rows.select_for_update(of=("self",), no_key=True).order_by("pk")
    return len(here.values_list("pk"))


def answer_for(post: Post, actor: User) -> None:
    """The rights of whoever asks for the publication count at its time (R-F2)."""
    post.author = actor
    post.version += 1
    post.save(update_fields=["author", "version"])


def rewrite(target: Target, to: str, **columns: Any) -> None:
    """Move, or stay where it is already; either way a worker's claim is lost."""
    columns = {
        "fence": target.fence + 1,
        "lease_until": None,
        "next_at": None,
        **target.fresh_claim(),
        **NO_REASON,
        **columns,
    }
    if target.state == to:
        stay(target, expect=to, **columns)
    else:
        move(target, to, expect=target.state, **columns)


def cancel(target: Target) -> None:
    rewrite(target, TargetState.CANCELLED)


def refuse_at_platform(targets: Iterable[Target]) -> None:
    names = sorted({platform(t) for t in targets if t.state in AT_PLATFORM})
    if names:
        raise DomainError(
            "publishing_now",
            f"{' and '.join(names)} has this post in hand right now. "
            "Wait until it is settled, then try again.",
        )


def platform(target: Target) -> str:
    return registry.adapter_class(target.profile.platform).name


def attach(post: Post, items: Iterable[MediaItem]) -> None:
    PostMedia.objects.bulk_create(
        PostMedia(post=post, item=item, position=position)
        for position, item in enumerate(items)
    )


def tell(
    post: Post,
    actor: User,
    kind: EventKind,
    text: str,
    target: Target | None = None,
) -> None:
    PostEvent.objects.create(
        post=post, actor=actor, kind=kind, text=text, target=target
    )


def slot_columns(slot: Slot) -> dict[str, object]:
    return {"scheduled_at": slot.instant, "wall_at": slot.wall, "zone": slot.zone}


def late_columns(when: When) -> dict[str, object]:
    return lateness.columns(when.late) if when.late else {}


def clock_columns(part: Part, mode: Mode, slot: Slot) -> Mapping[str, object]:
    if mode == Mode.DRAFT or slot.instant is None:
        return {"due_at": None, "next_at": None}
    if part.by_hand:
        return {"due_at": slot.instant, "next_at": slot.instant}
    return clock_for(part.profile.platform, slot.instant)


def target_columns(part: Part, mode: Mode, slot: Slot) -> dict[str, object]:
    draft = mode == Mode.DRAFT
    return {
        "profile": part.profile,
        "state": TargetState.DRAFT if draft else TargetState.SCHEDULED,
        "kind": part.draft.kind,
        "text": part.variation.text,
        "options": part.variation.all_options,
        "publish_by": part.variation.publish_by or PublishBy.AUTO,
        **clock_columns(part, mode, slot),
    }
