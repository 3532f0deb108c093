"""What a platform's refusal means for the connection it was met on."""

from __future__ import annotations

from uuid import UUID

import structlog
from django.db import transaction

from core.queue import enqueue
from platforms import registry
from platforms.errors import AuthExpired, PermissionMissing, PlatformError
from profiles.actions.happen import happen
from profiles.actions.mark import locked
from profiles.models import Connection
from profiles.rights import declared
from profiles.states import LIVE, Event

UNREADABLE = "The stored sign-in can't be read. Connect the profile again."
log = structlog.get_logger(__name__)


@transaction.atomic
def note_trouble(
    connection_id: UUID | str,
    error: PlatformError,
    *,
    seen_version: int | None = None,
) -> None:
    """A dead token or a missing permission shows at once (R-D8); others pass.

    With `seen_version`, trouble met with an older token than the stored one is not
    held against the newer one.
    """
    connection = locked(connection_id)
    if seen_version is not None and connection.version != seen_version:
        return
    if isinstance(error, AuthExpired):
        _dead(connection, error)
    elif isinstance(error, PermissionMissing):
        _missing(connection, error)


def note_unreadable(
    connection_id: UUID | str, *, seen_version: int | None = None
) -> None:
    """A token that was altered or moved to another row: only a sign-in helps."""
    lost = AuthExpired(UNREADABLE, code="unreadable")
    note_trouble(connection_id, lost, seen_version=seen_version)


def _dead(connection: Connection, error: AuthExpired) -> None:
    lived = connection.state in LIVE
    happen(connection, Event.REFUSED, error.message or "The sign-in has ended.")
    Connection.objects.filter(pk=connection.pk).update(refresh_at=None)
    if lived:
        enqueue("profiles.inspect_siblings", str(connection.pk))
    log.info("connection.dead", connection=str(connection.pk), code=error.code)


def _missing(connection: Connection, error: PermissionMissing) -> None:
    """A dead connection stays dead: a sign-in brings the permissions too."""
    if connection.state not in LIVE:
        return
    names = list(dict.fromkeys([*connection.missing, *_names(connection, error)]))
    happen(connection, Event.WITHDRAWN, error.message, missing=names)
    granted = [name for name in connection.granted if name not in names]
    Connection.objects.filter(pk=connection.pk).update(granted=granted)


def _names(connection: Connection, error: PermissionMissing) -> tuple[str, ...]:
    """The error's own, else every permission to publish: the platform didn't say."""
    if error.names:
        return error.names
    adapter = registry.get(connection.profile.platform)
    every = declared(adapter, connection.method)
    return tuple(p.name for p in every if p.feature == "publish")
