"""Whether everybody of an account needs two-step sign-in (R-A7)."""

from __future__ import annotations

from django.db import transaction

from accounts.audit import Deed, record
from accounts.models import Account, User
from accounts.rights import require_owner
from accounts.signin.required import has_second_step
from core.errors import DomainError


@transaction.atomic
def require_two_step(*, account: Account, actor: User, required: bool) -> None:
    """From the next request on, who hasn't set it up is led there first."""
    require_owner(actor, account)
    if required and not has_second_step(actor):
        words = "Set it up for yourself first: you would be the first one led there."
        raise DomainError("not_yourself", words)
    if account.two_step_required == required:
        return
    Account.objects.filter(pk=account.pk).update(two_step_required=required)
    account.two_step_required = required
    verb = "two_step.required" if required else "two_step.optional"
    record(Deed(verb, about=account, account=account), actor=actor)
