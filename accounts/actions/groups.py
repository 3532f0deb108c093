"""Accounts and their Access Groups."""

from __future__ import annotations

from django.db import transaction

from accounts.entitlements import require_room
from accounts.models import AccessGroup, Account, Membership, Role, User
from accounts.plans import Resource
from accounts.rights import require_owner
from core import clock, names
from core.errors import DomainError


@transaction.atomic
def open_account(*, owner: User, name: str, timezone: str = "UTC") -> AccessGroup:
    """A new tenant with its first Access Group, owned by `owner`."""
    account = Account.objects.create(name=name, owner=owner)
    return create_group(account=account, actor=owner, name=name, timezone=timezone)


@transaction.atomic
def create_group(
    *, account: Account, actor: User, name: str, timezone: str = "UTC"
) -> AccessGroup:
    """Only the account's owner creates Access Groups (R-A6), as many as the plan has."""
    require_owner(actor, account)
    name = names.checked(name, missing="Give the group a name.")
    if not clock.is_zone(timezone):
        raise DomainError("unknown_zone", "Choose a time zone.", field="timezone")
    require_room(account, Resource.GROUPS)
    group = AccessGroup.objects.create(account=account, name=name, timezone=timezone)
    Membership.objects.create(user=actor, group=group, role=Role.OWNER)
    return group
