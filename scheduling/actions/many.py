"""What is done to the posts of a whole profile: thousands in a few statements.

As `rows` does it to one; expects locked rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from accounts.models import User
from core.batches import batches
from scheduling.actions.rows import NO_REASON
from scheduling.models import EventKind, Post, PostEvent, Target
from scheduling.states import move_every


def rewrite_every(targets: Iterable[Target], to: str, **columns: Any) -> None:
    rows = list(targets)
    if not rows:
        return
    plain = {"lease_until": None, "next_at": None, **rows[0].fresh_claim(), **NO_REASON}
    move_every(rows, to, **{**plain, **columns})


def change_posts(ids: Iterable[UUID], **columns: Any) -> None:
    for some in batches(ids):
        Post.objects.filter(pk__in=some).update(**columns)


def tell_every(ids: Iterable[UUID], actor: User, kind: EventKind, text: str) -> None:
    """The same line in each one's story."""
    for some in batches(ids):
        PostEvent.objects.bulk_create(
            PostEvent(post_id=pk, actor=actor, kind=kind, text=text) for pk in some
        )
