"""Refusals of a Mastodon server as ours; the status decides, and for 403 the text.

https://docs.joinmastodon.org/entities/Error/ and the rate limits' page (2026-11-21).
Texts are asked for in English.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from core.http import BadReply, Reply
from core.redact import redact
from platforms import clock
from platforms.client import bounded, json_of, lost, retry_at
from platforms.errors import PlatformError
from platforms.faults import Fault

NAME = "Mastodon"
PAUSE_S = 300.0
# OAuth's name for an app that was never registered or has been cleared away.
UNKNOWN_CLIENT = "invalid_client"

_ENDED = Fault(
    "reconnect",
    "Your Mastodon server no longer knows this sign-in. Sign in again to go on "
    "publishing.",
)
_DISABLED = Fault(
    "reconnect",
    "Your Mastodon server has disabled or not yet confirmed this account. Sign in there "
    "to see why.",
)
_SCOPE = Fault(
    "permission",
    "Your Mastodon server no longer allows this. Review the permissions of this "
    "profile.",
)
_REFUSED = Fault("rejected", "Your Mastodon server refused this.")
_SLOW = Fault("limited", "Your Mastodon server asks us to slow down.", pause_s=PAUSE_S)
BY_STATUS = {
    400: _REFUSED,
    401: _ENDED,
    403: _REFUSED,
    404: _REFUSED,
    422: _REFUSED,
    429: _SLOW,
}
# Pieces of what comes with 403, in lower case; there is no code.
FORBIDDEN = (
    ("outside the authorized scopes", _SCOPE),
    ("login is currently disabled", _DISABLED),
    ("confirmed e-mail", _DISABLED),
    ("pending", _DISABLED),
)


def value_of(reply: Reply, needs: tuple[str, ...] = ()) -> Any:
    """The JSON of a good answer; raises what any other answer means."""
    if reply.ok:
        return json_of(reply, NAME)
    said = said_in(reply)
    fault = _fault(reply.status, said)
    if fault is None:
        raise lost(NAME, False, reply.excerpt(), reply.status)
    facts = {"status": reply.status, "details": said or reply.excerpt()}
    raise _error(fault, reply, needs, facts)


def said_in(reply: Reply) -> str:
    try:
        body = reply.json()
    except BadReply:
        return ""
    found = body.get("error") if isinstance(body, dict) else None
    return redact(str(found or ""), limit=500)


def free_at(reply: Reply) -> datetime:
    """X-RateLimit-Reset: a date, or with some servers Unix seconds."""
    told = reply.headers.get("x-ratelimit-reset", "")
    try:
        if told.isdecimal():
            return bounded(clock.from_epoch(int(told)))
        moment = datetime.fromisoformat(told)
    except (ValueError, OverflowError, OSError):
        return retry_at(reply, otherwise_s=PAUSE_S)
    return bounded(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _fault(status: int, said: str) -> Fault | None:
    if status == 403:
        words = said.lower()
        for piece, fault in FORBIDDEN:
            if piece in words:
                return fault
    return BY_STATUS.get(status)


def _error(
    fault: Fault, reply: Reply, needs: tuple[str, ...], facts: dict[str, Any]
) -> PlatformError:
    return fault.error(NAME, needs, free_at(reply), facts)
