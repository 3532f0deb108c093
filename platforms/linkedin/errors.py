"""LinkedIn's refusals as ours, by code; OAuth's by their own names.

https://learn.microsoft.com/en-us/linkedin/shared/api-guide/concepts/error-handling and
…/versioning (2026-11-21). Texts are never read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.http import BadReply, Reply
from core.redact import redact
from platforms import clock
from platforms.client import json_of, lost, retry_at
from platforms.errors import PlatformError, Rejected
from platforms.faults import Fault

NAME = "LinkedIn"
DAY_S = 86_400
MINUTE_S = 60.0

_SIGN_IN = "Sign in again to go on."
ENDED = Fault("reconnect", "The LinkedIn sign-in is no longer valid. " + _SIGN_IN)
REVOKED = Fault("reconnect", "Our access was removed at LinkedIn. " + _SIGN_IN)
EXPIRED = Fault("reconnect", "The LinkedIn sign-in has expired. " + _SIGN_IN)
_OUTAGE = Fault("outage", "LinkedIn has trouble of its own right now.", unsure=True)
_OURS = Fault("rejected", "LinkedIn didn't accept this as we sent it.")
_BUSY = Fault("again", "LinkedIn is busy with this just now.", pause_s=MINUTE_S)
_USED_UP = Fault("limited", "Today's requests to LinkedIn are used up.")
_DENIED = Fault(
    "permission",
    "LinkedIn doesn't allow this: a permission or your role on the Page is missing. "
    "Review the permissions of this profile.",
)
_SETUP = Fault(
    "operator",
    "This server isn't set up correctly for LinkedIn. Tell whoever runs it to check the "
    "app's keys and products.",
)
_VERSION = Fault(
    "operator",
    "LinkedIn no longer speaks the version that this server asks for. Tell whoever runs "
    "it to set a newer one.",
)

ROWS: Mapping[str, Fault] = {
    "INVALID_ACCESS_TOKEN": ENDED,
    "REVOKED_ACCESS_TOKEN": REVOKED,
    "EXPIRED_ACCESS_TOKEN": EXPIRED,
    "ACCESS_DENIED": _DENIED,
    "NONEXISTENT_VERSION": _VERSION,
    "VERSION_MISSING": _VERSION,
    "TOO_MANY_REQUESTS": _USED_UP,
    "MISSING_FIELD": _OURS,
    "INVALID_VALUE_FOR_FIELD": _OURS,
    "INVALID_URN_TYPE": _OURS,
    "INVALID_URN_ID": _OURS,
    # OAuth
    "invalid_grant": EXPIRED,
    "invalid_client": _SETUP,
    "unauthorized_client": _SETUP,
    "unauthorized_scope_error": _SETUP,
    "invalid_redirect_uri": _SETUP,
    "invalid_request": _OURS,
    "unsupported_grant_type": _OURS,
    "temporarily_unavailable": _OUTAGE,
    "server_error": _OUTAGE,
}
# Where the code is none of those: by the number beside it, then by the status.
BY_NUMBER: Mapping[int, Fault] = {65600: ENDED, 65601: REVOKED, 65602: EXPIRED}
BY_STATUS: Mapping[int, Fault] = {
    401: ENDED,
    403: _DENIED,
    409: _BUSY,
    426: _VERSION,
    429: _USED_UP,
}


@dataclass(frozen=True)
class Refusal:
    code: str
    number: int
    said: str

    def fault(self, status: int) -> Fault | None:
        known = ROWS.get(self.code) or BY_NUMBER.get(self.number)
        return known or BY_STATUS.get(status)


def value_of(reply: Reply, needs: tuple[str, ...] = ()) -> Any:
    """The JSON of a good answer, empty when there is no body; else what it means.

    `needs`: the permissions that a refusal for want of one is about.
    """
    if reply.ok:
        return json_of(reply, NAME) if reply.body.strip() else {}
    refusal = refusal_in(reply)
    if refusal is not None:
        raise _meaning(refusal, reply, needs)
    fault = BY_STATUS.get(reply.status) if reply.status in (426, 429) else None
    if fault is None:
        raise lost(NAME, False, reply.excerpt(), reply.status)
    raise _error(fault, reply, needs, {"details": reply.excerpt()})


def refusal_in(reply: Reply) -> Refusal | None:
    """`code` and `serviceErrorCode` of the API, or OAuth's `error`."""
    try:
        body = reply.json()
    except BadReply:
        return None
    if not isinstance(body, dict) or not ({"code", "error", "message"} & set(body)):
        return None
    number = body.get("serviceErrorCode")
    said = body.get("message") or body.get("error_description")
    return Refusal(
        code=redact(str(body.get("code") or body.get("error") or ""), limit=64),
        number=number if isinstance(number, int) else 0,
        said=redact(str(said or ""), limit=500),
    )


def midnight_s() -> float:
    """Seconds to the next midnight UTC, when LinkedIn counts anew."""
    return DAY_S - clock.now().timestamp() % DAY_S


def _meaning(refusal: Refusal, reply: Reply, needs: tuple[str, ...]) -> PlatformError:
    facts = {"code": refusal.code, "details": refusal.said}
    fault = refusal.fault(reply.status)
    if fault is None and reply.status < 500:
        words = f"{NAME} refused this without a reason we know."
        return Rejected(words, status=reply.status, **facts)
    return _error(fault or _OUTAGE, reply, needs, facts)


def _error(
    fault: Fault, reply: Reply, needs: tuple[str, ...], facts: Mapping[str, Any]
) -> PlatformError:
    until = retry_at(reply, otherwise_s=midnight_s())
    return fault.error(NAME, needs, until, {"status": reply.status, **facts})
