from __future__ import annotations

import hashlib
import hmac

from core.signing import signature


def test_time_and_body_are_signed_together():
    """A receiver that refuses old times can't be played an old message."""
    sign = signature("secret", b'{"a": 1}', 1_780_000_000)
    digest = hmac.new(b"secret", b'1780000000.{"a": 1}', hashlib.sha256).hexdigest()
    assert sign == f"t=1780000000,v1={digest}"


def test_another_second_or_body_has_another_signature():
    signs = {signature("secret", body, at) for body in (b"a", b"b") for at in (1, 2)}
    assert len(signs) == 4
