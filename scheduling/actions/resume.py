"""What stood still goes on, by a person's choice or a stop's plan (R-D6, R-F10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts.models import User
from accounts.rights import Right, require
from core import clock
from core.errors import DomainError, DomainErrors
from platforms import registry
from profiles.models import SocialProfile
from scheduling import checks, coverage, drafts, resuming, stops, times
from scheduling.actions.rows import (
    answer_for,
    lock_every,
    locked,
    platform,
    rewrite,
    slot_columns,
)
from scheduling.looks import clock_for
from scheduling.models import EventKind, Post, PostEvent, ResumePlan, Target
from scheduling.resuming import RESUMABLE, SPACING_MIN
from scheduling.states import ON_HOLD, TargetState

CHOICES = (ResumePlan.NOW, ResumePlan.FREE, ResumePlan.TOMORROW, ResumePlan.DROP)
# A person waits for the answer; the rest is there for another press.
BATCH = 500


@dataclass(frozen=True)
class Resumed:
    """How many go on, the first and the last of them when; no times for a drop."""

    count: int
    first: datetime | None = None
    last: datetime | None = None


@transaction.atomic
def resume_target(*, actor: User, target: Target, plan: str) -> Resumed:
    """Let one target that failed, was missed or held go on, unless it would fail again.

    The rights of whoever asks for the publication count at its time (R-F2).
    """
    require(actor, target.post.group, Right.SCHEDULE)
    _refuse(resuming.problems(plan, SPACING_MIN, CHOICES))
    target = locked(target)
    if target.state not in RESUMABLE:
        raise DomainError(
            "not_retryable",
            "This has moved on meanwhile: there is nothing to try again.",
        )
    if plan != ResumePlan.DROP:
        _refuse_hopeless(target)
    answer_for(target.post, actor)
    return carry_on([target], plan, SPACING_MIN, actor)


@transaction.atomic
def resume_profile(
    *, actor: User, profile: SocialProfile, plan: str, spacing_min: int = SPACING_MIN
) -> Resumed:
    """All that is on hold or was missed on one profile, spaced apart."""
    require(actor, profile.group, Right.SCHEDULE)
    _refuse(resuming.problems(plan, spacing_min, CHOICES))
    waiting = Target.objects.filter(
        profile=profile, post__group=profile.group, state__in=ON_HOLD
    )
    targets = lock_every(waiting.order_by("due_at", "pk")[:BATCH])
    found = [target for target in targets if target.state in ON_HOLD]
    if not found:
        raise DomainError("nothing_held", "Nothing is on hold here any more.")
    if plan != ResumePlan.DROP:
        _refuse_profile(found[0])
    posts = Post.objects.filter(pk__in={target.post_id for target in found})
    posts.update(author=actor, version=F("version") + 1)
    return carry_on(found, plan, spacing_min, actor)


def carry_on(
    targets: list[Target], plan: str, spacing_min: int, actor: User | None
) -> Resumed:
    """Expects locked rows with their post; `actor` None: a stop ended by itself."""
    if plan == ResumePlan.DROP:
        return _drop(targets, actor)
    placed = resuming.place(targets, plan, spacing_min)
    for target, at in placed:
        clocked = clock_for(target.profile.platform, at)
        rewrite(target, TargetState.SCHEDULED, **clocked)
    _move_posts(placed)
    PostEvent.objects.bulk_create(
        _told(target, actor, _going(target, plan, at)) for target, at in placed
    )
    moments = [at for _, at in placed]
    return Resumed(len(placed), min(moments, default=None), max(moments, default=None))


def _going(target: Target, plan: str, at: datetime) -> tuple[EventKind, str]:
    name = platform(target)
    if plan == ResumePlan.NOW and at <= clock.now():
        return EventKind.RETRIED, f"Asked to try {name} again."
    zone = target.post.group.timezone
    return EventKind.RESUMED, f"Resumed: goes out on {name} {times.words(at, zone)}."


def _told(target: Target, actor: User | None, told: tuple[EventKind, str]) -> PostEvent:
    kind, text = told
    return PostEvent(post=target.post, target=target, actor=actor, kind=kind, text=text)


def _drop(targets: list[Target], actor: User | None) -> Resumed:
    who = str(actor) if actor else "The stop's plan"
    for target in targets:
        if target.out_in_part:
            # What is out stays; only what would have followed is dropped.
            rewrite(target, TargetState.PUBLISHED)
            continue
        rewrite(
            target,
            TargetState.CANCELLED,
            reason_code="dropped_by_choice",
            reason=f"{who} dropped it: it wasn't sent.",
        )
    PostEvent.objects.bulk_create(
        _told(target, actor, (EventKind.DROPPED, f"Dropped on {platform(target)}."))
        for target in targets
    )
    return Resumed(len(targets))


def _move_posts(placed: list[tuple[Target, datetime]]) -> None:
    """The calendar shows a post where it goes out, once none of it is elsewhere."""
    firsts: dict[UUID, tuple[Post, datetime]] = {}
    for target, at in placed:
        post, first = firsts.get(target.post_id, (target.post, at))
        firsts[target.post_id] = post, min(first, at)
    elsewhere = _elsewhere(firsts, [target.pk for target, _ in placed])
    moved = [_moved(*first) for pk, first in firsts.items() if pk not in elsewhere]
    Post.objects.bulk_update(moved, ["scheduled_at", "wall_at", "zone"], batch_size=500)


def _moved(post: Post, at: datetime) -> Post:
    slot = times.at(at, post.zone or post.group.timezone)
    for name, value in slot_columns(slot).items():
        setattr(post, name, value)
    return post


def _elsewhere(posts: Iterable[UUID], moved: list[UUID]) -> set[UUID]:
    others = Target.objects.filter(post__in=list(posts)).exclude(pk__in=moved)
    others = others.exclude(state=TargetState.CANCELLED)
    return set(others.values_list("post_id", flat=True))


def _refuse(errors: list[DomainError]) -> None:
    if errors:
        raise DomainErrors(errors)


def _refuse_profile(target: Target) -> None:
    stop = stops.stop_over(target)
    if stop:
        words = f"{stops.why(stop)} Lift the stop first."
        raise DomainError("stopped", words, field="plan")
    trouble = checks.connection_trouble(target.profile)
    if trouble and not coverage.by_hand(target):
        raise DomainError("not_connected", trouble, field="profiles")


def _refuse_hopeless(target: Target) -> None:
    _refuse_profile(target)
    by_hand = coverage.by_hand(target)
    adapter = registry.get(target.profile.platform)
    found = adapter.problems(drafts.sketch_of(target), target.profile.for_platform())
    _refuse(
        [
            DomainError(problem.code, problem.message, field=problem.field)
            for problem in found
            if problem.blocking and not (by_hand and problem.by_hand)
        ]
    )
