"""Proof of possession (RFC 9449): each request of a session is signed with its own key.

https://atproto.com/specs/oauth#demonstrating-proof-of-possession-dpop, read 2026-11-21.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from platforms import clock

ALGORITHM = "ES256"


def new_key() -> str:
    """A fresh P-256 private key as PEM."""
    return (
        ec.generate_private_key(ec.SECP256R1())
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )


def load_key(pem: str) -> ec.EllipticCurvePrivateKey:
    """ValueError when `pem` isn't a P-256 private key."""
    return p256(serialization.load_pem_private_key(pem.encode(), password=None))


def p256(key: object) -> ec.EllipticCurvePrivateKey:
    """`key` itself; ValueError when it is anything but a P-256 private key."""
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
        raise ValueError("The key is not an ES256 (P-256) private key.")
    return key


def public_jwk(key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    jwk = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {name: jwk[name] for name in ("kty", "crv", "x", "y")}


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def digest(text: str) -> str:
    """base64url(SHA-256(text)): the form of `ath` and of a PKCE challenge."""
    return base64url(hashlib.sha256(text.encode()).digest())


def proof(pem: str, method: str, url: str, *, nonce: str = "", access: str = "") -> str:
    """A proof for one request: never reused, servers refuse a `jti` seen before."""
    key = load_key(pem)
    claims = {
        "jti": secrets.token_urlsafe(16),
        "htm": method,
        "htu": urlunsplit((*urlsplit(url)[:3], "", "")),
        "iat": int(clock.now().timestamp()),
    }
    if nonce:
        claims["nonce"] = nonce
    if access:
        claims["ath"] = digest(access)
    headers = {"typ": "dpop+jwt", "jwk": public_jwk(key)}
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers=headers)


class Nonces:
    """The newest nonce each server gave us; they turn over every few minutes.

    Kept in this process only: a lost one costs one more round.
    """

    def __init__(self) -> None:
        self._by_origin: dict[str, str] = {}

    def get(self, url: str) -> str:
        return self._by_origin.get(_origin(url), "")

    def keep(self, url: str, nonce: str) -> None:
        if nonce:
            self._by_origin[_origin(url)] = nonce


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
