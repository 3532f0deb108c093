"""Proofs of possession, judged as a server would."""

from __future__ import annotations

from typing import Any

import jwt
import pytest

from platforms import clock
from platforms.bluesky import dpop

KEY = dpop.new_key()
URL = "https://pds.example/xrpc/com.atproto.repo.getRecord?repo=x#part"


def read(proof: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims; the signature is checked with the header's own key."""
    header = jwt.get_unverified_header(proof)
    key = jwt.PyJWK(header["jwk"], algorithm="ES256")
    return header, jwt.decode(proof, key.key, algorithms=["ES256"])


def test_claims_name_method_address_and_time() -> None:
    header, claims = read(dpop.proof(KEY, "GET", URL))
    assert header["typ"] == "dpop+jwt" and header["alg"] == "ES256"
    assert claims["htm"] == "GET"
    assert claims["htu"] == "https://pds.example/xrpc/com.atproto.repo.getRecord"
    assert abs(claims["iat"] - clock.now().timestamp()) < 5
    assert set(claims) == {"jti", "htm", "htu", "iat"}


def test_the_header_shows_the_public_key_only() -> None:
    header, _ = read(dpop.proof(KEY, "GET", URL))
    assert set(header["jwk"]) == {"kty", "crv", "x", "y"}


def test_nonce_and_token_hash_are_bound_in() -> None:
    _, claims = read(dpop.proof(KEY, "POST", URL, nonce="n", access="abc"))
    assert claims["nonce"] == "n"
    # SHA-256("abc") of FIPS 180, in base64url
    assert claims["ath"] == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"


def test_no_proof_is_used_twice() -> None:
    identifiers = {read(dpop.proof(KEY, "GET", URL))[1]["jti"] for _ in range(20)}
    assert len(identifiers) == 20


def test_nonces_are_kept_by_server() -> None:
    nonces = dpop.Nonces()
    nonces.keep("https://a.example/token", "one")
    nonces.keep("https://b.example/xrpc/x", "two")
    nonces.keep("https://a.example/par", "")
    assert nonces.get("https://a.example/other") == "one"
    assert nonces.get("https://c.example/") == ""


def test_other_keys_are_no_session_keys() -> None:
    with pytest.raises(ValueError, match="ES256"):
        dpop.p256("text")
