"""TikTok's webhook, signed over the moment and the body."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from sandbox.callbacks import Outgoing


def outgoing(open_id: str, now: float, wish: dict[str, Any]) -> Outgoing:
    """`name` is the event, `content` its details, `app` and `secret` the app's keys."""
    at = int(now - float(wish.get("age_s") or 0))
    event = {
        "client_key": str(wish.get("app") or ""),
        "event": str(wish.get("name") or "authorization.removed"),
        "create_time": at,
        "user_openid": open_id,
        "content": json.dumps(wish.get("content") or {"reason": 1}),
    }
    body = json.dumps(event).encode()
    signature = sign(body, at, str(wish.get("secret") or ""))
    headers = {"Content-Type": "application/json", "TikTok-Signature": signature}
    return Outgoing(body, headers)


def sign(body: bytes, at: int, secret: str) -> str:
    text = f"{at}.".encode() + body
    digest = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    return f"t={at},s={digest}"
