"""A reminder that nobody answered comes once more (R-E5): hours later, by day, and not
after a day. Whoever marks the post as posted, moves or deletes it hears nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q

from accounts.models import User
from core import clock
from notifications.actions import notify
from notifications.queries import zone_of
from platforms import registry
from publishing.models import Attempt, Outcome, Step
from publishing.reminding import kit
from scheduling.models import Target
from scheduling.states import TargetState

AFTER = timedelta(hours=4)
# What is older than that people know, or don't want to know.
NO_LONGER = timedelta(hours=24)
# Hours on the clock of the place where they are.
BY_DAY = range(8, 22)
SAID = Q(attempts__outcome=Outcome.REMINDED, attempts__fence=F("fence"))


def remind_again() -> int:
    """Every few minutes from the beat; how many were reminded."""
    now = clock.now()
    waiting = Target.objects.filter(
        state=TargetState.REMINDER,
        due_at__range=(now - NO_LONGER, now - AFTER),
        post__deleted_at=None,
    )
    once = waiting.annotate(said=Count("attempts", filter=SAID)).filter(said=1)
    return sum(_remind(pk, now) for pk in list(once.values_list("pk", flat=True)))


@transaction.atomic
def _remind(pk: UUID, now: datetime) -> bool:
    """The row is held: of two workers at once the second finds it told."""
    rows = Target.objects.select_for_update(of=("self",), skip_locked=True)
    related = ("post__author", "post__group__account__owner", "profile")
    found = rows.select_related(*related).filter(pk=pk, state=TargetState.REMINDER)
    target = found.first()
    if target is None or not _is_time(target, now):
        return False
    words = "Reminded once more: it isn't marked as posted."
    Attempt.objects.create(
        target=target,
        fence=target.fence,
        step=Step.CHECK,
        outcome=Outcome.REMINDED,
        at=now,
        message=words,
    )
    _tell(target)
    return True


def _is_time(target: Target, now: datetime) -> bool:
    said = target.attempts.filter(outcome=Outcome.REMINDED, fence=target.fence)
    told = list(said.values_list("at", flat=True)[:2])
    by_day = clock.to_wall(now, zone_of(_whose(target))).hour in BY_DAY
    return by_day and len(told) == 1 and now - told[0] >= AFTER


def _whose(target: Target) -> User:
    return target.post.author or target.post.group.account.owner


def _tell(target: Target) -> None:
    name = registry.adapter_class(target.profile.platform).name
    where = f"{target.profile.label} on {name}"
    notify(
        user=_whose(target),
        code="target.reminder_again",
        title=f"Still to post to {where}",
        text=kit(target, where),
        path=f"/g/{target.post.group_id}/posts/{target.post_id}/",
        button="Open it, then mark it as posted",
    )
