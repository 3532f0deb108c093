"""Google's refusals as ours: by status and reason, and OAuth's by its own names.

https://cloud.google.com/apis/design/errors, https://developers.google.com/my-business/
reference/rest and https://developers.google.com/identity/protocols/oauth2/web-server
(2026-11-21). Texts are never read. Only `invalid_grant` ends a sign-in; an access token
that isn't taken may just be stale.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.http import BadReply, Reply
from core.redact import redact
from platforms.client import json_of, lost, retry_at
from platforms.errors import PlatformError, Rejected
from platforms.faults import Fault

NAME = "Google"
MINUTE_S = 60.0

_SIGN_IN = "Sign in again to go on."
_ENDED = Fault(
    "reconnect",
    "Google has ended this sign-in: access was removed in the Google account, or it "
    "wasn't used for six months. " + _SIGN_IN,
)
_OUTAGE = Fault("outage", "Google has trouble of its own right now.", unsure=True)
_SLOW = Fault("limited", "Google asks us to slow down.", pause_s=MINUTE_S, scope="app")
_OURS = Fault("rejected", "Google didn't accept this as we sent it.")
_ROLE = Fault(
    "permission",
    "Google no longer lets this sign-in manage this location. Ask an owner to make you "
    "an owner or manager of it, then review the permissions.",
)
_SETUP = Fault(
    "operator",
    "This server isn't set up correctly for Google. Tell whoever runs it to check the "
    "keys and the consent screen of its Google Cloud project.",
)
_NO_API = Fault(
    "operator",
    "An API of Google isn't turned on for this server. Tell whoever runs it to enable "
    "the Business Profile APIs in its Google Cloud project.",
)
_NOT_APPROVED = Fault(
    "operator",
    "Google hasn't let this server use its Business Profile APIs yet. Tell whoever runs "
    "it to request access for its Google Cloud project.",
)

# Status and reason of the APIs; "" stands for any reason.
ROWS: Mapping[tuple[str, str], Fault] = {
    ("UNAUTHENTICATED", ""): Fault(
        "reconnect", "Google no longer takes this sign-in. " + _SIGN_IN
    ),
    ("PERMISSION_DENIED", ""): _ROLE,
    ("PERMISSION_DENIED", "SERVICE_DISABLED"): _NO_API,
    ("PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"): Fault(
        "permission",
        "Google no longer lets us manage your Business Profiles. Review the permissions "
        "of this profile.",
    ),
    ("NOT_FOUND", ""): Fault(
        "permission",
        "Google no longer shows us this location. It was removed, or this Google "
        "account lost its role there.",
    ),
    ("FAILED_PRECONDITION", ""): Fault(
        "permission",
        "This location isn't verified at Google, or Google has suspended it. Open "
        "Google Business Profile to see what it wants.",
    ),
    ("INVALID_ARGUMENT", ""): _OURS,
    ("OUT_OF_RANGE", ""): _OURS,
    ("ABORTED", ""): Fault("again", "Somebody else changes this location right now."),
    ("RESOURCE_EXHAUSTED", ""): _SLOW,
    ("INTERNAL", ""): _OUTAGE,
    ("UNKNOWN", ""): _OUTAGE,
    ("UNAVAILABLE", ""): _OUTAGE,
    ("DEADLINE_EXCEEDED", ""): _OUTAGE,
}
# `error` and `error_subtype` of the token endpoint.
OAUTH: Mapping[tuple[str, str], Fault] = {
    ("invalid_grant", ""): _ENDED,
    ("invalid_grant", "invalid_rapt"): Fault(
        "reconnect",
        "Your organisation asks its people to sign in to Google again after a while.",
    ),
    ("invalid_token", ""): _ENDED,
    ("admin_policy_enforced", ""): Fault(
        "permission",
        "The administrator of your Google Workspace doesn't allow this. Ask them to "
        "trust this app.",
    ),
    ("invalid_client", ""): _SETUP,
    ("unauthorized_client", ""): _SETUP,
    ("deleted_client", ""): _SETUP,
    ("org_internal", ""): _SETUP,
    ("redirect_uri_mismatch", ""): _SETUP,
    ("invalid_scope", ""): _SETUP,
    ("invalid_request", ""): _OURS,
    ("unsupported_grant_type", ""): _OURS,
    ("temporarily_unavailable", ""): _OUTAGE,
    ("server_error", ""): _OUTAGE,
    ("internal_failure", ""): _OUTAGE,
}


@dataclass(frozen=True)
class Refusal:
    """`status` and `reason` as Google names them; `zero`: a quota that allows nothing."""

    status: str
    reason: str
    said: str
    oauth: bool = False
    zero: bool = False

    @property
    def code(self) -> str:
        return "/".join(filter(None, (self.status, self.reason)))

    @property
    def fault(self) -> Fault | None:
        if self.zero and self.status == "RESOURCE_EXHAUSTED":
            return _NOT_APPROVED
        rows = OAUTH if self.oauth else ROWS
        return rows.get((self.status, self.reason)) or rows.get((self.status, ""))


def value_of(reply: Reply, needs: tuple[str, ...] = ()) -> Any:
    """The JSON of a good answer; raises what any other answer means.

    `needs`: the permissions that a refusal for want of one is about.
    """
    if reply.ok:
        return json_of(reply, NAME)
    refusal = refusal_in(reply)
    if refusal is not None:
        raise _meaning(refusal, reply, needs)
    if reply.status == 429:
        raise _error(_SLOW, reply, needs, {"details": reply.excerpt()})
    raise lost(NAME, False, reply.excerpt(), reply.status)


def refusal_in(reply: Reply) -> Refusal | None:
    """Either envelope: `error{status}` of the APIs, or OAuth's `error` as a text."""
    try:
        body = reply.json()
    except BadReply:
        return None
    found = body.get("error") if isinstance(body, dict) else None
    if isinstance(found, str) and found:
        return _oauth_refusal(found, body)
    if not isinstance(found, dict):
        return None
    details = list(_details(found))
    return Refusal(
        status=_word(found.get("status")),
        reason=next(
            (_word(each["reason"]) for each in details if "reason" in each), ""
        ),
        said=redact(str(found.get("message") or ""), limit=500),
        zero=any(_is_zero(each) for each in details),
    )


