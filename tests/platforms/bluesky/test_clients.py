"""Who this installation is to Bluesky's servers, and the documents that say so."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest
from jwt.algorithms import ECAlgorithm

from platforms.bluesky import clients, dpop
from platforms.bluesky.clients import BadKey, Client, Keys, client_for
from platforms.errors import Rejected
from tests.platforms.bluesky.world import BASE, CALLBACK, CLIENT_KEY, ISSUER

KEYS = Keys(CLIENT_KEY)
JWK: dict[str, Any] = ECAlgorithm.to_jwk(dpop.load_key(CLIENT_KEY), as_dict=True)


def documents(keys: Keys = KEYS, base: str = BASE) -> dict[str, Any]:
    return clients.documents(base, CALLBACK, keys)


def test_the_client_id_is_the_address_of_its_metadata() -> None:
    metadata = documents()["/oauth/bluesky/client-metadata.json"]
    assert metadata["client_id"] == f"{BASE}/oauth/bluesky/client-metadata.json"
    assert metadata["client_id"] == client_for(f"{BASE}/", CALLBACK, KEYS).client_id
    assert metadata["redirect_uris"] == [CALLBACK]
    assert metadata["dpop_bound_access_tokens"] is True
    assert json.dumps(documents())


def test_with_a_key_the_client_is_confidential() -> None:
    metadata = documents()["/oauth/bluesky/client-metadata.json"]
    assert metadata["token_endpoint_auth_method"] == "private_key_jwt"
    assert metadata["jwks_uri"] == f"{BASE}/oauth/bluesky/jwks.json"


def test_only_public_parts_of_keys_are_published() -> None:
    """R-D2: the private number `d` never leaves."""
    (key,) = documents()["/oauth/bluesky/jwks.json"]["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "use", "alg"}
    assert JWK["d"] not in json.dumps(documents())


def test_without_a_key_the_client_is_public() -> None:
    found = documents(Keys(""))
    assert list(found) == ["/oauth/bluesky/client-metadata.json"]
    assert found[clients.METADATA_PATH]["token_endpoint_auth_method"] == "none"
    assert client_for(BASE, CALLBACK, Keys("")).kid == ""


def test_development_needs_no_documents() -> None:
    base = "http://127.0.0.1:8000"
    client = client_for(base, f"{base}/back", Keys(""))
    assert client.client_id == (
        "http://localhost?redirect_uri=http%3A%2F%2F127.0.0.1%3A8000%2Fback"
        "&scope=atproto+transition%3Ageneric"
    )
    assert documents(base=base) == {}


def test_plain_http_elsewhere_is_refused_with_the_way_out() -> None:
    with pytest.raises(Rejected, match="app password"):
        client_for("http://later.lan", "http://later.lan/back", KEYS)


def test_the_assertion_is_signed_for_one_server_and_a_minute() -> None:
    client = client_for(BASE, CALLBACK, KEYS)
    fields = clients.assertion(client, KEYS, ISSUER)
    (published,) = documents()["/oauth/bluesky/jwks.json"]["keys"]
    token = fields["client_assertion"]
    assert jwt.get_unverified_header(token)["kid"] == published["kid"]
    key = jwt.PyJWK(published).key
    claims = jwt.decode(token, key, algorithms=["ES256"], audience=ISSUER)
    assert claims["iss"] == claims["sub"] == client.client_id
    assert claims["exp"] - claims["iat"] == 60 and claims["jti"]


def test_a_public_client_only_says_its_name() -> None:
    fields = clients.assertion(Client("https://x.example/id"), KEYS, ISSUER)
    assert fields == {"client_id": "https://x.example/id"}


@pytest.mark.parametrize(
    "text",
    [
        CLIENT_KEY,
        CLIENT_KEY.replace("\n", "\\n"),
        json.dumps(JWK),
        json.dumps({"keys": [JWK]}),
    ],
)
def test_the_key_may_be_pem_or_jwk(text: str) -> None:
    """The same key has the same name however it is written."""
    assert [key.kid for key in Keys(text).all] == [KEYS.all[0].kid]


def test_the_first_key_signs_and_all_are_published() -> None:
    newer = dpop.new_key()
    keys = Keys(newer + CLIENT_KEY)
    old = KEYS.all[0]
    assert client_for(BASE, CALLBACK, keys).kid == Keys(newer).all[0].kid
    assert keys.named(old.kid) is not None
    assert len(documents(keys)["/oauth/bluesky/jwks.json"]["keys"]) == 2


@pytest.mark.parametrize(
    "text",
    [
        "secret-nonsense",
        '{"kty": "RSA"}',
        "{",
        '{"keys": ["secret-nonsense"]}',
        "-----BEGIN PRIVATE KEY-----\nsecret-nonsense\n-----END PRIVATE KEY-----",
    ],
)
def test_a_wrong_key_is_named_and_not_quoted(text: str) -> None:
    with pytest.raises(BadKey, match="PLATFORM_BLUESKY_PRIVATE_KEY") as raised:
        client_for(BASE, CALLBACK, Keys(text))
    assert "secret-nonsense" not in repr(raised.value)
    assert raised.value.__suppress_context__
