"""Their `error` names in terms of ours: one table, keyed on the name, not the status.

Names: https://docs.bsky.app/docs/advanced-guides/api-directory, the lexicons, RFC 6749
section 5.2 and RFC 9449; behaviour tried on a real server. Read 2026-11-21.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from core.http import BadReply, Reply
from core.redact import MASK, redact
from platforms.client import bounded, lost, retry_at
from platforms.errors import (
    AuthExpired,
    OutcomeUnknown,
    PermissionMissing,
    PlatformError,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)

NAME = "Bluesky"
PUBLISH_SCOPE = "transition:generic"
RETRY_UNTOLD_S = 300.0

BLOB_NOT_FOUND = "BlobNotFound"
INVALID_SWAP = "InvalidSwap"
RECORD_NOT_FOUND = "RecordNotFound"
USE_NONCE = "use_dpop_nonce"

Facts = Mapping[str, Any]
Make = Callable[[Facts], PlatformError]


def _expired(message: str) -> Make:
    return lambda facts: AuthExpired(message, **facts)


def _rejected(message: str, field: str = "") -> Make:
    return lambda facts: Rejected(message, field, **facts)


def _unavailable(message: str) -> Make:
    return lambda facts: Unavailable(message, **facts)


def _missing(facts: Facts) -> PlatformError:
    return PermissionMissing(
        "Bluesky says this connection may not publish.", (PUBLISH_SCOPE,), **facts
    )


def _unsupported(facts: Facts) -> PlatformError:
    return Unsupported("This Bluesky server doesn't know the call.", **facts)


_SIGN_IN_AGAIN = _expired("The Bluesky sign-in has ended. Connect the profile again.")
_OUR_FAULT = _rejected("Bluesky refused the call; this is an error of ours.")
_ACCOUNT_OFF = _expired(
    "This Bluesky account is switched off. Sign in at Bluesky to see why, "
    "then connect the profile again."
)
_TOO_LARGE = _rejected("The file is too large for this Bluesky server.", "media")
_LATER = _unavailable("This Bluesky server has trouble right now.")

TABLE: dict[str, Make] = {
    # Tokens and sessions
    "ExpiredToken": _SIGN_IN_AGAIN,
    "InvalidToken": _SIGN_IN_AGAIN,
    "invalid_token": _SIGN_IN_AGAIN,
    "invalid_grant": _SIGN_IN_AGAIN,
    "AuthenticationRequired": _SIGN_IN_AGAIN,
    "AuthFactorTokenRequired": _expired(
        "This is the account's own password. Connect with an app password."
    ),
    "AccountTakedown": _ACCOUNT_OFF,
    "AccountSuspended": _ACCOUNT_OFF,
    "AccountDeactivated": _ACCOUNT_OFF,
    "RepoTakendown": _ACCOUNT_OFF,
    "RepoSuspended": _ACCOUNT_OFF,
    "RepoDeactivated": _ACCOUNT_OFF,
    "RepoNotFound": _expired(
        "The account has left this Bluesky server. Connect the profile again."
    ),
    # Rights
    "ScopeMissingError": _missing,
    "insufficient_scope": _missing,
    "invalid_scope": _missing,
    # The call itself is wrong: nothing a person can mend
    "AuthMissing": _OUR_FAULT,
    "AccountNotFound": _OUR_FAULT,
    "BadExpiration": _OUR_FAULT,
    "invalid_request": _OUR_FAULT,
    "invalid_redirect_uri": _rejected("Bluesky refused the address of the way back."),
    "invalid_client": _rejected("Bluesky refused this app's client metadata or key."),
    "invalid_client_id": _rejected("Bluesky can't use this service's address."),
    "invalid_client_metadata": _rejected("Bluesky can't read our client metadata."),
    "unauthorized_client": _rejected("Bluesky refused this app."),
    "invalid_dpop_proof": _unavailable("Bluesky refused the proof of this request."),
    USE_NONCE: _unavailable("Bluesky asked for a newer nonce twice."),
    "MethodNotImplemented": _unsupported,
    # The post
    "InvalidRequest": _rejected("Bluesky refused the post as invalid."),
    BLOB_NOT_FOUND: _rejected("Bluesky no longer has an uploaded file.", "media"),
    "BlobTooLarge": _TOO_LARGE,
    "PayloadTooLarge": _TOO_LARGE,
    "InvalidMimeType": _rejected("Bluesky doesn't take this kind of file.", "media"),
    # Our key is taken by ourselves: an earlier attempt went out after all.
    INVALID_SWAP: lambda facts: OutcomeUnknown(
        "Bluesky has this post already. We are looking it up.", **facts
    ),
    RECORD_NOT_FOUND: _rejected("There is no such post."),
    # The video service
    "unconfirmed_email": _rejected(
        "Bluesky takes videos from confirmed e-mail addresses only: confirm yours "
        "in the Bluesky app's settings.",
        "media",
    ),
    "profile_not_found": _rejected(
        "Bluesky takes no videos from this account yet: open it once in the app.",
        "media",
    ),
    # Outages
    "UpstreamFailure": _LATER,
    "UpstreamTimeout": _LATER,
    "NotEnoughResources": _LATER,
    "temporarily_unavailable": _LATER,
    "ServiceOverloaded": _LATER,
}

# When no error is named: what a web server in front of theirs answers.
BY_STATUS: dict[int, Make] = {
    401: _SIGN_IN_AGAIN,
    404: _unsupported,
    405: _unsupported,
    413: _TOO_LARGE,
    501: _unsupported,
}

# App passwords, codes and opaque tokens of this platform, which no server should echo.
_OURS = re.compile(
    r"\b[a-z0-9]{4}(?:-[a-z0-9]{4}){3}\b|\b(?:ref|cod|tok|req)-[\w-]{8,}"
)
_CHALLENGE = re.compile(r'\berror="([^"]+)"')


def error_of(reply: Reply) -> str:
    """The error's name: in the body, else in the challenge of a 401; "" for none."""
    name = _body(reply).get("error")
    if isinstance(name, str) and name:
        return name
    found = _CHALLENGE.search(reply.headers.get("WWW-Authenticate", ""))
    return found[1] if found else ""