def _oauth_refusal(error: str, body: Mapping[str, Any]) -> Refusal:
    return Refusal(
        status=_word(error),
        reason=_word(body.get("error_subtype")),
        said=redact(str(body.get("error_description") or ""), limit=500),
        oauth=True,
    )


def _details(error: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    listed = error.get("details")
    if isinstance(listed, list):
        yield from (each for each in listed if isinstance(each, dict))


def _is_zero(detail: Mapping[str, Any]) -> bool:
    """Before a project is approved its quota is no request a minute."""
    metadata = detail.get("metadata")
    told = metadata.get("quota_limit_value") if isinstance(metadata, dict) else None
    return str(told) == "0"


def _word(value: Any) -> str:
    return redact(str(value or ""), limit=64)


def _meaning(refusal: Refusal, reply: Reply, needs: tuple[str, ...]) -> PlatformError:
    facts = {"code": refusal.code, "details": refusal.said}
    fault = refusal.fault
    if fault is None and reply.status < 500:
        words = f"{NAME} refused this without a reason we know."
        return Rejected(words, status=reply.status, **facts)
    return _error(fault or _OUTAGE, reply, needs, facts)


def _error(
    fault: Fault, reply: Reply, needs: tuple[str, ...], facts: Mapping[str, Any]
) -> PlatformError:
    until = retry_at(reply, otherwise_s=fault.pause_s)
    return fault.error(NAME, needs, until, {"status": reply.status, **facts})
