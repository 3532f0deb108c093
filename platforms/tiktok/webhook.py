"""TikTok's webhook: one address an app for all events; here who took our access away.

https://developers.tiktok.com/doc/webhooks-verification and webhooks-events (2026-11-21).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from typing import Any

from platforms.callbacks import (
    Callback,
    Delivery,
    Forged,
    Withdrawal,
    moment,
    object_of,
    same,
)

NAME = "webhook"
HEADER = "TikTok-Signature"
REMOVED = "authorization.removed"
# Asked for by the sheet: what is older may be somebody's recording.
OLDEST_S = 300.0
_SIGNATURE = re.compile(r"t=([0-9]{1,12}),s=([0-9a-f]{64})")
_BY_PERSON = "Access for Later was removed at TikTok."
CAUSES = {
    1: _BY_PERSON,
    2: "The TikTok account was deleted, which ended our access to it.",
    3: "TikTok ended our access because the age of the account's owner was changed.",
    4: "TikTok has banned this account, which ended our access to it.",
    5: "TikTok withdrew our access to this account.",
}


def declared(credentials: tuple[str, ...]) -> tuple[Callback, ...]:
    return (Callback(NAME, "Webhook callback URL", credentials),)


def read(delivery: Delivery, client_key: str, secret: str) -> tuple[Withdrawal, ...]:
    """Nothing for events of other kinds. Forged unless TikTok signed it just now."""
    found = _SIGNATURE.fullmatch(delivery.headers.get(HEADER, ""))
    if found is None or not secret:
        raise Forged("no signature")
    text = f"{found[1]}.".encode() + delivery.body
    wanted = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    if not same(found[2].encode(), wanted.encode()):
        raise Forged("wrong signature")
    at = moment(int(found[1]), OLDEST_S)
    event = object_of(delivery.body)
    if event.get("client_key") != client_key:
        raise Forged("another app")
    if event.get("event") != REMOVED:
        return ()
    person = event.get("user_openid")
    if not isinstance(person, str) or not person:
        raise Forged("nobody is named")
    return (Withdrawal(("tiktok",), ({"external_id": person},), at, _cause(event)),)


def _cause(event: dict[str, Any]) -> str:
    """`content` is JSON in a text. Reasons that we don't know are the person's own."""
    try:
        content = json.loads(str(event.get("content") or "{}"))
        return CAUSES.get(int(content["reason"]), _BY_PERSON)
    except (ValueError, TypeError, KeyError, RecursionError):
        return _BY_PERSON
