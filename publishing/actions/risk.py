"""What will stop a coming post at its time, as far as it is known now (R-F9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from platforms.adapter import Adapter
from publishing.actions.check import Refusal, author, standing
from scheduling import coverage, drafts, following, quotas, times
from scheduling.models import Target


@dataclass(frozen=True)
class Risk:
    """`field` is the part of the post that has to change, "" when it is another."""

    code: str
    message: str
    field: str = ""


def risk_of(target: Target, adapter: Adapter) -> Risk | None:
    """The first thing in the way; reads only. A reminder needs a person only."""
    if coverage.by_hand(target):
        return _of(author(target))
    return (
        _plan(target)
        or _of(standing(target))
        or _ending(target, adapter)
        or _content(target, adapter)
        or _quota(target, adapter)
        or _following(target)
    )


def _plan(target: Target) -> Risk | None:
    words = coverage.trouble(target)
    if not words:
        return None
    told = f"{words} At its time you will be reminded to post it by hand."
    return Risk(coverage.CODE, told, "publish_by")


def _of(refused: Refusal | None) -> Risk | None:
    return Risk(refused.code, refused.message) if refused else None


def _ending(target: Target, adapter: Adapter) -> Risk | None:
    """A sign-in that nobody can renew but the person, and that ends before the time."""
    ends: datetime | None = target.profile.connection.ends_at
    if ends is None or target.due_at is None or ends > target.due_at:
        return None
    when = times.words(ends, target.post.group.timezone)
    words = (
        f"The {adapter.name} connection of {target.profile.label} ends {when}, before "
        "this post's time. Refresh it before then."
    )
    return Risk("connection_ends", words)


def _content(target: Target, adapter: Adapter) -> Risk | None:
    profile = target.profile.for_platform()
    found = adapter.problems(drafts.sketch_of(target), profile)
    blocking = next((problem for problem in found if problem.blocking), None)
    if blocking is None:
        return None
    return Risk(blocking.code, blocking.message, blocking.field)


def _following(target: Target) -> Risk | None:
    """The post itself goes out; what follows it would be held."""
    if not drafts.follow_ups(target):
        return None
    words = following.trouble(target.profile)
    return Risk(following.CODE, words, "options") if words else None


def _quota(target: Target, adapter: Adapter) -> Risk | None:
    assert target.due_at is not None
    words = quotas.trouble(target.profile, adapter, target.due_at, but=target.pk)
    return Risk("quota", words, "wall_at") if words else None
