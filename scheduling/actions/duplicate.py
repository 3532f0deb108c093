from __future__ import annotations

from django.db import transaction

from accounts.models import User
from accounts.rights import Right, require
from scheduling.actions.rows import attach, tell
from scheduling.models import EventKind, Post, Target
from scheduling.states import TargetState


@transaction.atomic
def duplicate_post(*, actor: User, post: Post) -> Post:
    """The same text, files and profiles as a new draft without a time."""
    require(actor, post.group, Right.SCHEDULE)
    copy = Post.objects.create(
        group=post.group,
        author=actor,
        text=post.text,
        zone=post.group.timezone,
        late_rule=post.late_rule,
        late_min=post.late_min,
    )
    attach(copy, [row.item for row in post.attachments.select_related("item")])
    rows = post.targets.exclude(state=TargetState.CANCELLED)
    Target.objects.bulk_create(
        Target(
            post=copy,
            profile_id=row.profile_id,
            kind=row.kind,
            text=row.text,
            options=row.options,
            publish_by=row.publish_by,
        )
        for row in rows.filter(profile__removed_at=None)
    )
    tell(copy, actor, EventKind.CREATED, "Duplicated from another post.")
    return copy
