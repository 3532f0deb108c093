from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.rights import Right, require
from core import clock
from core.errors import DomainError
from scheduling import allowance, checks, times
from scheduling.actions.rows import (
    attach,
    cancel,
    late_columns,
    lock,
    lock_targets,
    refuse_at_platform,
    require_here,
    rewrite,
    slot_columns,
    target_columns,
    tell,
)
from scheduling.checks import Plan
from scheduling.content import Content, Mode, Variation, When
from scheduling.models import EventKind, Post, Target
from scheduling.states import PublishBy, TargetState, stay

UNDER_WAY = frozenset({TargetState.SCHEDULED, TargetState.CLAIMED})


@transaction.atomic
def edit_post(
    *, actor: User, post: Post, version: int, content: Content, when: When
) -> Post:
    """Everything of a post that isn't out yet may change; claims of it are taken back.

    `version` is the one the person saw. What is out keeps the text and files it was
    sent with. Raises DomainErrors; nothing is changed then.
    """
    require(actor, post.group, Right.SCHEDULE)
    group, post = post.group, lock(post)
    _refuse_stale(post, version, actor)
    targets = lock_targets(post)
    refuse_at_platform(targets)
    frozen = [target for target in targets if target.frozen]
    content = _completed(content, targets)
    _refuse_finished(content, targets, frozen)
    going = frozenset(t.profile_id for t in targets if t.state in UNDER_WAY)
    plan = checks.plan(group, content, when, going)
    _pin(post, frozen)
    _write(post, actor, content, {**slot_columns(plan.slot), **late_columns(when)})
    post.attachments.all().delete()
    attach(post, plan.items)
    written = _write_targets(post, plan, when.mode, targets)
    require_here(group, plan.parts)
    allowance.require(group, written)
    tell(post, actor, *_words(when.mode, plan, bool(going)))
    return post


def _refuse_stale(post: Post, version: int, actor: User) -> None:
    if post.version == version:
        return
    last = post.events.select_related("actor").last()
    who = str(last.actor) if last and last.actor else "Someone"
    what = f"{who} changed this post while you were writing."
    if last and last.actor == actor:
        what = "You saved another version meanwhile, perhaps in another tab."
    raise DomainError(
        "stale",
        f"{what} Nothing is lost: compare with the newer version, then save again.",
        field="version",
    )


def _completed(content: Content, targets: list[Target]) -> Content:
    """Without what is out; with the options that a form which has none leaves alone."""
    out = {target.profile_id for target in targets if target.frozen}
    known = {target.profile_id: target for target in targets}
    variations = tuple(
        _as_it_was(variation, known.get(variation.profile_id))
        for variation in content.variations
        if variation.profile_id not in out
    )
    return replace(content, variations=variations)


def _as_it_was(variation: Variation, target: Target | None) -> Variation:
    """Whose reminder is the plan's doing keeps that: it ends with a larger plan."""
    if target is None:
        return variation
    options = target.options if variation.options is None else variation.options
    by, was = variation.publish_by, target.publish_by
    if was == PublishBy.PLAN and by == PublishBy.REMINDER:
        by = was
    return replace(variation, options=options, publish_by=by or was)


def _refuse_finished(
    content: Content, targets: list[Target], frozen: list[Target]
) -> None:
    open_ones = any(target.editable for target in targets)
    if frozen and not open_ones and not content.variations:
        raise DomainError(
            "published",
            "This post is out: it can't be changed any more. Duplicate it instead.",
        )


def _pin(post: Post, frozen: list[Target]) -> None:
    """Keep with what is out the text and files that it was sent with."""
    ids = [str(pk) for pk in post.attachments.values_list("item_id", flat=True)]
    for target in frozen:
        columns: dict[str, Any] = {}
        if target.text is None:
            columns["text"] = post.text
        if target.media_ids is None:
            columns["media_ids"] = ids
        if columns:
            stay(target, expect=target.state, **columns)


def _write(
    post: Post, actor: User, content: Content, columns: dict[str, object]
) -> None:
    post.text = content.text
    post.author = actor
    post.edited_at = clock.now()
    post.version += 1
    for name, value in columns.items():
        setattr(post, name, value)
    post.save()


def _write_targets(
    post: Post, plan: Plan, mode: Mode, targets: list[Target]
) -> list[Target]:
    known = {target.profile_id: target for target in targets}
    written = {}
    for part in plan.parts:
        columns = target_columns(part, mode, plan.slot)
        target = known.get(part.profile.pk)
        if target is None:
            target = Target.objects.create(post=post, **columns)
        else:
            columns.pop("profile")
            rewrite(target, str(columns.pop("state")), **columns)
        written[part.profile.pk] = target
    for target in targets:
        if target.editable and target.profile_id not in written:
            cancel(target)
    return list(written.values())


def _words(mode: Mode, plan: Plan, was_scheduled: bool) -> tuple[EventKind, str]:
    if mode == Mode.DRAFT and was_scheduled:
        return EventKind.DRAFTED, "Taken back to a draft."
    if mode == Mode.DRAFT:
        return EventKind.EDITED, "Edited the draft."
    if mode == Mode.NOW:
        return EventKind.SCHEDULED, "Edited and published at once."
    assert plan.slot.instant is not None
    at = times.words(plan.slot.instant, plan.slot.zone)
    if was_scheduled:
        return EventKind.EDITED, f"Edited; goes out {at}."
    return EventKind.SCHEDULED, f"Scheduled for {at}."
