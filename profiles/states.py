"""States of a connection and the allowed moves between them (R-D1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import models

# How long before its end a sign-in that can't be renewed is warned of (R-D4), in days.
STEPS = (14, 7, 3, 1)
FIRST_WARNING = timedelta(days=STEPS[0])


class ConnectionState(models.TextChoices):
    CONNECTED = "connected", "Connected"
    EXPIRING = "expiring", "Expiring soon"
    REFRESH_NEEDED = "refresh_needed", "Refresh needed"
    PERMISSIONS_MISSING = "permissions_missing", "Permissions missing"
    ENABLE_NEEDED = "enable_needed", "Enable needed"
    DISCONNECTED = "disconnected", "Disconnected"


S = ConnectionState

# A post can go out through these; missing permissions are judged one by one.
USABLE = frozenset({S.CONNECTED, S.EXPIRING})
# Its token lives, as far as we know.
LIVE = frozenset(S) - {S.REFRESH_NEEDED, S.DISCONNECTED}
# How bad it is; people are told when it gets worse and none of them did it.
BROKEN = {S.PERMISSIONS_MISSING: 1, S.REFRESH_NEEDED: 2, S.DISCONNECTED: 2}


class Event(models.TextChoices):
    """All that can happen to a connection."""

    RENEWED = "renewed", "The token was renewed"
    TROUBLE = "trouble", "Asking failed for a reason that passes"
    REFUSED = "refused", "The platform says the token is dead"
    DEAUTHORIZED = "deauthorized", "Access was withdrawn on the platform's side"
    WITHDRAWN = "withdrawn", "A permission was taken away"
    GIVEN = "given", "Permissions were given"
    NEARS_END = "nears_end", "Its last day comes near"
    ENDED = "ended", "Its last day has passed"
    SIGNED_IN = "signed_in", "A person signed in as this identity"
    OTHER_SIGNED_IN = "other_signed_in", "A person signed in as somebody else"
    ENABLED = "enabled", "Auto Publish was turned on"
    REMOVED = "removed", "A person disconnected it"


@dataclass(frozen=True)
class Facts:
    """What decides where a connection that works stands.

    `vital`: one of the missing permissions is needed to post at all. Any other one waits
    until Auto Publish is on, so that nothing goes out before it.
    """

    missing: bool = False
    vital: bool = False
    enabled: bool = True
    near_end: bool = False

    @property
    def state(self) -> ConnectionState:
        if self.vital:
            return S.PERMISSIONS_MISSING
        if not self.enabled:
            return S.ENABLE_NEEDED
        if self.missing:
            return S.PERMISSIONS_MISSING
        return S.EXPIRING if self.near_end else S.CONNECTED


# Where the facts can lead.
OUTCOMES = (S.CONNECTED, S.EXPIRING, S.PERMISSIONS_MISSING, S.ENABLE_NEEDED)
# Stands for "what the facts say".
BY_FACTS = None
Row = dict[ConnectionState, ConnectionState | None]

_DEAD: Row = dict.fromkeys((*LIVE, S.REFRESH_NEEDED), S.REFRESH_NEEDED)
# What an event makes of each state; a state that isn't there stays as it is.
AFTER: dict[Event, Row] = {
    # Meanwhile dead: who used the old token while the new one was on its way.
    Event.RENEWED: {S.EXPIRING: BY_FACTS, S.REFRESH_NEEDED: BY_FACTS},
    Event.TROUBLE: {},
    Event.REFUSED: _DEAD,
    Event.DEAUTHORIZED: _DEAD,
    Event.WITHDRAWN: {
        **dict.fromkeys(LIVE, S.PERMISSIONS_MISSING),
        S.ENABLE_NEEDED: BY_FACTS,
    },
    Event.GIVEN: {S.PERMISSIONS_MISSING: BY_FACTS, S.REFRESH_NEEDED: BY_FACTS},
    Event.NEARS_END: {S.CONNECTED: S.EXPIRING},
    Event.ENDED: dict.fromkeys(LIVE, S.REFRESH_NEEDED),
    Event.SIGNED_IN: dict.fromkeys(S, BY_FACTS),
    Event.OTHER_SIGNED_IN: {},
    Event.ENABLED: {S.ENABLE_NEEDED: BY_FACTS},
    Event.REMOVED: dict.fromkeys((*LIVE, S.REFRESH_NEEDED), S.DISCONNECTED),
}


def after(state: str, event: Event, facts: Facts) -> ConnectionState | None:
    """Where the event leads; None when it changes nothing."""
    row = AFTER[event]
    before = ConnectionState(state)
    if before not in row:
        return None
    found = row[before] or facts.state
    # A renewal is no news by itself: it comes every hour.
    return None if event == Event.RENEWED and found == before else found


def _targets(state: ConnectionState) -> frozenset[str]:
    rows = [row for row in AFTER.values() if state in row]
    found = {target for row in rows if (target := row[state])}
    if any(row[state] is BY_FACTS for row in rows):
        found |= set(OUTCOMES)
    return frozenset(found - {state})


# All moves that some event leads to.
MOVES: dict[str, frozenset[str]] = {state: _targets(state) for state in S}


class IllegalMove(Exception):
    """The code tried a move that the table doesn't have: a bug, not bad input."""


def is_worse(before: str, after: str) -> bool:
    ranks = {str(state): rank for state, rank in BROKEN.items()}
    return ranks.get(after, 0) > ranks.get(before, 0)


def require(before: str, after: str) -> None:
    if before != after and after not in MOVES[before]:
        raise IllegalMove(f"connection: {before} -> {after}")
