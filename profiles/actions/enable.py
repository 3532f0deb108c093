"""Turn Auto Publish on, where connecting alone doesn't (R-C9)."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from accounts.rights import Right, require
from core import clock
from core.errors import DomainError
from core.patience import patience
from platforms import registry
from platforms.errors import PlatformError
from profiles.actions.happen import happen
from profiles.actions.mark import locked, mark
from profiles.actions.tokens import fresh_token
from profiles.actions.trouble import note_trouble
from profiles.errors import ConnectionBroken
from profiles.models import Connection, SocialProfile
from profiles.states import ConnectionState as S
from profiles.states import Event

# The code of a refusal whose words stand as the connection's cause by now.
OBSTACLE = "obstacle"
ON = (S.CONNECTED, S.EXPIRING)


def enable(*, profile: SocialProfile, actor: User) -> None:
    """A second press changes nothing; a broken connection must be mended first.

    The platform is asked whether it would take posts at all (R-C8), outside of any
    transaction: the one foreign call of a page beside the sign-in itself.
    """
    require(actor, profile.group, Right.CONNECT)
    connection = Connection.objects.select_related("profile").get(profile=profile)
    if connection.state in ON:
        return
    _require_ready(connection)
    obstacle = _obstacle(connection)
    _settle(connection, obstacle, actor)
    if obstacle:
        raise DomainError(OBSTACLE, obstacle)


def _require_ready(connection: Connection) -> None:
    if connection.state != S.ENABLE_NEEDED:
        label = connection.profile.label
        raise DomainError(
            "not_ready",
            f"Auto Publish can be turned on once {label} is connected again.",
        )


def _obstacle(connection: Connection) -> str:
    adapter = registry.get(connection.profile.platform)
    try:
        usable = fresh_token(connection)
        with patience():
            return adapter.obstacle(usable.token, connection.profile.for_platform())
    except ConnectionBroken as error:
        raise DomainError("not_ready", str(error)) from None
    except PlatformError as error:
        note_trouble(connection.pk, error)
        raise DomainError("platform_refused", error.message) from None


@transaction.atomic
def _settle(connection: Connection, obstacle: str, actor: User) -> None:
    """On, or off for the reason that was found; as the row is by now."""
    row = locked(connection.pk)
    if row.state in ON:
        return
    _require_ready(row)
    if obstacle:
        mark(row, S.ENABLE_NEEDED, obstacle, actor=actor)
        return
    row.auto_publish_at = clock.now()
    row.save(update_fields=["auto_publish_at"])
    happen(row, Event.ENABLED, "Auto Publish was turned on.", actor=actor)