def judge(reply: Reply, *, mutating: bool = False) -> None:
    """Return when the call was accepted, else raise our error for theirs."""
    if reply.ok:
        return
    name = error_of(reply)
    facts = {"status": reply.status, "code": name, "details": words(reply)}
    if reply.status == 429:
        raise RateLimited(
            "Bluesky asks us to slow down.", _until(reply), _scope(reply), **facts
        )
    # Even a named 5xx can come from a proxy that gave up on a call that succeeded.
    if mutating and reply.status >= 500 and reply.status not in BY_STATUS:
        raise lost(NAME, mutating, words(reply), reply.status)
    make = TABLE.get(name) or BY_STATUS.get(reply.status)
    if make is None and reply.status >= 500:
        make = _LATER
    raise (make or _rejected("Bluesky refused the call."))(facts)


def words(reply: Reply) -> str:
    """What they said, fit to be kept: "Name: message"; "" when it has no such form."""
    body = _body(reply)
    said = (body.get("error"), body.get("message"), body.get("error_description"))
    text = ": ".join(part for part in said if isinstance(part, str) and part)
    return _OURS.sub(MASK, redact(text, limit=500))


def _until(reply: Reply) -> datetime:
    """`RateLimit-Reset` (Unix s) where they send it, else Retry-After."""
    reset = reply.headers.get("RateLimit-Reset", "")
    if re.fullmatch(r"[0-9]{9,11}", reset):
        return bounded(datetime.fromtimestamp(int(reset), tz=UTC))
    return retry_at(reply, otherwise_s=RETRY_UNTOLD_S)


def _scope(reply: Reply) -> str:
    """The 3,000 requests in 5 minutes are counted by address, all else by account."""
    policy = reply.headers.get("RateLimit-Policy", "")
    return "app" if policy.startswith("3000;") else "profile"


def _body(reply: Reply) -> dict[str, Any]:
    try:
        body = reply.json()
    except BadReply:
        return {}
    return body if isinstance(body, dict) else {}
