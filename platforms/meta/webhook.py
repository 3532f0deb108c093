"""Meta's webhook for the object Permissions: single rights that a person gave or took.

https://developers.facebook.com/docs/graph-api/webhooks/getting-started and
https://developers.facebook.com/docs/graph-api/webhooks/reference/permissions
(2026-11-21). It names the person and the right, and not surely all that goes with it:
so nothing of it is believed but that something changed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from typing import Any

from platforms.callbacks import Callback, Delivery, Forged, moment, object_of, same

NAME = "webhook"
OBJECT = "permissions"
HEADER = "X-Hub-Signature-256"
OLDEST_S = 86_400.0


def declared(credentials: tuple[str, ...]) -> Callback:
    label = "Webhooks, object Permissions: Callback URL"
    return Callback(NAME, label, credentials, greets=True)


def greeted(query: Mapping[str, str], token: str) -> str:
    """Its challenge, for who knows the token that the operator typed there."""
    told = query.get("hub.verify_token", "")
    asked = query.get("hub.mode") == "subscribe"
    if not token or not asked or not same(told.encode(), token.encode()):
        raise Forged("another token")
    challenge = query.get("hub.challenge", "")
    if not challenge.isalnum() or not challenge.isascii():
        raise Forged("no challenge")
    return challenge


def people(delivery: Delivery, secret: str) -> tuple[str, ...]:
    """Whose rights changed; nobody's for other objects. Forged unless Meta signed it."""
    told = delivery.headers.get(HEADER, "").removeprefix("sha256=")
    wanted = hmac.new(secret.encode(), delivery.body, hashlib.sha256).hexdigest()
    if not secret or not same(told.encode(), wanted.encode()):
        raise Forged("wrong signature")
    found = object_of(delivery.body)
    if found.get("object") != OBJECT:
        return ()
    return tuple(dict.fromkeys(_named(found.get("entry"))))


def _named(entries: Any) -> Iterator[str]:
    if not isinstance(entries, list):
        raise Forged("nobody is named")
    for entry in entries:
        person = (
            entry.get("uid") or entry.get("id") if isinstance(entry, dict) else None
        )
        if not isinstance(person, str | int) or not str(person).isalnum():
            raise Forged("nobody is named")
        moment(entry.get("time"), OLDEST_S)
        yield str(person)
