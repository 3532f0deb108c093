"""How a target stands, as people see it: its state, or at risk (R-F9).

The rule is written twice, for a row at hand and for a query; a test compares both.
"""

from __future__ import annotations

from django.db.models import Case, CharField, F, Q, Value, When

from core import clock
from scheduling.models import Target
from scheduling.states import AT_RISK, WAITS, TargetState


def at_risk(target: Target) -> bool:
    """Scheduled, and a look before its time found what will stop it."""
    ahead = target.due_at is not None and target.due_at > clock.now()
    found = target.reason_code not in WAITS and bool(target.reason)
    return target.state == TargetState.SCHEDULED and ahead and found


def of(target: Target) -> str:
    return AT_RISK if at_risk(target) else target.state


def in_query() -> Case:
    risk = Q(state=TargetState.SCHEDULED, due_at__gt=clock.now())
    risk &= ~Q(reason_code__in=WAITS) & ~Q(reason="")
    found = When(risk, then=Value(AT_RISK))
    return Case(found, default=F("state"), output_field=CharField())
