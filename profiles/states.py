"""States of a connection and the allowed moves between them (R-D1)."""

from __future__ import annotations

from django.db import models


class ConnectionState(models.TextChoices):
    CONNECTED = "connected", "Connected"
    EXPIRING = "expiring", "Expiring soon"
    REFRESH_NEEDED = "refresh_needed", "Refresh needed"
    PERMISSIONS_MISSING = "permissions_missing", "Permissions missing"
    ENABLE_NEEDED = "enable_needed", "Enable needed"
    DISCONNECTED = "disconnected", "Disconnected"


S = ConnectionState

MOVES: dict[str, frozenset[str]] = {
    S.CONNECTED: frozenset(S) - {S.CONNECTED},
    S.EXPIRING: frozenset(S) - {S.EXPIRING},
    S.REFRESH_NEEDED: frozenset(
        {S.CONNECTED, S.PERMISSIONS_MISSING, S.ENABLE_NEEDED, S.DISCONNECTED}
    ),
    S.PERMISSIONS_MISSING: frozenset(
        {S.CONNECTED, S.REFRESH_NEEDED, S.ENABLE_NEEDED, S.DISCONNECTED}
    ),
    S.ENABLE_NEEDED: frozenset(
        {S.CONNECTED, S.REFRESH_NEEDED, S.PERMISSIONS_MISSING, S.DISCONNECTED}
    ),
    S.DISCONNECTED: frozenset({S.CONNECTED, S.PERMISSIONS_MISSING, S.ENABLE_NEEDED}),
}

# A post can go out through these; missing permissions are judged one by one.
USABLE = frozenset({S.CONNECTED, S.EXPIRING})


class IllegalMove(Exception):
    """The code tried a move that the table doesn't have: a bug, not bad input."""


def require(before: str, after: str) -> None:
    if before != after and after not in MOVES[before]:
        raise IllegalMove(f"connection: {before} -> {after}")
