"""After a failed payment: warnings while the plan is kept, then its end."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from accounts.actions.plans import set_plan
from billing.actions.news import tell_ended, tell_trouble
from billing.models import Subscription
from core import clock

# With so much left somebody is told again; the first warning came with the failure.
WARNINGS = (timedelta(days=3), timedelta(days=1))


def look() -> int:
    """Each few minutes from the beat; how many rows were touched."""
    now = clock.now()
    rows = Subscription.objects.filter(grace_until__lte=now + WARNINGS[0])
    ids = list(rows.order_by("grace_until").values_list("pk", flat=True))
    return sum(_look(pk, now) for pk in ids)


@transaction.atomic
def _look(pk: int, now: datetime) -> bool:
    rows = Subscription.objects.select_for_update(of=("self",))
    held = rows.select_related("account__owner").filter(pk=pk).first()
    if held is None or held.grace_until is None:
        return False
    left = held.grace_until - now
    if left <= timedelta(0):
        _end(held)
        return True
    due = 1 + sum(left <= each for each in WARNINGS)
    if held.warned >= due:
        return False
    held.warned = due
    held.save(update_fields=["warned"])
    tell_trouble(held)
    return True


def _end(held: Subscription) -> None:
    held.grace_until, held.warned = None, 0
    held.save(update_fields=["grace_until", "warned"])
    set_plan(held.account, "")
    tell_ended(held)
