"""Connections that end by themselves are told before, and when they have (R-D1)."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format

from core import clock
from platforms import registry
from profiles.actions.mark import locked, mark
from profiles.actions.timing import WARN
from profiles.models import Connection
from profiles.states import ConnectionState as S

BATCH = 500
LIVE = (S.CONNECTED, S.EXPIRING, S.PERMISSIONS_MISSING, S.ENABLE_NEEDED)


def mark_expiring() -> int:
    """Connected ones that a person should sign in to soon; returns how many."""
    rows = Connection.objects.filter(state=S.CONNECTED, ends_at__lte=clock.now() + WARN)
    found = rows.select_related("profile").order_by("ends_at")[:BATCH]
    return sum(_warn(connection) for connection in found if _should_warn(connection))


def mark_ended() -> int:
    """Those whose last day has passed need a new sign-in; returns how many."""
    rows = Connection.objects.filter(state__in=LIVE, ends_at__lte=clock.now())
    ended = rows.order_by("ends_at").values_list("pk", flat=True)[:BATCH]
    return sum(_end(pk) for pk in list(ended))


def _should_warn(connection: Connection) -> bool:
    """Tokens that renew themselves worry people only when that has long failed.

    An end beyond the token's own is the end of renewing itself, so then it is near.
    """
    ahead = registry.get(connection.profile.platform).refresh_ahead
    ends = connection.ends_at
    if ahead is None or ends is None or connection.refresh_at is None:
        return True
    if connection.expires_at is not None and connection.expires_at < ends:
        return True
    return ends <= clock.now() + min(WARN, ahead / 4)


@transaction.atomic
def _warn(connection: Connection) -> bool:
    row = locked(connection.pk)
    if row.state != S.CONNECTED or row.version != connection.version:
        return False
    mark(row, S.EXPIRING, f"The sign-in runs out on {_day(row)}.")
    return True


@transaction.atomic
def _end(pk: UUID) -> bool:
    row = locked(pk)
    if row.state not in LIVE or row.ends_at is None or row.ends_at > clock.now():
        return False
    mark(row, S.REFRESH_NEEDED, f"The sign-in ran out on {_day(row)}.")
    return True


def _day(row: Connection) -> str:
    """In the zone of the group, as its people read a calendar."""
    assert row.ends_at is not None, "only asked for those that end"
    wall = clock.to_wall(row.ends_at, row.profile.group.timezone)
    return date_format(wall, "j F Y")
