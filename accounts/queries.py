from __future__ import annotations

from accounts.models import AccessGroup, User
from accounts.rights import Right, may


def may_schedule(user: User, group: AccessGroup) -> bool:
    return may(user, group, Right.SCHEDULE)
