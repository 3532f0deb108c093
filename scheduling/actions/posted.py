"""A person says that what they were reminded of is posted (R-E5)."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from accounts.rights import Right, require
from core import clock
from core.errors import DomainError
from scheduling.actions.rows import locked, platform, rewrite, tell
from scheduling.actions.settle import check_link
from scheduling.models import EventKind, Target
from scheduling.states import TargetState


@transaction.atomic
def mark_posted(*, actor: User, target: Target, link: str = "") -> Target:
    """`link` is its address on the platform, "" when nobody looked it up."""
    require(actor, target.post.group, Right.SCHEDULE)
    link = link.strip()
    check_link(link)
    target = locked(target)
    if target.state != TargetState.REMINDER:
        raise DomainError(
            "not_reminded", "This has moved on meanwhile: there is nothing to mark."
        )
    rewrite(target, TargetState.DONE, published_at=clock.now(), permalink=link)
    words = f"Posted to {platform(target)} by hand."
    tell(target.post, actor, EventKind.POSTED, words, target)
    return target
