from __future__ import annotations

from accounts.models import User

# More than this is "99+" on the bell; the count needs go no further.
MANY = 100


def unread(user: User) -> int:
    """How many notices wait, MANY at most."""
    return user.notices.filter(read_at=None)[:MANY].count()
