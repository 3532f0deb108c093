from __future__ import annotations

from uuid import UUID

from django.db import transaction

from accounts.actions import require_scheduler
from accounts.models import AccessGroup, User
from scheduling import checks, times
from scheduling.actions.rows import attach, tell
from scheduling.checks import Part, Plan
from scheduling.content import Content, Mode, When
from scheduling.models import EventKind, Post, Target
from scheduling.states import TargetState
from scheduling.times import Slot


@transaction.atomic
def create_post(
    *,
    actor: User,
    group: AccessGroup,
    content: Content,
    when: When,
    key: UUID | None = None,
) -> Post:
    """A draft, or a post that goes out at its time or at once.

    `key` is the form's own id: a form that was sent twice makes one post.
    Raises DomainErrors, each with the field it belongs beside.
    """
    require_scheduler(actor, group)
    made = _made_before(actor, group, key)
    if made:
        return made
    plan = checks.plan(group, content, when)
    post = _post(actor, group, content, plan, key)
    attach(post, plan.items)
    Target.objects.bulk_create(
        Target(post=post, **target_columns(part, when.mode, plan.slot))
        for part in plan.parts
    )
    tell(post, actor, EventKind.CREATED, created_words(when.mode, plan.slot))
    return post


def _made_before(actor: User, group: AccessGroup, key: UUID | None) -> Post | None:
    if key is None:
        return None
    return Post.objects.filter(pk=key, group=group, author=actor).first()


def _post(
    actor: User, group: AccessGroup, content: Content, plan: Plan, key: UUID | None
) -> Post:
    taken = key is None or Post.objects.filter(pk=key).exists()
    return Post.objects.create(
        **({} if taken else {"pk": key}),
        group=group,
        author=actor,
        text=content.text,
        **slot_columns(plan.slot),
    )


def slot_columns(slot: Slot) -> dict[str, object]:
    return {"scheduled_at": slot.instant, "wall_at": slot.wall, "zone": slot.zone}


def clock_columns(mode: Mode, slot: Slot) -> dict[str, object]:
    """`due_at` is when people expect it, `next_at` what the engine goes by."""
    if mode == Mode.DRAFT:
        return {"due_at": None, "next_at": None}
    return {"due_at": slot.instant, "next_at": slot.instant}


def target_columns(part: Part, mode: Mode, slot: Slot) -> dict[str, object]:
    draft = mode == Mode.DRAFT
    return {
        "profile": part.profile,
        "state": TargetState.DRAFT if draft else TargetState.SCHEDULED,
        "kind": part.draft.kind,
        "text": part.variation.text,
        "options": dict(part.variation.options or {}),
        **clock_columns(mode, slot),
    }


def created_words(mode: Mode, slot: Slot) -> str:
    if mode == Mode.DRAFT:
        return "Saved as a draft."
    if mode == Mode.NOW:
        return "Published at once."
    assert slot.instant is not None
    return f"Scheduled for {times.words(slot.instant, slot.zone)}."
