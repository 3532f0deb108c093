"""What somebody planned who may no longer schedule goes on in another's name (R-A6).

A post is only sent while its author may schedule; nobody's leaving may lose one.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import AccessGroup, User
from scheduling.models import EventKind, Post, PostEvent
from scheduling.states import TargetState

# What is yet to go out, or may be asked to.
_AHEAD = (
    TargetState.DRAFT,
    TargetState.SCHEDULED,
    TargetState.CLAIMED,
    TargetState.HELD,
    TargetState.MISSED,
    TargetState.FAILED,
    TargetState.REMINDER,
)


def planned(person: User) -> int:
    return _planned(person).count()


@transaction.atomic
def hand_over(person: User, group: AccessGroup, to: User) -> None:
    rows = _planned(person).filter(group=group)
    posts = list(rows.values_list("pk", flat=True))
    if not posts:
        return
    Post.objects.filter(pk__in=posts).update(author=to)
    PostEvent.objects.bulk_create(
        PostEvent(
            post_id=pk,
            actor=to,
            kind=EventKind.EDITED,
            # No names: they would outlive the people.
            text="Goes on in another name: its author may no longer schedule here.",
        )
        for pk in posts
    )


def _planned(person: User) -> QuerySet[Post]:
    mine = Post.objects.filter(author=person, deleted_at=None)
    return mine.filter(targets__state__in=_AHEAD).distinct()
