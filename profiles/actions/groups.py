"""A new Access Group, ready for profiles (R-A6, R-B1)."""

from __future__ import annotations

from django.db import transaction

from accounts.actions.groups import create_group
from accounts.models import AccessGroup, Account, User
from core.errors import DomainError
from core.text import one_line
from profiles.actions.sets import NAME_LENGTH, create_set


@transaction.atomic
def found_group(
    *, account: Account, actor: User, name: str, timezone: str
) -> AccessGroup:
    """With a first Social Set of the same name, whose slots wait to be filled."""
    name = one_line(name)
    if not name:
        raise DomainError("name_missing", "Give the group a name.", field="name")
    if len(name) > NAME_LENGTH:
        words = f"Use {NAME_LENGTH} characters at most."
        raise DomainError("name_too_long", words, field="name")
    group = create_group(account=account, actor=actor, name=name, timezone=timezone)
    create_set(group=group, actor=actor, name=name)
    return group
