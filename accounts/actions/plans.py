"""An account's plan changes: nothing is deleted, and what follows is told (R-B7)."""

from __future__ import annotations

from django.db import transaction

from accounts import hooks
from accounts.audit import Deed, record
from accounts.models import Account

# The plan that all have who have no other (DEFAULT_PLAN).
USUAL = "usual"


@transaction.atomic
def set_plan(account: Account, key: str) -> None:
    """Of accounts.plans; "": what the operator gives to all. Does nothing twice.

    What is over a smaller plan's bounds stays and works; nothing new is made.
    """
    rows = Account.objects.select_for_update(of=("self",), no_key=True)
    held = rows.get(pk=account.pk)
    account.plan = key
    if held.plan == key:
        return
    words = f"{held.plan or USUAL} → {key or USUAL}"
    held.plan = key
    held.save(update_fields=["plan"])
    record(Deed("plan.changed", words, held, held), actor=None)
    for listener in hooks.plan_listeners:
        listener(held)
