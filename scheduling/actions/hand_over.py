"""Posts of one profile to another of its platform, by a person's choice (R-D7)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import F

from accounts.models import User
from core.batches import SIZE, batches
from core.errors import DomainError, DomainErrors
from platforms import registry
from profiles.models import SocialProfile
from scheduling import drafts, quotas
from scheduling.actions.many import change_posts, rewrite_every, tell_every
from scheduling.actions.rows import rewrite
from scheduling.actions.split import split_off
from scheduling.models import EventKind, Target
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
    placed = _place_every(meant, heir, there)
    rewrite_every(targets, TargetState.CANCELLED)
    _refuse_crowd(placed, heir)
    _tell(targets, heir, actor)


def _refuse_unfit(targets: list[Target], heir: SocialProfile) -> None:
    adapter = registry.get(heir.platform)
    errors = []
    for some in batches(targets):
        drafts.load_files(some)
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
    due = [t for t in placed if t.state == TargetState.SCHEDULED and t.due_at]
    crowded = quotas.crowded(heir, adapter, due)
    errors = [
        DomainError("quota", words, field="heir")
        for target in crowded[:MOST_TOLD]
        if target.due_at is not None
        and (words := quotas.trouble(heir, adapter, target.due_at, but=target.pk))
    ]
    _refuse(errors, len(crowded))


def _refuse(errors: list[DomainError], count: int | None = None) -> None:
    """`count` of all, where not every one was put into words."""
    if not errors:
        return
    told = errors[:MOST_TOLD]
    if more := (count or len(errors)) - len(told):
        told.append(DomainError("more", f"And {more} more.", field="heir"))
    raise DomainErrors(told)


def _name(target: Target) -> str:
    return f"“{excerpt(target.own_text) or 'A post without text'}”"


def _there(targets: Iterable[Target], heir: SocialProfile) -> dict[UUID, Target]:
    rows = Target.objects.select_for_update(of=("self",)).filter(profile=heir)
    posts = sorted({target.post_id for target in targets})
    found = (rows.filter(post__in=some).order_by("pk") for some in batches(posts))
    return {row.post_id: row for some in found for row in some}


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


def _place_every(
    targets: Iterable[Target], heir: SocialProfile, there: dict[UUID, Target]
) -> list[Target]:
    """New rows at once; those that were taken off the heir go there again."""
    new, again = [], []
    for target in targets:
        row = there.get(target.post_id)
        if row is None:
            new.append(_new(target, heir))
            continue
        rewrite(row, TargetState.SCHEDULED, **_share(target))
        again.append(row)
    Target.objects.bulk_create(new, batch_size=SIZE)
    return new + again


def _new(target: Target, heir: SocialProfile) -> Target:
    columns = _share(target)
    return Target(post_id=target.post_id, profile=heir, state=target.state, **columns)


def _share(target: Target) -> dict[str, Any]:
    """What was written and when it is due; what was prepared stays with the old one."""
    names = ("kind", "text", "options", "media_ids", "publish_by", "due_at", "next_at")
    why = () if _scheduled(target) else ("reason_code", "reason", "details")
    return {name: getattr(target, name) for name in (*names, *why)}


def _tell(targets: list[Target], heir: SocialProfile, actor: User) -> None:
    """Whoever moves them answers for their publication there (R-F2)."""
    posts = {target.post_id for target in targets}
    change_posts(posts, author=actor, version=F("version") + 1)
    for leaving in {target.profile for target in targets}:
        words = f"Moved from {leaving.label} to {heir.label}."
        tell_every(posts, actor, EventKind.EDITED, words)
