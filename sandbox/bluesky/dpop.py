"""DPoP: proofs of possession, checked as the official servers check them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any, TypeGuard
from urllib.parse import urlsplit

import jwt

from sandbox.double import Call
from sandbox.world import World

NONCE_TURNS_S = 60
# The nonces of three turns are good: about three minutes.
NONCE_LIFE_TURNS = 2
PROOF_LIFE_S = 60
SEEN_FOR_S = 10 * PROOF_LIFE_S
NO_NONCE = "Authorization server requires nonce in DPoP proof"
FAILED = "Failed to verify DPoP proof: "


class BadProof(Exception):
    """`error` is `invalid_dpop_proof` or `use_dpop_nonce`."""

    def __init__(self, message: str, error: str = "invalid_dpop_proof") -> None:
        super().__init__(message)
        self.error, self.message = error, message


@dataclass(frozen=True, slots=True)
class Proof:
    """A good proof: the thumbprint of its key and its claims."""

    jkt: str
    claims: dict[str, Any]


class Dpop:
    """Nonces per host and the proofs that were seen; both forgotten at the end."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._secret = secrets.token_bytes(32)
        self._seen: dict[str, float] = {}

    def forget(self) -> None:
        self._seen.clear()

    def nonce(self, host: str, turns_ago: int = 0) -> str:
        turn = int(self.world.now() // NONCE_TURNS_S) - turns_ago
        text = f"{host}|{turn}".encode()
        return b64url(hmac.new(self._secret, text, hashlib.sha256).digest())

    def check(self, call: Call) -> Proof | None:
        """None without a proof; BadProof says what is wrong with one."""
        sent = call.request.headers.getall("DPoP", [])
        if not sent:
            return None
        if len(sent) > 1:
            raise BadProof("DPoP header must contain a single proof")
        key, claims = read_proof(sent[0])
        self._check_claims(call, claims)
        return Proof(thumbprint(key), claims)

    def _check_claims(self, call: Call, claims: dict[str, Any]) -> None:
        self._check_time(claims)
        if not isinstance(claims.get("jti"), str) or not claims["jti"]:
            raise BadProof('DPoP "jti" missing')
        if claims.get("htm") != call.request.method:
            raise BadProof('DPoP "htm" mismatch')
        if not same_address(str(claims.get("htu", "")), call):
            raise BadProof('DPoP "htu" mismatch')
        self._check_nonce(call.host, claims.get("nonce"))

    def _check_time(self, claims: dict[str, Any]) -> None:
        issued = claims.get("iat")
        if not isinstance(issued, int | float):
            raise BadProof(FAILED + 'missing required "iat" claim')
        age = min((now - issued for now in clocks(self.world)), key=abs)
        if age > PROOF_LIFE_S:
            reason = "too far in the past"
        elif age < -PROOF_LIFE_S:
            reason = "it should be in the past"
        else:
            return
        raise BadProof(f'{FAILED}"iat" claim timestamp check failed ({reason})')

    def _check_nonce(self, host: str, nonce: Any) -> None:
        if not nonce:
            raise BadProof(NO_NONCE, "use_dpop_nonce")
        good = [self.nonce(host, ago) for ago in range(NONCE_LIFE_TURNS + 1)]
        if nonce not in good:
            raise BadProof('DPoP "nonce" mismatch', "use_dpop_nonce")

    def use(self, proof: Proof) -> None:
        """Once only: BadProof on a replay."""
        now = time.monotonic()
        while self._seen and next(iter(self._seen.values())) < now - SEEN_FOR_S:
            del self._seen[next(iter(self._seen))]
        if proof.claims["jti"] in self._seen:
            raise BadProof("DPoP proof replayed")
        self._seen[proof.claims["jti"]] = now


def clocks(world: World) -> tuple[float, float]:
    """A client lives by the true clock, even when a test moves the sandbox's."""
    return time.time(), world.now()


def read_proof(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The public key and the claims of a well-signed proof."""
    try:
        header = jwt.get_unverified_header(text)
    except jwt.InvalidTokenError as error:
        raise BadProof(FAILED + "Invalid Compact JWS") from error
    if header.get("typ") != "dpop+jwt":
        raise BadProof(FAILED + 'unexpected "typ" JWT header value')
    key = header.get("jwk")
    if header.get("alg") != "ES256" or not is_public_key(key):
        raise BadProof(FAILED + '"alg" (Algorithm) Header Parameter value not allowed')
    try:
        claims = jwt.decode(
            text,
            jwt.PyJWK.from_dict(key, algorithm="ES256").key,
            algorithms=["ES256"],
            options={"verify_aud": False, "verify_iat": False, "verify_exp": False},
        )
    except (jwt.PyJWTError, ValueError) as error:
        raise BadProof(FAILED + "signature verification failed") from error
    return key, claims


def is_public_key(key: Any) -> TypeGuard[dict[str, Any]]:
    return (
        isinstance(key, dict)
        and (key.get("kty"), key.get("crv")) == ("EC", "P-256")
        and "d" not in key
    )


def thumbprint(key: dict[str, Any]) -> str:
    """RFC 7638."""
    needed = {name: key[name] for name in ("crv", "kty", "x", "y")}
    text = json.dumps(needed, separators=(",", ":"), sort_keys=True)
    return b64url(hashlib.sha256(text.encode()).digest())


def same_address(claimed: str, call: Call) -> bool:
    """The client signs the real address; query and fragment do not count."""
    parts = urlsplit(claimed)
    return (parts.scheme, parts.netloc, parts.path) == ("https", call.host, call.path)


def access_hash(token: str) -> str:
    return b64url(hashlib.sha256(token.encode()).digest())


def b64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
