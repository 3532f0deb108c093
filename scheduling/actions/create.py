from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.models import AccessGroup, User
from accounts.rights import Right, require
from scheduling import allowance, checks, lateness, times
from scheduling.actions.edit import edit_post
from scheduling.actions.rows import (
    attach,
    late_columns,
    require_here,
    slot_columns,
    target_columns,
    tell,
)
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
    require(actor, group, Right.SCHEDULE)
    made = _made_before(actor, group, key)
    if made:
        return _brought_up_to(made, actor, content, when)
    plan = checks.plan(group, content, when)
    columns = {
        "group": group,
        "author": actor,
        "text": content.text,
        **slot_columns(plan.slot),
        **late_columns(when),
    }
    post, fresh = _inserted(columns, key)
    if not fresh:
        return post
    attach(post, plan.items)
    written = Target.objects.bulk_create(
        Target(post=post, **target_columns(part, when.mode, plan.slot))
        for part in plan.parts
    )
    require_here(group, plan.parts)
    allowance.require(group, written)
    tell(post, actor, EventKind.CREATED, created_words(when.mode, plan.slot))
    return post


def _made_before(actor: User, group: AccessGroup, key: UUID | None) -> Post | None:
    if key is None:
        return None
    return Post.objects.filter(pk=key, group=group, author=actor).first()


def _brought_up_to(post: Post, actor: User, content: Content, when: When) -> Post:
    """The answer to the first sending was lost; what was typed since counts too."""
    if _says(post, content, when):
        return post
    return edit_post(
        actor=actor, post=post, version=post.version, content=content, when=when
    )


def _says(post: Post, content: Content, when: When) -> bool:
    files = tuple(post.attachments.values_list("item_id", flat=True))
    rows = post.targets.values_list("profile_id", "text", "publish_by")
    texts = {profile: (text, by) for profile, text, by in rows}
    asked = {v.profile_id: (v.text, v.publish_by or "auto") for v in content.variations}
    at = times.parse(when.wall, when.zone).wall if when.wall else ""
    draft = not post.targets.exclude(state=TargetState.DRAFT).exists()
    late = lateness.late_of(post)
    return (post.text, files, texts, post.wall_at, draft, late) == (
        content.text,
        tuple(dict.fromkeys(content.media)),
        asked,
        post.wall_at if when.mode == Mode.NOW else at,
        when.mode == Mode.DRAFT,
        when.late or late,
    )


def _inserted(columns: dict[str, Any], key: UUID | None) -> tuple[Post, bool]:
    """The row, and whether it is ours: the same form may come twice in one instant.

    A key that is somebody else's post is not taken, and not told either.
    """
    if key is None:
        return Post.objects.create(**columns), True
    try:
        with transaction.atomic():
            return Post.objects.create(pk=key, **columns), True
    except IntegrityError:
        made = _made_before(columns["author"], columns["group"], key)
    return (made, False) if made else (Post.objects.create(**columns), True)


def created_words(mode: Mode, slot: Slot) -> str:
    if mode == Mode.DRAFT:
        return "Saved as a draft."
    if mode == Mode.NOW:
        return "Published at once."
    assert slot.instant is not None
    return f"Scheduled for {times.words(slot.instant, slot.zone)}."
