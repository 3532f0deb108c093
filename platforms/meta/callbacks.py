"""Meta's signed callbacks: deauthorize and data deletion, one pair of addresses an app.

https://developers.facebook.com/docs/development/create-an-app/app-dashboard/data-deletion-callback
(2026-11-21). A form with one field: signature and JSON, both in base64url, by a dot.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

from platforms.callbacks import (
    Callback,
    Delivery,
    Forged,
    moment,
    object_of,
    same,
)

DEAUTHORIZE, DELETE = "deauthorize", "data-deletion"
FIELD = "signed_request"
ALGORITHM = "HMAC-SHA256"
# Whether Meta sends again what it couldn't deliver isn't told; older than this is noise.
OLDEST_S = 86_400.0
_BASE64 = re.compile(r"[A-Za-z0-9_-]+={0,2}")


@dataclass(frozen=True)
class Signed:
    """Whom it is about, in the terms of the app that signed it."""

    user_id: str
    issued_at: datetime


def declared(credentials: tuple[str, ...]) -> tuple[Callback, ...]:
    return (
        Callback(DEAUTHORIZE, "Deauthorize callback URL", credentials),
        Callback(DELETE, "Data deletion request URL", credentials, receipt=True),
    )


def read(delivery: Delivery, secret: str) -> Signed:
    """Forged unless the app with this secret signed it, lately."""
    signature, _, payload = _field(delivery.body).partition(".")
    wanted = hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest()
    if not secret or not same(_decoded(signature), wanted):
        raise Forged("wrong signature")
    return _signed(object_of(_decoded(payload)))


def _field(body: bytes) -> str:
    try:
        found = parse_qs(body.decode("ascii"), strict_parsing=True, max_num_fields=8)
    except ValueError:
        raise Forged("no form") from None
    values = found.get(FIELD, [])
    if len(values) != 1:
        raise Forged(f"no {FIELD}")
    return values[0]


def _decoded(text: str) -> bytes:
    """Their padding is left off; anything outside of the alphabet is no base64."""
    if not _BASE64.fullmatch(text):
        raise Forged("no base64")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise Forged("no base64") from None


def _signed(found: dict[str, Any]) -> Signed:
    if str(found.get("algorithm", "")).upper() != ALGORITHM:
        raise Forged("another algorithm")
    user_id = found.get("user_id")
    if not isinstance(user_id, str | int) or not str(user_id).isalnum():
        raise Forged("nobody is named")
    return Signed(str(user_id), moment(found.get("issued_at"), OLDEST_S))
