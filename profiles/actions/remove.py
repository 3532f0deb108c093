"""Disconnect a profile (R-D7, R-D8): refused while posts need it, then final."""

from __future__ import annotations

from datetime import timedelta

import structlog
from django.db import transaction

from accounts.models import User
from accounts.rights import Right, require
from core import clock
from core.crypto import KeyMissing, Tampered
from core.errors import DomainError
from core.queue import enqueue
from platforms import registry
from platforms.errors import (
    OutcomeUnknown,
    PlatformError,
    RateLimited,
    Unavailable,
)
from profiles import hooks
from profiles.actions.mark import locked, mark
from profiles.actions.note import note
from profiles.models import Connection, SocialProfile
from profiles.siblings import same_sign_in
from profiles.states import ConnectionState as S

log = structlog.get_logger(__name__)

# How long a token is kept for its revocation when the platform is away.
FAREWELL = timedelta(hours=24)
GIVEN_BACK = "Our access was given back at {name}, and our key to it destroyed."
REFUSED = "{name} no longer knew our access. Our key to it was destroyed."
UNREADABLE = (
    "Our key couldn't be read any more, so it was destroyed without telling {name}. "
    "You can take our access away in your settings there."
)
UNKNOWN = (
    "This installation no longer knows the platform, so our key was destroyed without "
    "telling it."
)
GAVE_UP = (
    "{name} didn't answer for a day. Our key was destroyed; to be thorough, take our "
    "access away in your settings there, too."
)


@transaction.atomic
def remove(
    *, profile: SocialProfile, actor: User, clearing: hooks.Clearing | None = None
) -> None:
    """The row stays, with its history; the slot is empty and the token unusable.

    `clearing`: what the person chose for all that still needs it, done in one step.
    """
    require(actor, profile.group, Right.CONNECT)
    if clearing is not None:
        hooks.clear(profile, actor, clearing)
    held = hold(profile)
    _refuse_needed(held)
    connection = locked(held.connection.pk)
    if connection.state == S.DISCONNECTED:
        return
    lock_away(connection)
    mark(connection, S.DISCONNECTED, "Disconnected.", missing=[], actor=actor)
    SocialProfile.objects.filter(pk=profile.pk).update(removed_at=clock.now())
    enqueue("profiles.revoke", str(connection.pk))


def hold(profile: SocialProfile) -> SocialProfile:
    """The row as it is now, kept from others: whoever writes a post for it waits, and
    is told then. Refused when it left its group."""
    rows = SocialProfile.objects.select_for_update(of=("self",), no_key=True)
    rows = rows.select_related("connection", "group", "social_set")
    found = rows.filter(pk=profile.pk, group=profile.group_id).first()
    if found is None:
        message = f"{profile.label} was moved to another Access Group meanwhile."
        raise DomainError("moved", message)
    return found


def _refuse_needed(profile: SocialProfile) -> None:
    waiting = hooks.needs(profile).count
    if waiting:
        noun = "post still needs" if waiting == 1 else "posts still need"
        raise DomainError(
            "profile_needed",
            f"{waiting} {noun} {profile.label}. Choose what becomes of them.",
        )


def lock_away(connection: Connection) -> None:
    """From here on the token can only be revoked. Unreadable ones are just dropped."""
    try:
        connection.seal_farewell()
    except Tampered:
        connection.sealed = ""
    connection.refresh_at = None
    connection.ends_at = None
    connection.expires_at = None
    connection.version += 1
    connection.granted = []
    columns = ["sealed", "farewell", "refresh_at", "ends_at", "expires_at", "version"]
    connection.save(update_fields=[*columns, "granted"])


def revoke(connection_id: str) -> None:
    """Take the right back at the platform, best effort, and destroy the token."""
    rows = Connection.objects.select_related("profile").exclude(farewell="")
    connection = rows.filter(pk=connection_id).first()
    if connection is None:
        return
    words = ""
    if connection.profile.platform not in registry.PLATFORMS:
        words = UNKNOWN
    elif _revocable(connection):
        words = _revoked(connection)
        if not words and _may_wait(connection):
            return
        words = words or GAVE_UP.format(name=_platform(connection))
    _destroy(connection, words)


def _may_wait(connection: Connection) -> bool:
    removed_at = connection.profile.removed_at
    return removed_at is not None and removed_at > clock.now() - FAREWELL


def revoke_leftovers() -> int:
    """Removed profiles whose token still waits for its revocation; how many."""
    waiting = Connection.objects.exclude(farewell="").values_list("pk", flat=True)
    for pk in list(waiting[:100]):
        enqueue("profiles.revoke", str(pk))
    return len(waiting)


def _revocable(connection: Connection) -> bool:
    """Not when it is in use again, or when siblings live by the same sign-in."""
    if connection.profile.removed_at is None:
        return False
    live = Connection.objects.filter(profile__removed_at=None)
    return not live.filter(same_sign_in(connection)).exists()


def _revoked(connection: Connection) -> str:
    """What became of it, for the history; "" when asking again may help."""
    name = _platform(connection)
    adapter = registry.get(connection.profile.platform)
    try:
        adapter.revoke(connection.farewell_token(), connection.profile.for_platform())
    except KeyMissing:
        return ""
    except Tampered:
        return UNREADABLE.format(name=name)
    except PlatformError as error:
        log.info(
            "connection.revoke_failed",
            connection=str(connection.pk),
            error=type(error).__name__,
        )
        return "" if _worth_repeating(error) else REFUSED.format(name=name)
    return GIVEN_BACK.format(name=name)


def _worth_repeating(error: PlatformError) -> bool:
    return isinstance(error, Unavailable | RateLimited | OutcomeUnknown)


def _platform(connection: Connection) -> str:
    return registry.adapter_class(connection.profile.platform).name


@transaction.atomic
def _destroy(connection: Connection, words: str) -> None:
    rows = Connection.objects.filter(pk=connection.pk, farewell=connection.farewell)
    if rows.update(farewell="") and words:
        note(connection, words)
