"""What the beat looks after each minute. One statement tells what there is to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, QuerySet

from accounts.models import Account
from profiles.actions import expiry, refresh_due, tidy


@dataclass(frozen=True)
class Duty:
    """`due` are the rows that want it; `run` is asked only when there are some."""

    due: Callable[[], QuerySet[Any]]
    run: Callable[[], int]


DUTIES: dict[str, Duty] = {
    "ends": Duty(expiry.due, expiry.look_at_ends),
    "refresh": Duty(refresh_due.due, refresh_due.refresh_due),
    "secrets": Duty(tidy.stale_secrets, tidy.forget_secrets),
    "journeys": Duty(tidy.stale_journeys, tidy.forget_journeys),
}


def sweep() -> dict[str, int]:
    """How many rows each duty found, for those that had any."""
    return {name: DUTIES[name].run() for name in _wanted()}


def _wanted() -> list[str]:
    """Whoever has a connection has an account, so there is a row to ask."""
    asked = [Exists(duty.due()) for duty in DUTIES.values()]
    row = Account.objects.order_by().values_list(*asked).first() or ()
    return [name for name, due in zip(DUTIES, row, strict=False) if due]
