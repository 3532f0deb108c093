"""What Meta posts to an app: removed, asked for erasure, a permission changed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

from sandbox.callbacks import Outgoing

NAMES = ("deauthorize", "data-deletion")


def outgoing(user_id: str, now: float, wish: dict[str, Any]) -> Outgoing:
    """`secret` is the app's, `age_s` makes it an old one; ValueError for odd names."""
    if wish.get("name") not in NAMES:
        raise ValueError(f"name must be one of {', '.join(NAMES)}.")
    said = {
        "algorithm": "HMAC-SHA256",
        "issued_at": int(now - float(wish.get("age_s") or 0)),
        "user_id": user_id,
    }
    request = signed(said, str(wish.get("secret") or ""))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Outgoing(urlencode({"signed_request": request}).encode(), headers)


def changed(user_id: str, now: float, wish: dict[str, Any]) -> Outgoing:
    """The webhook for the object Permissions: one right, given or taken away."""
    value = {"verb": str(wish.get("verb") or "revoked")}
    told = {"field": str(wish.get("field") or ""), "value": value}
    at = int(now - float(wish.get("age_s") or 0))
    entry = {"id": user_id, "uid": user_id, "time": at, "changes": [told]}
    body = json.dumps({"object": "permissions", "entry": [entry]}).encode()
    secret = str(wish.get("secret") or "").encode()
    digest = hmac.new(secret, body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json"}
    return Outgoing(body, {**headers, "X-Hub-Signature-256": f"sha256={digest}"})


def signed(said: dict[str, Any], secret: str) -> str:
    payload = _base64url(json.dumps(said).encode())
    digest = hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest()
    return f"{_base64url(digest)}.{payload}"


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
