"""TikTok's refusals as ours, by code; its status is 200 for some of them.

https://developers.tiktok.com/doc/tiktok-api-v2-error-handling and
https://developers.tiktok.com/doc/oauth-error-handling (2026-11-21).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.http import BadReply, Reply
from core.redact import redact
from platforms.client import json_of, lost, retry_at
from platforms.errors import PlatformError, Rejected
from platforms.faults import HOUR_S, Fault

NAME = "TikTok"

MINUTE_S = 60.0
DAY_S = 24 * HOUR_S
_SIGN_IN = "Sign in again to go on."
_OUTAGE = Fault("outage", "TikTok has trouble of its own right now.", unsure=True)
_SLOW = Fault("limited", "TikTok asks us to slow down.", pause_s=MINUTE_S)
_ENDED = Fault("reconnect", "The TikTok sign-in is no longer valid. " + _SIGN_IN)
_PERMISSION = Fault(
    "permission",
    "TikTok no longer allows this. Review the permissions of this profile.",
)
_SETUP = Fault(
    "rejected",
    "This server isn't set up correctly for TikTok. Tell whoever runs it to check the "
    "app's keys.",
)
_OURS = Fault("rejected", "TikTok didn't accept this as we sent it.")
BANNED = (
    "TikTok has barred this account from posting. Open the TikTok app, see what it says "
    "about your account, then try again."
)

# Codes of the API, and below them those of the token endpoint.
ROWS: Mapping[str, Fault] = {
    "access_token_invalid": _ENDED,
    "token_not_authorized_for_specified_publish_id": _OURS,
    "invalid_publish_id": _OURS,
    "invalid_param": _OURS,
    "invalid_params": _OURS,
    "invalid_file_upload": Fault(
        "rejected", "TikTok couldn't read this file.", "media"
    ),
    "app_version_check_failed": Fault(
        "reconnect", "Update the TikTok app on your phone, then try again."
    ),
    "scope_not_authorized": _PERMISSION,
    "scope_permission_missed": _PERMISSION,
    "rate_limit_exceeded": _SLOW,
    "internal_error": _OUTAGE,
    "spam_risk_too_many_posts": Fault(
        "limited",
        "This account has used up TikTok's posts for 24 hours.",
        pause_s=DAY_S,
    ),
    "spam_risk_too_many_pending_share": Fault(
        "limited",
        "Five drafts wait in the TikTok app. Finish or delete them first.",
        pause_s=DAY_S,
    ),
    "spam_risk_user_banned_from_posting": Fault("reconnect", BANNED),
    "reached_active_user_cap": Fault(
        "limited",
        "This server's TikTok app has reached its number of people for 24 hours.",
        pause_s=DAY_S,
        scope="app",
    ),
    "unaudited_client_can_only_post_to_private_accounts": Fault(
        "permission",
        "TikTok hasn't audited this server's app yet, so it posts to private accounts "
        "only.",
    ),
    "url_ownership_unverified": _SETUP,
    "privacy_level_option_mismatch": Fault(
        "rejected",
        "TikTok no longer offers the chosen audience for this account. Choose again.",
        "options",
    ),
    # https://developers.tiktok.com/doc/oauth-error-handling
    "invalid_grant": Fault("reconnect", "TikTok has ended this sign-in. " + _SIGN_IN),
    "invalid_client": _SETUP,
    "unauthorized_client": _SETUP,
    "invalid_scope": _SETUP,
    "invalid_request": _OURS,
    "unsupported_grant_type": _OURS,
    "access_denied": Fault("reconnect", "Access was withdrawn at TikTok. " + _SIGN_IN),
    "temporarily_unavailable": _OUTAGE,
    "server_error": _OUTAGE,
}
BY_STATUS: Mapping[int, Fault] = {401: _ENDED, 429: _SLOW}


@dataclass(frozen=True)
class Refusal:
    code: str
    said: str
    log_id: str


def value_of(
    reply: Reply, needs: tuple[str, ...] = (), *, mutating: bool = False
) -> Any:
    """The JSON of a good answer; raises what any other answer means.

    `needs`: the permissions that a refusal for want of one is about.
    """
    refusal = refusal_in(reply)
    if refusal is not None:
        raise _meaning(refusal, reply, needs)
    if reply.ok:
        return json_of(reply, NAME, mutating=mutating)
    fault = BY_STATUS.get(reply.status)
    facts = {"status": reply.status, "details": reply.excerpt()}
    if fault is None:
        raise lost(NAME, mutating, reply.excerpt(), reply.status)
    raise _error(fault, reply, needs, facts)


def refusal_in(reply: Reply) -> Refusal | None:
    """Either envelope: `error{code}` of the API, or OAuth's `error` as a text."""
    try:
        body = reply.json()
    except BadReply:
        return None
    found = body.get("error") if isinstance(body, dict) else None
    if isinstance(found, dict):
        code, said = found.get("code"), found.get("message")
        log_id = found.get("log_id")
    elif isinstance(found, str) and found:
        code, said = found, body.get("error_description")
        log_id = body.get("log_id")
    else:
        return None
    if code == "ok":
        return None
    return Refusal(
        code=redact(str(code or ""), limit=64),
        said=redact(str(said or ""), limit=500),
        log_id=str(log_id or "")[:128],
    )


def _meaning(refusal: Refusal, reply: Reply, needs: tuple[str, ...]) -> PlatformError:
    facts: dict[str, Any] = {
        "status": reply.status,
        "code": refusal.code,
        "details": refusal.said,
        "request_id": refusal.log_id,
    }
    fault = ROWS.get(refusal.code) or BY_STATUS.get(reply.status)
    if fault is None and reply.status < 500:
        return Rejected(f"{NAME} refused this without a reason we know.", **facts)
    return _error(fault or _OUTAGE, reply, needs, facts)


def _error(
    fault: Fault, reply: Reply, needs: tuple[str, ...], facts: Mapping[str, Any]
) -> PlatformError:
    return fault.error(NAME, needs, retry_at(reply, otherwise_s=fault.pause_s), facts)
