from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import Q

from accounts.models import User
from accounts.rights import Right, require
from core import clock
from core.errors import DomainError
from profiles.models import SocialProfile
from scheduling.actions.rows import answer_for, locked, platform, rewrite, tell
from scheduling.drafts import parts_left
from scheduling.models import EventKind, Target
from scheduling.states import TargetState

_is_link = URLValidator(schemes=["https", "http"])


class Verdict(StrEnum):
    OUT = "out"
    AGAIN = "again"


@transaction.atomic
def settle_target(
    *, actor: User, target: Target, verdict: Verdict, link: str = ""
) -> Target:
    """A person looked on the profile: it is out, or it isn't and goes out now (R-F3)."""
    require(actor, target.post.group, Right.SCHEDULE)
    link = link.strip()
    check_link(link)
    target = locked(target)
    if target.state != TargetState.UNCONFIRMED:
        raise DomainError(
            "settled", "This was settled meanwhile: there is nothing to decide."
        )
    decide = _out if verdict == Verdict.OUT else _again
    words = decide(target, link)
    answer_for(target.post, actor)
    tell(target.post, actor, EventKind.DECIDED, words, target)
    return target


def _out(target: Target, link: str) -> str:
    """The rest of a thread can't follow a part whose id only the platform knows."""
    rest = parts_left(target) > 0
    rewrite(
        target,
        TargetState.PUBLISHED,
        published_at=target.published_at or target.intent_at or clock.now(),
        permalink=target.permalink or link,
        parts_out=[*target.parts_out, _found(link)] if target.parts_out else [],
    )
    _count_as_published(target)
    words = f"Looked at {platform(target)} and found it there."
    return f"{words} What was to follow it is left out." if rest else words


def _count_as_published(target: Target) -> None:
    """It keeps the connection active like any other (R-D5)."""
    at = target.published_at
    rows = SocialProfile.objects.filter(pk=target.profile_id)
    older = Q(last_published_at=None) | Q(last_published_at__lt=at)
    rows.filter(older).update(last_published_at=at)


def _found(link: str) -> dict[str, Any]:
    """A part that a person saw, with the address they typed."""
    return {"id": "", "url": link, "data": {}}


def _again(target: Target, link: str) -> str:
    now = clock.now()
    rewrite(target, TargetState.SCHEDULED, due_at=now, next_at=now)
    return f"Looked at {platform(target)}, it wasn't there: publish again."


def check_link(link: str) -> None:
    if not link:
        return
    try:
        _is_link(link)
    except ValidationError:
        raise DomainError(
            "link_malformed", "Paste the post's full https:// address.", field="link"
        ) from None
    if len(link) > 2_000:
        raise DomainError("link_too_long", "This address is too long.", field="link")
