"""What becomes of a target after an error: one table for every platform (R-F4)."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from core import clock
from core.redact import redact
from platforms.errors import (
    AuthExpired,
    OperatorTrouble,
    OutcomeUnknown,
    PermissionMissing,
    PlatformError,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from publishing.queries import OPERATOR
from scheduling import lateness
from scheduling.models import Target
from scheduling.states import TargetState

Columns = dict[str, Any]
Verdict = tuple[TargetState, Columns]

FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 300.0


def verdict(target: Target, error: PlatformError) -> Verdict:
    """The state to move to, with its columns. Pure but for the clock and jitter."""
    for kind, rule in _RULES:
        if isinstance(error, kind):
            state, columns = rule(target, error)
            return state, of_part(target, columns)
    raise AssertionError(f"no rule for {type(error).__name__}")


def of_part(target: Target, columns: Columns) -> Columns:
    """Nobody shall think that a post isn't out because its comment isn't."""
    if not target.parts_out or "reason" not in columns:
        return columns
    lead = "The post is out; what follows it isn't yet."
    return {**columns, "reason": f"{lead} {columns['reason']}"}


def words(error: PlatformError, code: str = "") -> Columns:
    return {
        "reason_code": (code or error.code or type(error).__name__)[:64],
        "reason": redact(error.message),
        "reason_field": getattr(error, "field", "")[:32],
        "details": redact(error.details),
    }


def back_off(tries: int) -> timedelta:
    """Doubling waits with full jitter on the upper half, so that a crowd spreads."""
    ceiling = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2**tries)
    share = 0.5 + secrets.randbelow(1_000) / 2_000
    return timedelta(seconds=ceiling * share)


def again_at(target: Target, at: datetime, columns: Columns) -> Verdict:
    """Back to `scheduled`, unless that would be later than anybody wants it."""
    rule = lateness.too_late(target, at)
    if rule:
        columns = {"next_at": None, "lease_until": None, **columns}
        return _given_up(rule, columns)
    return TargetState.SCHEDULED, {
        "next_at": at,
        "lease_until": None,
        "tries": target.tries + 1,
        # Prepared again from the journal: a handle may have died meanwhile.
        "prepared": None,
        **columns,
    }


def _given_up(rule: lateness.Rule, columns: Columns) -> Verdict:
    """What shall be dropped when late is dropped here too, with the trouble's words."""
    if not rule.drops:
        return TargetState.FAILED, columns
    words = "It was dropped: it would have gone out too late."
    reason = f"{columns['reason']} {words}"
    return TargetState.CANCELLED, {
        **columns,
        "reason_code": "dropped",
        "reason": reason,
    }


def _unavailable(target: Target, error: PlatformError) -> Verdict:
    at = clock.now() + back_off(target.tries)
    return again_at(target, at, words(error, "unavailable"))


def _operator(target: Target, error: PlatformError) -> Verdict:
    """As if it were away; the code is what alarms look for."""
    at = clock.now() + back_off(target.tries)
    return again_at(target, at, words(error, OPERATOR))


def _rate_limited(target: Target, error: PlatformError) -> Verdict:
    assert isinstance(error, RateLimited)
    return again_at(target, error.until, words(error, "rate_limited"))


def _held(target: Target, error: PlatformError) -> Verdict:
    return TargetState.HELD, {"next_at": None, "lease_until": None, **words(error)}


def _failed(target: Target, error: PlatformError) -> Verdict:
    return TargetState.FAILED, {"next_at": None, "lease_until": None, **words(error)}


def _unknown(target: Target, error: PlatformError) -> Verdict:
    """Before the intent nothing public can have happened: it is just trouble."""
    if target.state == TargetState.CLAIMED:
        return _unavailable(target, error)
    return TargetState.UNCONFIRMED, {
        "next_at": clock.now() + timedelta(seconds=FIRST_WAIT_S),
        "lease_until": None,
        **words(error, "unconfirmed"),
    }


_RULES: tuple[
    tuple[type[PlatformError], Callable[[Target, PlatformError], Verdict]], ...
] = (
    (OutcomeUnknown, _unknown),
    (OperatorTrouble, _operator),
    (Unavailable, _unavailable),
    (RateLimited, _rate_limited),
    (AuthExpired, _held),
    (PermissionMissing, _held),
    (Rejected, _failed),
    (Unsupported, _failed),
)
