"""A new Access Group, ready for profiles (R-A6, R-B1)."""

from __future__ import annotations

from django.db import transaction

from accounts.actions.groups import create_group
from accounts.models import AccessGroup, Account, User
from profiles.actions.sets import create_set


@transaction.atomic
def found_group(
    *, account: Account, actor: User, name: str, timezone: str
) -> AccessGroup:
    """With a first Social Set of the same name, whose slots wait to be filled."""
    group = create_group(account=account, actor=actor, name=name, timezone=timezone)
    create_set(group=group, actor=actor, name=group.name)
    return group
