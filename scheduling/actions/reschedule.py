from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.rights import Right, require
from core.errors import DomainError
from scheduling import allowance, times
from scheduling.actions.rows import (
    hold_profiles,
    lock,
    lock_targets,
    refuse_at_platform,
    rewrite,
    slot_columns,
    tell,
)
from scheduling.looks import clock_for
from scheduling.models import EventKind, Post, Target
from scheduling.states import FROZEN, OUT, TargetState
from scheduling.times import Slot


@transaction.atomic
def reschedule_post(*, actor: User, post: Post, wall: str) -> tuple[Post, Slot]:
    """Move a post to a clock time of its group's zone, as by a drag on the calendar.

    The time of a draft moves too, it stays a draft; what failed or was missed is
    scheduled anew. The slot's note tells of a clock change. Raises DomainError.
    """
    require(actor, post.group, Right.SCHEDULE)
    group, post = post.group, lock(post)
    targets = lock_targets(post)
    _refuse(targets)
    slot = times.parse(wall, group.timezone)
    times.require_future(slot)
    before = post.scheduled_at
    for target in targets:
        _move(target, slot)
    hold_profiles(group, {target.profile_id for target in targets})
    allowance.require(group, targets)
    _write(post, actor, slot)
    tell(post, actor, EventKind.MOVED, _words(before, slot))
    return post, slot


def _refuse(targets: list[Target]) -> None:
    refuse_at_platform(targets)
    states = {target.state for target in targets}
    if states & OUT or any(t.out_in_part for t in targets):
        raise DomainError("published", "This post is out: its time can't be changed.")
    if states & FROZEN:
        raise DomainError(
            "needs_check",
            "It isn't known yet whether this post is out. Settle that first.",
        )


def _move(target: Target, slot: Slot) -> None:
    if not target.editable or target.state == TargetState.DRAFT:
        return
    assert slot.instant is not None
    clock = clock_for(target.profile.platform, slot.instant)
    rewrite(target, TargetState.SCHEDULED, **clock)


def _write(post: Post, actor: User, slot: Slot) -> None:
    post.author = actor
    post.version += 1
    for name, value in slot_columns(slot).items():
        setattr(post, name, value)
    post.save(update_fields=["author", "version", "scheduled_at", "wall_at", "zone"])


def _words(before: datetime | None, slot: Slot) -> str:
    assert slot.instant is not None
    to = times.words(slot.instant, slot.zone)
    if before is None:
        return f"Moved to {to}."
    return f"Moved from {times.words(before, slot.zone)} to {to}."
