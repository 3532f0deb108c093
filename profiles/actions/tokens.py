"""The token of a connection, and a new one when it ran out (R-D2, R-D3).

A refresh token may be good for one use only, so one refresher at a time holds a lease
on the row. The foreign call runs outside of any transaction; its result is written
only over the version that it was made from.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q

from core import clock
from core.crypto import Tampered
from platforms import registry
from platforms.adapter import Adapter
from platforms.errors import (
    AuthExpired,
    PermissionMissing,
    PlatformError,
    Unavailable,
    Unsupported,
)
from platforms.types import Token
from profiles.actions.mark import locked, mark
from profiles.actions.timing import WARN, back_off, next_refresh
from profiles.actions.trouble import note_trouble
from profiles.errors import ConnectionBroken
from profiles.models import Connection
from profiles.states import ConnectionState as S

log = structlog.get_logger(__name__)

# Longer than connect and read time-outs of the calls that a refresh makes.
LEASE = timedelta(seconds=120)
# How long a second caller waits for the first one's answer, and how often it looks.
WAIT_S = 8.0
LOOK_EVERY_S = 0.1
# A token with less than this left is not worth a call of its own.
SPARE = timedelta(seconds=60)

UNREADABLE = "The stored sign-in can't be read. Connect the profile again."


@dataclass(frozen=True)
class Usable:
    """A decrypted token and the version it has; `version` goes back into `refresh`."""

    token: Token
    version: int


def token_for(connection: Connection) -> Usable:
    """The stored token, without any call. Raises ConnectionBroken."""
    if connection.state in {S.DISCONNECTED, S.REFRESH_NEEDED} or not connection.sealed:
        raise ConnectionBroken(connection.cause or "The profile is not connected.")
    try:
        return Usable(connection.token(), connection.version)
    except Tampered:
        log.exception("connection.unreadable", connection=str(connection.pk))
        raise ConnectionBroken(UNREADABLE) from None


def fresh_token(connection: Connection) -> Usable:
    """`token_for`, refreshed first when it ends within a minute. Raises as `refresh`."""
    usable = token_for(connection)
    ends = usable.token.expires_at
    adapter = registry.get(connection.profile.platform)
    if ends is None or ends > clock.now() + SPARE or adapter.refresh_ahead is None:
        return usable
    return refresh(connection.pk, usable.version)


def refresh(
    connection_id: uuid.UUID | str, seen_version: int, *, ahead: bool = False
) -> Usable:
    """A newer token than `seen_version`: somebody else's, or one asked for now.

    `ahead`: the old one still works, so a platform that can't renew breaks nothing.
    Raises ConnectionBroken when only a person can help, and the platform's own
    Unavailable, RateLimited or OutcomeUnknown when trying later may help.
    """
    deadline = time.monotonic() + WAIT_S
    while True:
        owner = uuid.uuid4()
        if _take_lease(connection_id, seen_version, owner):
            return _refresh_as(owner, connection_id, seen_version, ahead)
        connection = _read(connection_id)
        if connection.version != seen_version:
            return token_for(connection)
        token_for(connection)
        if time.monotonic() > deadline:
            raise Unavailable("The connection is being refreshed; try in a moment.")
        time.sleep(LOOK_EVERY_S)


def _take_lease(connection_id: uuid.UUID | str, version: int, owner: uuid.UUID) -> bool:
    now = clock.now()
    free = Q(refresh_lease_until=None) | Q(refresh_lease_until__lt=now)
    alive = ~Q(state__in=[S.DISCONNECTED, S.REFRESH_NEEDED])
    rows = Connection.objects.filter(free, alive, pk=connection_id, version=version)
    return rows.update(refresh_owner=owner, refresh_lease_until=now + LEASE) == 1


def _read(connection_id: uuid.UUID | str) -> Connection:
    return Connection.objects.select_related("profile").get(pk=connection_id)


def _refresh_as(
    owner: uuid.UUID, connection_id: uuid.UUID | str, seen: int, ahead: bool
) -> Usable:
    connection = _read(connection_id)
    try:
        if connection.version != seen:
            return token_for(connection)
        return _ask(connection, seen, ahead)
    finally:
        held = Connection.objects.filter(pk=connection_id, refresh_owner=owner)
        held.update(refresh_owner=None, refresh_lease_until=None)


def _ask(connection: Connection, seen: int, ahead: bool) -> Usable:
    adapter = registry.get(connection.profile.platform)
    old = token_for(connection).token
    try:
        new = adapter.refresh(old, connection.profile.for_platform())
    except (AuthExpired, PermissionMissing) as error:
        return _refused(connection, seen, error)
    except Unsupported:
        if ahead:
            return _unrenewable(connection, seen)
        ended = AuthExpired(f"{adapter.name} has ended this sign-in.")
        return _refused(connection, seen, ended)
    except PlatformError as error:
        _passing(connection, seen, error)
        raise
    return _store(connection, adapter, old, new)


def _refused(connection: Connection, seen: int, error: PlatformError) -> Usable:
    """Dead, unless a person signed in anew while we asked."""
    note_trouble(connection.pk, error, seen_version=seen)
    now = _read(connection.pk)
    if now.version != seen:
        return token_for(now)
    raise ConnectionBroken(error.message) from None


def _unrenewable(connection: Connection, seen: int) -> Usable:
    """This kind of sign-in just runs out; its end is told by `expiry`."""
    Connection.objects.filter(pk=connection.pk, version=seen).update(refresh_at=None)
    return token_for(_read(connection.pk))


def _passing(connection: Connection, seen: int, error: PlatformError) -> None:
    """State untouched; asked again later, ever more rarely."""
    failures = connection.refresh_failures + 1
    rows = Connection.objects.filter(pk=connection.pk, version=seen)
    rows.update(
        refresh_failures=F("refresh_failures") + 1,
        refresh_at=back_off(failures, error),
    )
    log.warning(
        "connection.refresh_failed",
        connection=str(connection.pk),
        error=type(error).__name__,
        failures=failures,
    )


@transaction.atomic
def _store(connection: Connection, adapter: Adapter, old: Token, new: Token) -> Usable:
    """Write the new token, unless a newer one is there already."""
    row = locked(connection.pk)
    if row.version != connection.version or row.state == S.DISCONNECTED:
        return token_for(row)
    row.seal(new)
    row.refresh_at = next_refresh(adapter, new)
    row.refresh_failures = 0
    row.granted = _still_granted(row.granted, old, new)
    columns = ["sealed", "version", "expires_at", "ends_at"]
    row.save(update_fields=[*columns, "refresh_at", "refresh_failures", "granted"])
    _settle(row, adapter)
    return Usable(new, row.version)


def _still_granted(granted: list[str], old: Token, new: Token) -> list[str]:
    """A platform that tells scopes with a refresh tells which were withdrawn."""
    gone = set(old.scopes) - set(new.scopes) if new.scopes else set()
    return [name for name in granted if name not in gone]


def _settle(row: Connection, adapter: Adapter) -> None:
    declared = [p.name for p in adapter.permissions(row.method)]
    missing = [name for name in declared if name not in row.granted]
    if set(missing) - set(row.missing):
        cause = f"A permission was withdrawn at {adapter.name}."
        mark(row, S.PERMISSIONS_MISSING, cause, missing=missing)
    elif row.state == S.EXPIRING and not _ends_soon(row):
        mark(row, S.CONNECTED, "The sign-in was renewed.")


def _ends_soon(row: Connection) -> bool:
    """A renewal may leave the last day of renewing where it was."""
    return row.ends_at is not None and row.ends_at <= clock.now() + WARN
