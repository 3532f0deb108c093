"""How a target stands, as people see it: its state, at risk (R-F9), or a reminder.

The rule is written twice, for a row at hand and for a query; a test compares both.
"""

from __future__ import annotations

from django.db.models import Case, CharField, F, Q, Value, When

from core import clock
from scheduling.models import Target
from scheduling.states import AT_RISK, TO_REMIND, WAITS, PublishBy, TargetState


def at_risk(target: Target) -> bool:
    """Scheduled, and a look before its time found what will stop it."""
    ahead = target.due_at is not None and target.due_at > clock.now()
    found = target.reason_code not in WAITS and bool(target.reason)
    return target.state == TargetState.SCHEDULED and ahead and found


def of(target: Target) -> str:
    if at_risk(target):
        return AT_RISK
    reminds = target.publish_by != PublishBy.AUTO
    waits = target.state == TargetState.SCHEDULED
    return TO_REMIND if waits and reminds else target.state


def in_query() -> Case:
    risk = Q(state=TargetState.SCHEDULED, due_at__gt=clock.now())
    risk &= ~Q(reason_code__in=WAITS) & ~Q(reason="")
    found = When(risk, then=Value(AT_RISK))
    waits = Q(state=TargetState.SCHEDULED) & ~Q(publish_by=PublishBy.AUTO)
    reminds = When(waits, then=Value(TO_REMIND))
    return Case(found, reminds, default=F("state"), output_field=CharField())
