"""Turn Auto Publish on, where connecting alone doesn't (R-C9)."""

from __future__ import annotations

from django.db import transaction

from accounts.actions import require_scheduler
from accounts.models import User
from core import clock
from core.errors import DomainError
from profiles.actions.mark import locked, mark
from profiles.models import Connection, SocialProfile
from profiles.states import ConnectionState as S


@transaction.atomic
def enable(*, profile: SocialProfile, actor: User) -> None:
    """A second press changes nothing; a broken connection must be mended first."""
    require_scheduler(actor, profile.group)
    connection = locked(profile.connection.pk)
    if connection.state in {S.CONNECTED, S.EXPIRING}:
        return
    if connection.state != S.ENABLE_NEEDED:
        raise DomainError(
            "not_ready",
            f"Auto Publish can be turned on once {profile.label} is connected again.",
        )
    rows = Connection.objects.filter(pk=connection.pk)
    rows.update(auto_publish_at=clock.now())
    mark(connection, S.CONNECTED, "Auto Publish was turned on.", actor=actor)
