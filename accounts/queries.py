from __future__ import annotations

from accounts.models import SCHEDULERS, AccessGroup, Membership, Role, User


def role_in(user: User, group: AccessGroup) -> Role | None:
    """The person's role in a group, None for a stranger."""
    roles = Membership.objects.filter(user=user, group=group)
    found = roles.values_list("role", flat=True).first()
    return Role(found) if found else None


def may_schedule(user: User, group: AccessGroup) -> bool:
    return user.is_active and role_in(user, group) in SCHEDULERS
