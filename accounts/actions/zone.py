"""Where a person is: the zone in which their notices tell times."""

from __future__ import annotations

from accounts.models import User
from core import clock
from core.errors import DomainError


def set_zone(user: User, zone: str) -> None:
    if not clock.is_zone(zone):
        raise DomainError("unknown_zone", "Choose a time zone.", field="timezone")
    User.objects.filter(pk=user.pk).update(timezone=zone)
    user.timezone = zone
