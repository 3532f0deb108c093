"""Part a post on several profiles, so that one profile's share goes its own way."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from accounts.models import AccessGroup, User
from scheduling.models import EventKind, Post, PostEvent, PostMedia, Target
from scheduling.queries import TAKEN_OFF
from scheduling.states import stay


def shared(targets: Iterable[Target]) -> set[UUID]:
    """Of locked targets of one profile: the posts that go elsewhere, too."""
    rows = list(targets)
    others = Target.objects.filter(post__in={target.post_id for target in rows})
    others = others.exclude(pk__in=[target.pk for target in rows]).exclude(TAKEN_OFF)
    return set(others.values_list("post_id", flat=True))


def split_off(targets: list[Target], group: AccessGroup, actor: User) -> None:
    """Each gets a post of its own in `group`: same text, files, time and rule.

    Expects locked rows with their post. The row itself moves, with its attempts.
    """
    copies = {target.pk: _copy(target.post, group) for target in targets}
    Post.objects.bulk_create(copies.values())
    _attach_same(targets, copies)
    for target in targets:
        post = copies[target.pk]
        stay(target, expect=target.state, post_id=post.pk, fence=target.fence + 1)
        target.post = post
    PostEvent.objects.bulk_create(
        PostEvent(
            post=post,
            actor=actor,
            kind=EventKind.CREATED,
            text="Split off from a post on several profiles.",
        )
        for post in copies.values()
    )


def _copy(post: Post, group: AccessGroup) -> Post:
    return Post(
        group=group,
        author_id=post.author_id,
        text=post.text,
        scheduled_at=post.scheduled_at,
        wall_at=post.wall_at,
        zone=post.zone,
        late_rule=post.late_rule,
        late_min=post.late_min,
        created_at=post.created_at,
        edited_at=post.edited_at,
    )


def _attach_same(targets: list[Target], copies: dict[UUID, Post]) -> None:
    to = {target.post_id: copies[target.pk] for target in targets}
    rows = PostMedia.objects.filter(post__in=to)
    PostMedia.objects.bulk_create(
        PostMedia(post=to[row.post_id], item_id=row.item_id, position=row.position)
        for row in rows
    )
