from __future__ import annotations

from django.db import transaction

from accounts.models import User
from accounts.rights import Right, require
from core import clock
from core.errors import DomainError
from scheduling.actions.rows import cancel, lock, lock_targets, refuse_at_platform, tell
from scheduling.models import EventKind, Post


@transaction.atomic
def delete_post(*, actor: User, post: Post) -> Post:
    """Cancel all that isn't out. What is out stays: we can't delete it there (R-E3)."""
    require(actor, post.group, Right.SCHEDULE)
    post = lock(post)
    targets = lock_targets(post)
    refuse_at_platform(targets)
    waiting = [target for target in targets if target.editable]
    frozen = any(target.frozen for target in targets)
    if frozen and not waiting:
        raise DomainError(
            "published",
            "This post is out. Delete it on the platform itself: "
            "this product never deletes published posts.",
        )
    for target in waiting:
        cancel(target)
    post.version += 1
    post.deleted_at = None if frozen else clock.now()
    post.save(update_fields=["version", "deleted_at"])
    words = "Cancelled what wasn't out yet." if frozen else "Deleted."
    tell(post, actor, EventKind.DELETED, words)
    return post
