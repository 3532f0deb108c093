"""Posts of one profile to another of its platform, by a person's choice (R-D7)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F

from accounts.models import User
from core.errors import DomainError, DomainErrors
from platforms import registry
from profiles.models import SocialProfile
from scheduling import drafts, quotas
from scheduling.actions.rows import cancel, rewrite
from scheduling.actions.split import split_off
from scheduling.models import EventKind, Post, PostEvent, Target
from scheduling.queries import excerpt, is_off
from scheduling.states import TargetState

# More would be no help: they are mended one by one anyway.
MOST_TOLD = 5


def hand_over(targets: list[Target], heir: SocialProfile, actor: User) -> None:
    """Expects locked rows with their posts. Raises DomainErrors with what doesn't fit.

    Where a post goes to the heir already, it just loses the leaving profile. What was
    on hold stays on hold there: nothing old goes out unasked.
    """
    _refuse_unfit(targets, heir)
    there = _there(targets, heir)
    meant = [t for t in targets if not _goes_there(there.get(t.post_id))]
    _part_on_hold(meant, there, actor)
    placed = [_place(target, heir, there.get(target.post_id)) for target in meant]
    for target in targets:
        cancel(target)
    _refuse_crowd(placed, heir)
    _tell(targets, heir, actor)


def _refuse_unfit(targets: list[Target], heir: SocialProfile) -> None:
    adapter = registry.get(heir.platform)
    errors = []
    for target in targets:
        found = adapter.problems(drafts.sketch_of(target), heir.for_platform())
        errors += [
            DomainError(p.code, f"{_name(target)}: {p.message}", field="heir")
            for p in found
            if p.blocking
        ]
    _refuse(errors)


def _refuse_crowd(placed: Iterable[Target], heir: SocialProfile) -> None:
    """R-F5: with all of them in place, none may be one too many for the heir."""
    adapter = registry.get(heir.platform)
    errors = []
    for target in placed:
        if target.state != TargetState.SCHEDULED or target.due_at is None:
            continue
        words = quotas.trouble(heir, adapter, target.due_at, but=target.pk)
        if words:
            errors.append(DomainError("quota", words, field="heir"))
    _refuse(errors)


def _refuse(errors: list[DomainError]) -> None:
    if not errors:
        return
    told = errors[:MOST_TOLD]
    if more := len(errors) - len(told):
        told.append(DomainError("more", f"And {more} more.", field="heir"))
    raise DomainErrors(told)


def _name(target: Target) -> str:
    return f"“{excerpt(target.own_text) or 'A post without text'}”"


def _there(targets: Iterable[Target], heir: SocialProfile) -> dict[UUID, Target]:
    posts = {target.post_id for target in targets}
    rows = Target.objects.select_for_update(of=("self",)).filter(post__in=posts)
    return {row.post_id: row for row in rows.filter(profile=heir).order_by("pk")}


def _goes_there(row: Target | None) -> bool:
    return row is not None and not is_off(row)


def _part_on_hold(
    targets: list[Target], there: dict[UUID, Target], actor: User
) -> None:
    """A row that was taken off can only be scheduled again, not put on hold."""
    held = [t for t in targets if t.post_id in there and not _scheduled(t)]
    if held:
        split_off(held, held[0].post.group, actor)


def _scheduled(target: Target) -> bool:
    return target.state == TargetState.SCHEDULED


def _place(target: Target, heir: SocialProfile, row: Target | None) -> Target:
    columns = _share(target)
    if row is None:
        return Target.objects.create(
            post_id=target.post_id, profile=heir, state=target.state, **columns
        )
    rewrite(row, TargetState.SCHEDULED, **columns)
    return row


def _share(target: Target) -> dict[str, Any]:
    """What was written and when it is due; what was prepared stays with the old one."""
    names = ("kind", "text", "options", "media_ids", "due_at", "next_at")
    why = () if _scheduled(target) else ("reason_code", "reason", "details")
    return {name: getattr(target, name) for name in (*names, *why)}


def _tell(targets: list[Target], heir: SocialProfile, actor: User) -> None:
    """Whoever moves them answers for their publication there (R-F2)."""
    posts = Post.objects.filter(pk__in={target.post_id for target in targets})
    posts.update(author=actor, version=F("version") + 1)
    PostEvent.objects.bulk_create(
        PostEvent(
            post_id=target.post_id,
            actor=actor,
            kind=EventKind.EDITED,
            text=f"Moved from {target.profile.label} to {heir.label}.",
        )
        for target in targets
    )
