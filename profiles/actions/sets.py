"""Social Sets: one slot per platform in each (R-B2)."""

from __future__ import annotations

from django.db import transaction

from accounts.entitlements import require_room
from accounts.models import AccessGroup, Account, User
from accounts.plans import Resource
from accounts.rights import Right, require
from core import names
from core.errors import DomainError
from profiles.models import SocialSet

NAME_LENGTH = names.LONGEST
MISSING = "Give the Social Set a name."


@transaction.atomic
def create_set(*, group: AccessGroup, actor: User, name: str) -> SocialSet:
    """A new Social Set with an empty slot per platform, if the plan has room."""
    require(actor, group, Right.CONNECT)
    name = names.checked(name, missing=MISSING)
    require_room(group.account, Resource.SETS)
    return SocialSet.objects.create(group=group, name=name)


def count_sets(account: Account) -> int:
    return SocialSet.objects.filter(group__account=account).count()


def rename_set(*, social_set: SocialSet, actor: User, name: str) -> None:
    require(actor, social_set.group, Right.CONNECT)
    social_set.name = names.checked(name, missing=MISSING)
    social_set.save(update_fields=["name"])


def delete_set(*, social_set: SocialSet, actor: User) -> None:
    """Only an empty one that isn't the last; removed profiles keep theirs."""
    require(actor, social_set.group, Right.CONNECT)
    if social_set.profiles.exists():
        raise DomainError(
            "set_in_use", f"{social_set.name} has or had profiles, so it stays."
        )
    if social_set.group.social_sets.count() == 1:
        raise DomainError("last_set", "A group keeps at least one Social Set.")
    social_set.delete()
