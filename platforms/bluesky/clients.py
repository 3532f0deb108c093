"""Our own side of OAuth: who this installation is to Bluesky's servers.

https://atproto.com/specs/oauth#clients, read 2026-11-21. A client id is an address:
- https installation with the operator's key: the metadata we serve, signed requests;
- https installation without: the same unsigned (sessions end after two weeks);
- development on 127.0.0.1: the id "http://localhost", which needs no metadata.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from platforms import clock
from platforms.bluesky import dpop
from platforms.errors import Rejected

SCOPES = ("atproto", "transition:generic")
METADATA_PATH = "/oauth/bluesky/client-metadata.json"
JWKS_PATH = "/oauth/bluesky/jwks.json"
LOOPBACK = frozenset({"127.0.0.1", "::1"})
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_S = 60
# `openssl ecparam` writes the curve's parameters in front, which nobody needs.
_PEM = re.compile(r"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.+?-----END \1-----", re.DOTALL)


class BadKey(Rejected):
    """The operator's PLATFORM_BLUESKY_PRIVATE_KEY can't be used."""

    def __init__(self) -> None:
        super().__init__(
            "Bluesky's sign-in is set up wrongly here: PLATFORM_BLUESKY_PRIVATE_KEY "
            "must be an ES256 (P-256) private key, as PEM or JWK.",
            code="bad_key",
        )


@dataclass(frozen=True)
class ClientKey:
    kid: str
    private: ec.EllipticCurvePrivateKey = field(repr=False)

    def public(self) -> dict[str, Any]:
        facts = {"kid": self.kid, "use": "sig", "alg": dpop.ALGORITHM}
        return {**dpop.public_jwk(self.private), **facts}


@dataclass(frozen=True)
class Keys:
    """The operator's signing keys: the first signs, all are published.

    A session stays bound to the key it began with, so an old one is kept behind the
    new one until the sessions begun with it have ended.
    """

    text: str = field(default="", repr=False)

    @cached_property
    def all(self) -> tuple[ClientKey, ...]:
        """BadKey when the setting holds anything but ES256 private keys."""
        try:
            return tuple(_parse(self.text.replace("\\n", "\n").strip()))
        except (ValueError, KeyError, TypeError, jwt.InvalidKeyError):
            # The cause is left out: it could quote the key.
            raise BadKey from None

    def named(self, kid: str) -> ClientKey | None:
        return next((key for key in self.all if key.kid == kid), None)


@dataclass(frozen=True)
class Client:
    """What a session was begun as. `kid` is empty for a public client."""

    client_id: str
    kid: str = ""


def client_for(base_url: str, redirect_uri: str, keys: Keys) -> Client:
    """Rejected when this installation's address allows no OAuth."""
    if base_url.startswith("https://"):
        kid = keys.all[0].kid if keys.all else ""
        return Client(base_url.rstrip("/") + METADATA_PATH, kid)
    if urlsplit(redirect_uri).hostname in LOOPBACK:
        query = {"redirect_uri": redirect_uri, "scope": " ".join(SCOPES)}
        return Client(f"http://localhost?{urlencode(query)}")
    raise Rejected(
        "Bluesky's sign-in needs this service to have an https address "
        "(or http://127.0.0.1 on your own machine). Use an app password instead.",
        code="no_https",
    )


def documents(base_url: str, redirect_uri: str, keys: Keys) -> dict[str, Any]:
    """What must be found at our address, by path; nothing without https."""
    if not base_url.startswith("https://"):
        return {}
    found: dict[str, Any] = {METADATA_PATH: _metadata(base_url, redirect_uri, keys)}
    if keys.all:
        found[JWKS_PATH] = {"keys": [key.public() for key in keys.all]}
    return found


def _metadata(base_url: str, redirect_uri: str, keys: Keys) -> dict[str, Any]:
    """https://atproto.com/specs/oauth#client-id-metadata-document"""
    base = base_url.rstrip("/")
    proof: dict[str, Any] = {"token_endpoint_auth_method": "none"}
    if keys.all:
        proof = {
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": dpop.ALGORITHM,
            "jwks_uri": base + JWKS_PATH,
        }
    return {
        "client_id": base + METADATA_PATH,
        "client_name": "Later",
        "client_uri": base,
        "application_type": "web",
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "redirect_uris": [redirect_uri],
        "scope": " ".join(SCOPES),
        "dpop_bound_access_tokens": True,
        **proof,
    }


def assertion(client: Client, keys: Keys, issuer: str) -> dict[str, str]:
    """The form fields that say and, with a key, prove who we are."""
    fields = {"client_id": client.client_id}
    key = keys.named(client.kid)
    if key is None:
        return fields
    now = int(clock.now().timestamp())
    claims = {
        "iss": client.client_id,
        "sub": client.client_id,
        "aud": issuer,
        "jti": secrets.token_urlsafe(16),
        "iat": now,
        "exp": now + _ASSERTION_S,
    }
    signed = jwt.encode(
        claims, key.private, algorithm=dpop.ALGORITHM, headers={"kid": key.kid}
    )
    return {
        **fields,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": signed,
    }


def _parse(text: str) -> list[ClientKey]:
    """One or more keys: PEM blocks, a JWK, or a JWK set."""
    if not text:
        return []
    if text.startswith("{"):
        found: Mapping[str, Any] = json.loads(text)
        return [_from_jwk(jwk) for jwk in found.get("keys", [found])]
    blocks = [found[0] for found in _PEM.finditer(text)]
    if not blocks:
        raise ValueError("no PEM block")
    return [_named(dpop.load_key(block)) for block in blocks]


def _from_jwk(jwk: Mapping[str, Any]) -> ClientKey:
    return _named(dpop.p256(ECAlgorithm.from_jwk(dict(jwk))), str(jwk.get("kid", "")))


def _named(key: ec.EllipticCurvePrivateKey, kid: str = "") -> ClientKey:
    """Without a name of its own, RFC 7638's: the same wherever the key is read."""
    jwk = json.dumps(dpop.public_jwk(key), sort_keys=True, separators=(",", ":"))
    return ClientKey(kid or dpop.digest(jwk), key)
