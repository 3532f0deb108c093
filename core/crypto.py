"""AES-256-GCM under a ring of keys (R-D2).

A sealed text reads `v1.<key id>.<base64 of nonce + ciphertext + tag>`. The associated
data names the row and field it belongs to, so a ciphertext copied elsewhere won't open.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
_KEY_ID = re.compile(r"^[A-Za-z0-9_-]{1,32}$")


class KeyRingError(ValueError):
    """TOKEN_KEYS is missing or senseless. Never carries key material."""


class Tampered(Exception):
    """A sealed text doesn't open: altered, moved, or its key is not in the ring."""


class KeyMissing(Tampered):
    """Its key is not in the ring: the operator's to mend, and nothing is lost yet."""


@dataclass(frozen=True)
class KeyRing:
    """Keys by id; the first encrypts, all decrypt."""

    keys: dict[str, bytes] = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> KeyRing:
        """Read `id:base64,id:base64`, newest first."""
        keys: dict[str, bytes] = {}
        for item in filter(None, (part.strip() for part in text.split(","))):
            key_id, _, encoded = item.partition(":")
            if not _KEY_ID.match(key_id) or key_id in keys:
                raise KeyRingError("TOKEN_KEYS needs unique ids of letters and digits")
            keys[key_id] = _decode_key(key_id, encoded)
        if len(set(keys.values())) < len(keys):
            raise KeyRingError("TOKEN_KEYS names one key twice: that is no rotation")
        if not keys:
            raise KeyRingError("TOKEN_KEYS is empty; see README for how to make a key")
        return cls(keys)

    @property
    def primary(self) -> str:
        return next(iter(self.keys))

    def seal(self, text: str, aad: str) -> str:
        nonce = os.urandom(NONCE_BYTES)
        cipher = AESGCM(self.keys[self.primary])
        box = cipher.encrypt(nonce, text.encode(), aad.encode())
        encoded = base64.urlsafe_b64encode(nonce + box).decode()
        return f"{sealed_under(self.primary)}{encoded}"

    def unseal(self, sealed: str, aad: str) -> str:
        """Raises Tampered; the message never holds any of the content."""
        try:
            version, key_id, encoded = sealed.split(".")
            raw = base64.urlsafe_b64decode(encoded)
        except (ValueError, binascii.Error):
            raise Tampered("sealed text has an unknown form") from None
        if version != "v1" or len(raw) <= NONCE_BYTES:
            raise Tampered("sealed text has an unknown version")
        if key_id not in self.keys:
            raise KeyMissing("sealed text has a key that TOKEN_KEYS lacks")
        try:
            opened = AESGCM(self.keys[key_id]).decrypt(
                raw[:NONCE_BYTES], raw[NONCE_BYTES:], aad.encode()
            )
        except InvalidTag:
            raise Tampered("sealed text was altered or moved") from None
        return opened.decode()

    def reseal(self, sealed: str, aad: str) -> str:
        """The same text under the first key. Raises as `unseal`."""
        return self.seal(self.unseal(sealed, aad), aad)


def sealed_under(key_id: str) -> str:
    """What texts begin with that were sealed under a key."""
    return f"v1.{key_id}."


def _decode_key(key_id: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        raise KeyRingError(f"key {key_id!r} in TOKEN_KEYS is not base64") from None
    if len(key) != KEY_BYTES:
        raise KeyRingError(
            f"key {key_id!r} in TOKEN_KEYS has {len(key)} bytes, needs {KEY_BYTES}"
        )
    return key


def new_key() -> str:
    return base64.b64encode(os.urandom(KEY_BYTES)).decode()
