from __future__ import annotations

from accounts.models import User

# More than this is "99+" on the bell; the count needs go no further.
MANY = 100


def unread(user: User) -> int:
    """How many notices wait, MANY at most."""
    return user.notices.filter(read_at=None)[:MANY].count()


def zone_of(user: User) -> str:
    """Their own, else that of the group they have been in longest."""
    if user.timezone:
        return user.timezone
    rows = user.memberships.order_by("created_at")
    return rows.values_list("group__timezone", flat=True).first() or "UTC"
