"""Part a post on several profiles, so that one profile's share goes its own way."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from accounts.models import AccessGroup, User
from core.batches import batches
from scheduling.actions.many import tell_every
from scheduling.models import EventKind, Post, PostMedia, Target
from scheduling.queries import TAKEN_OFF
from scheduling.states import LostClaim

SPLIT_OFF = "Split off from a post on several profiles."


def shared(targets: Iterable[Target]) -> set[UUID]:
    """Of locked targets of one profile: the posts that go elsewhere, too."""
    found: set[UUID] = set()
    for some in batches(targets):
        others = Target.objects.filter(post__in=[target.post_id for target in some])
        others = others.exclude(profile=some[0].profile_id).exclude(TAKEN_OFF)
        found.update(others.values_list("post_id", flat=True))
    return found


def split_off(targets: list[Target], group: AccessGroup, actor: User) -> None:
    """Each gets a post of its own in `group`: same text, files, time and rule.

    Expects locked rows with their post. The row itself moves, with its attempts.
    """
    for some in batches(targets):
        copies = {target.pk: _copy(target.post, group) for target in some}
        Post.objects.bulk_create(copies.values())
        _attach_same(some, copies)
        for target in some:
            target.post = copies[target.pk]
            target.fence += 1
        if Target.objects.bulk_update(some, ["post", "fence"]) != len(some):
            raise LostClaim(f"{len(some)} at once")
        ids = [post.pk for post in copies.values()]
        tell_every(ids, actor, EventKind.CREATED, SPLIT_OFF)


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
