"""What workers hold of an account that is being deleted is taken out of their hands."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from scheduling.actions.rows import lock_every, rewrite
from scheduling.models import Target
from scheduling.states import TargetState

CODE = "account_deleted"
REASON = "Its account was deleted before it went out."


@transaction.atomic
def call_back(account_id: UUID) -> int:
    """In a transaction after the one that closed the account, so that no worker slips
    through: what was checked before that has a claim which this one sees. How many."""
    rows = Target.objects.filter(
        state=TargetState.CLAIMED,
        post__group__account=account_id,
        post__deleted_at=None,
    )
    claimed = [row for row in lock_every(rows) if row.state == TargetState.CLAIMED]
    for target in claimed:
        rewrite(target, TargetState.CANCELLED, reason_code=CODE, reason=REASON)
    return len(claimed)
