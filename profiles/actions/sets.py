from __future__ import annotations

from accounts.actions import require_scheduler
from accounts.models import AccessGroup, User
from core.errors import DomainError
from profiles.models import SocialSet


def create_set(*, group: AccessGroup, actor: User, name: str) -> SocialSet:
    """A new Social Set with an empty slot per platform."""
    require_scheduler(actor, group)
    if not name.strip():
        raise DomainError("name_missing", "Give the Social Set a name.", field="name")
    return SocialSet.objects.create(group=group, name=name.strip())
