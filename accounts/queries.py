from __future__ import annotations

from accounts.models import SCHEDULERS, AccessGroup, Membership, Role, User


def role_in(user: User, group: AccessGroup) -> Role | None:
    """The person's role in a group, None for a stranger."""
    found = Membership.objects.filter(user=user, group=group).first()
    return Role(found.role) if found else None


def may_schedule(user: User, group: AccessGroup) -> bool:
    return user.is_active and role_in(user, group) in SCHEDULERS
