"""Signatures of what we post to others: HMAC-SHA256 over time and body.

The header is `t=<Unix seconds>,v1=<hex>`, the signed text `<Unix seconds>.<body>`: a
receiver refuses old ones, so that nothing can be played back.
"""

from __future__ import annotations

import hashlib
import hmac


def signature(secret: str, body: bytes, at: int) -> str:
    """The header's value for a body that leaves at that second."""
    text = f"{at}.".encode() + body
    return f"t={at},v1={hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()}"
