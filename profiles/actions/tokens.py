"""The token of a connection, and a new one when it ran out (R-D2, R-D3).

A refresh token may be good for one use only, so one refresher at a time holds a lease
on the row. The foreign call runs outside of any transaction; its result is written
only over the version that it was made from.

That a renewal was asked is written down before the call: where the answer gets lost, or
this process dies with it, the next one knows why its own call may be refused.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce

from core import clock
from core.crypto import KeyMissing, Tampered
from platforms import registry
from platforms.adapter import Adapter
from platforms.errors import (
    AuthExpired,
    OperatorTrouble,
    OutcomeUnknown,
    PermissionMissing,
    PlatformError,
    Unavailable,
    Unsupported,
)
from platforms.types import Token
from profiles.actions.happen import happen
from profiles.actions.mark import locked
from profiles.actions.timing import back_off, next_refresh
from profiles.actions.trouble import UNREADABLE, note_trouble, note_unreadable
from profiles.errors import ConnectionBroken
from profiles.models import Connection
from profiles.rights import missing_of
from profiles.states import FIRST_WARNING, LIVE, ConnectionState, Event

log = structlog.get_logger(__name__)

# Longer than connect and read time-outs of the calls that a refresh makes.
LEASE = timedelta(seconds=120)
# How long a second caller waits for the first one's answer, and how often it looks.
WAIT_S = 8.0
LOOK_EVERY_S = 0.1
# A token with less than this left is not worth a call of its own.
SPARE = timedelta(seconds=60)

LOST = (
    "The answer to an earlier renewal got lost on its way from {name}, and a renewal is "
    "good only once there. Sign in again."
)
LOCKED = "This installation lacks the key to its stored sign-ins."


@dataclass(frozen=True)
class Usable:
    """A decrypted token and the version it has; `version` goes back into `refresh`."""

    token: Token
    version: int


@dataclass(frozen=True)
class Asker:
    """Who renews the token of version `seen`, and since when."""

    owner: uuid.UUID
    seen: int
    at: datetime

    def unanswered(self, connection: Connection) -> datetime | None:
        """When an earlier renewal was asked whose answer never came."""
        asked = connection.renewal_asked_at
        return asked if asked is not None and asked < self.at else None


def token_for(connection: Connection) -> Usable:
    """The stored token, without any call.

    Raises ConnectionBroken, and OperatorTrouble when its key isn't in the ring.
    """
    if connection.state not in LIVE or not connection.sealed:
        raise ConnectionBroken(connection.cause or "The profile is not connected.")
    try:
        return Usable(connection.token(), connection.version)
    except KeyMissing:
        log.exception("connection.key_missing", connection=str(connection.pk))
        raise OperatorTrouble(LOCKED) from None
    except Tampered:
        log.exception("connection.unreadable", connection=str(connection.pk))
        note_unreadable(connection.pk, seen_version=connection.version)
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
        asker = Asker(uuid.uuid4(), seen_version, clock.now())
        if _take_lease(connection_id, asker):
            return _refresh_as(asker, connection_id, ahead)
        connection = _read(connection_id)
        if connection.version != seen_version:
            return token_for(connection)
        token_for(connection)
        if time.monotonic() > deadline:
            raise Unavailable("The connection is being refreshed; try in a moment.")
        time.sleep(LOOK_EVERY_S)


def _take_lease(connection_id: uuid.UUID | str, asker: Asker) -> bool:
    until = asker.at + LEASE
    free = Q(refresh_lease_until=None) | Q(refresh_lease_until__lt=asker.at)
    rows = Connection.objects.filter(free, pk=connection_id, version=asker.seen)
    taken = rows.filter(state__in=LIVE).update(
        refresh_owner=asker.owner,
        refresh_lease_until=until,
        renewal_asked_at=Coalesce("renewal_asked_at", Value(asker.at)),
        # Should we die: asked again as soon as the lease is over.
        refresh_at=Case(When(refresh_at__isnull=False, then=Value(until))),
    )
    return taken == 1


def _read(connection_id: uuid.UUID | str) -> Connection:
    return Connection.objects.select_related("profile").get(pk=connection_id)


def _refresh_as(asker: Asker, connection_id: uuid.UUID | str, ahead: bool) -> Usable:
    connection = _read(connection_id)
    try:
        if connection.version != asker.seen:
            return token_for(connection)
        return _ask(connection, asker, ahead)
    finally:
        held = Connection.objects.filter(pk=connection_id, refresh_owner=asker.owner)
        held.update(refresh_owner=None, refresh_lease_until=None)


def _ask(connection: Connection, asker: Asker, ahead: bool) -> Usable:
    adapter = registry.get(connection.profile.platform)
    old = token_for(connection).token
    try:
        new = adapter.refresh(old, connection.profile.for_platform())
    except (AuthExpired, PermissionMissing) as error:
        return _refused(connection, asker, _in_truth(connection, asker, error))
    except Unsupported:
        if ahead:
            return _unrenewable(connection)
        ended = AuthExpired(f"{adapter.name} has ended this sign-in.")
        return _refused(connection, asker, ended)
    except PlatformError as error:
        _later(connection, asker, error)
        raise
    return _store(connection, adapter, old, new)


def _in_truth(
    connection: Connection, asker: Asker, error: PlatformError
) -> PlatformError:
    """A refusal of what an earlier renewal has used up is no withdrawal."""
    adapter = registry.get(connection.profile.platform)
    lives = adapter.used_up.get(connection.method)
    lost_at = asker.unanswered(connection)
    if not isinstance(error, AuthExpired) or lives is None or lost_at is None:
        return error
    if clock.now() - lost_at < lives:
        return error
    words = LOST.format(name=adapter.name)
    return AuthExpired(words, code=error.code, status=error.status)


def _refused(connection: Connection, asker: Asker, error: PlatformError) -> Usable:
    """Dead, unless a person signed in anew while we asked."""
    note_trouble(connection.pk, error, seen_version=asker.seen)
    _later(connection, asker, error)
    now = _read(connection.pk)
    if now.version != asker.seen:
        return token_for(now)
    raise ConnectionBroken(error.message) from None


def _unrenewable(connection: Connection) -> Usable:
    """This kind of sign-in just runs out; its end is told by `expiry`."""
    rows = Connection.objects.filter(pk=connection.pk, version=connection.version)
    rows.update(
        refresh_at=None, renewal_asked_at=None, warn_at=F("ends_at") - FIRST_WARNING
    )
    return token_for(_read(connection.pk))


def _later(connection: Connection, asker: Asker, error: PlatformError) -> None:
    """As long as it lives: asked again, ever more rarely."""
    failures = connection.refresh_failures + 1
    rows = Connection.objects.filter(
        pk=connection.pk, version=asker.seen, state__in=LIVE
    )
    columns: dict[str, Any] = {"refresh_failures": F("refresh_failures") + 1}
    columns["refresh_at"] = back_off(failures, error)
    if not isinstance(error, OutcomeUnknown):
        columns["renewal_asked_at"] = asker.unanswered(connection)
    rows.update(**columns)
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
    if row.version != connection.version or row.state == ConnectionState.DISCONNECTED:
        return token_for(row)
    row.seal(new)
    row.refresh_at = next_refresh(adapter, new, row.pk)
    row.refresh_failures = 0
    row.granted = _still_granted(row.granted, old, new)
    columns = ["sealed", "version", "expires_at", "ends_at", "warn_at", "refresh_at"]
    more = ["refresh_failures", "renewal_asked_at", "granted"]
    row.save(update_fields=[*columns, *more])
    _settle(row, adapter)
    return Usable(new, row.version)


def _still_granted(granted: list[str], old: Token, new: Token) -> list[str]:
    """A platform that tells scopes with a refresh tells which were withdrawn."""
    gone = set(old.scopes) - set(new.scopes) if new.scopes else set()
    return [name for name in granted if name not in gone]


def _settle(row: Connection, adapter: Adapter) -> None:
    missing = missing_of(adapter, row.method, row.granted)
    if set(missing) - set(row.missing):
        cause = f"A permission was withdrawn at {adapter.name}."
        happen(row, Event.WITHDRAWN, cause, missing=missing)
    else:
        happen(row, Event.RENEWED, "The sign-in was renewed.")
