"""Who may do what: the one table that actions, pages, the API and tests read (R-A6)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import structlog

from accounts.models import AccessGroup, Account, Membership, Role, User
from core.errors import DomainError

log = structlog.get_logger(__name__)


class Right(StrEnum):
    """In an Access Group. Looking is what every role may; strangers get a 404."""

    # Write posts, choose their time, stop and resume publishing.
    SCHEDULE = "schedule"
    # Connect, enable, move and disconnect profiles; Social Sets.
    CONNECT = "connect"
    # Upload, describe and delete media.
    MEDIA = "media"


_TEAM = frozenset({Right.SCHEDULE, Right.CONNECT, Right.MEDIA})

# Restricted members' posts need approval, which is not theirs to give.
GRANTED: dict[Role, frozenset[Right]] = {
    Role.OWNER: _TEAM,
    Role.REVIEWER: _TEAM,
    Role.MEMBER: _TEAM,
    Role.RESTRICTED: frozenset({Right.MEDIA}),
    Role.VIEWER: frozenset(),
}

# What an owner can give to others; the account itself has one owner.
GIVEN = (Role.REVIEWER, Role.MEMBER, Role.RESTRICTED, Role.VIEWER)


def roles_with(right: Right) -> frozenset[Role]:
    return frozenset(role for role, rights in GRANTED.items() if right in rights)


def role_in(user: User, group: AccessGroup) -> Role | None:
    """The person's role in a group, None for a stranger."""
    roles = Membership.objects.filter(user=user, group=group)
    found = roles.values_list("role", flat=True).first()
    return Role(found) if found else None


def may(user: User, group: AccessGroup, right: Right) -> bool:
    role = role_in(user, group)
    return user.is_active and role is not None and right in GRANTED[role]


def require(user: User, group: AccessGroup, right: Right) -> None:
    """Raises DomainError for those who may look but not act."""
    if not may(user, group, right):
        refused = {"right": str(right), "group": str(group.pk), "user": str(user.pk)}
        log.warning("right.refused", **refused)
        raise DomainError(
            f"may_not_{right}",
            f"Your role in {group.name} doesn't allow this. Ask the group's owner.",
        )


def require_owner(user: User, account: Account) -> None:
    """Groups, people and their roles are the account owner's alone."""
    if not user.is_active or account.owner_id != user.pk:
        raise DomainError("not_owner", "Only the account's owner can do this.")


def require_given(roles: Iterable[str]) -> None:
    for role in roles:
        if role not in GIVEN:
            raise DomainError("unknown_role", "Choose a role.", field="role")
