"""Proofs of possession: what each fault of a proof answers, on both servers."""

from __future__ import annotations

import time

import pytest

from tests.sandbox.bluesky.atproto import MAYA, Client, Key, good, trouble

PDS = "morel.us-east.host.bsky.network"
PATH = "/xrpc/com.atproto.server.getSession"
FAILED = "invalid_dpop_proof: Failed to verify DPoP proof: "
STALE = (
    'Failed to verify DPoP proof: "iat" claim timestamp check failed '
    "(too far in the past)"
)


@pytest.fixture
def client(sandbox):
    return Client(sandbox)


@pytest.fixture
def token(sandbox, client):
    people = sandbox.identities("bluesky")
    did = next(one["id"] for one in people if one["handle"] == MAYA)
    return client.sign_in(did)["access_token"]


def call(client, token, **how):
    return client.send("GET", PDS, PATH, token=token, **how)


def test_the_first_call_without_a_nonce_is_told_one(client, token):
    """Case 7: 401 with the nonce, then the same call with a new jti passes."""
    first = call(client, token, retry=False)
    assert first.status_code == 401
    assert first.json()["error"] == "use_dpop_nonce"
    assert 'error="use_dpop_nonce"' in first.headers["WWW-Authenticate"]
    assert first.headers["DPoP-Nonce"]
    assert call(client, token, retry=False).status_code == 200


def test_the_authorization_server_says_400_for_the_same(client):
    proof = client.key.proof("POST", "https://bsky.social/oauth/par")
    answer = client.par(send={"proof": proof, "retry": False})
    words = "Authorization server requires nonce in DPoP proof"
    assert trouble(answer) == f"400 use_dpop_nonce: {words}"
    assert answer.headers["DPoP-Nonce"]


def test_nonces_differ_per_host(client, token):
    call(client, token)
    assert client.nonces[PDS] != client.nonces["bsky.social"]
    client.nonces[PDS] = client.nonces["bsky.social"]
    answer = call(client, token, retry=False)
    assert trouble(answer) == '401 use_dpop_nonce: DPoP "nonce" mismatch'


def test_nonces_turn_over_in_about_three_minutes(sandbox, client, token):
    good(call(client, token))
    sandbox.advance(60)
    assert call(client, token, retry=False).status_code == 200
    old = client.nonces[PDS]
    sandbox.advance(200)
    assert call(client, token, retry=False).json()["error"] == "use_dpop_nonce"
    assert client.nonces[PDS] != old


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ath": None}, 'invalid_dpop_proof: DPoP "ath" mismatch'),
        ({"ath": "x"}, 'invalid_dpop_proof: DPoP "ath" mismatch'),
        ({"htm": "POST"}, 'invalid_dpop_proof: DPoP "htm" mismatch'),
        (
            {"htu": f"https://{PDS}/xrpc/x"},
            'invalid_dpop_proof: DPoP "htu" mismatch',
        ),
        (
            {"htu": f"http://{PDS}{PATH}"},
            'invalid_dpop_proof: DPoP "htu" mismatch',
        ),
        ({"jti": None}, 'invalid_dpop_proof: DPoP "jti" missing'),
        ({"iat": 1000}, f"invalid_dpop_proof: {STALE}"),
        (
            {"iat": None},
            f'{FAILED}missing required "iat" claim',
        ),
        (
            {"headers": {"typ": "JWT"}},
            f'{FAILED}unexpected "typ" JWT header value',
        ),
    ],
)
def test_a_claim_that_is_wrong(client, token, changes, words):
    good(call(client, token))
    answer = call(client, token, changes=changes)
    assert trouble(answer) == f"401 {words}"
    assert "invalid_dpop_proof" in answer.headers["WWW-Authenticate"]


def test_query_and_fragment_of_the_address_do_not_count(client, token):
    good(call(client, token, changes={"htu": f"https://{PDS}{PATH}?a=1#b"}))


def test_a_proof_dated_ahead_is_refused(client, token):
    good(call(client, token))
    answer = call(client, token, changes={"iat": int(time.time()) + 3600})
    assert "it should be in the past" in trouble(answer)


def test_a_proof_is_good_once(client, token):
    good(call(client, token))
    nonce = client.nonces[PDS]
    proof = client.key.proof("GET", f"https://{PDS}{PATH}", nonce, token)
    assert call(client, token, proof=proof).status_code == 200
    again = call(client, token, proof=proof)
    assert trouble(again) == "401 invalid_dpop_proof: DPoP proof replayed"


def test_a_proof_by_another_key_does_not_fit_the_token(client, token):
    good(call(client, token))
    answer = call(client, token, key=Key())
    assert trouble(answer) == "401 invalid_token: Invalid DPoP key binding"


def test_a_proof_must_be_signed_by_the_key_it_shows(client, token):
    good(call(client, token))
    liar = Key()
    liar.jwk = client.key.jwk
    words = "Failed to verify DPoP proof: signature verification failed"
    assert trouble(call(client, token, key=liar)) == f"401 invalid_dpop_proof: {words}"


def test_a_private_key_in_a_proof_is_refused(client, token):
    good(call(client, token))
    leaky = {"headers": {"jwk": {**client.key.jwk, "d": "x"}}}
    assert "not allowed" in trouble(call(client, token, changes=leaky))


@pytest.mark.parametrize(
    ("proof", "words"),
    [
        ("", "invalid_dpop_proof: DPoP proof required"),
        (
            "abc",
            f"{FAILED}Invalid Compact JWS",
        ),
    ],
)
def test_no_proof_or_garbage(client, token, proof, words):
    assert trouble(call(client, token, proof=proof)) == f"401 {words}"


def test_the_token_endpoint_wants_a_proof(client):
    form = {"grant_type": "refresh_token", "client_id": client.client_id}
    answer = client.send("POST", "bsky.social", "/oauth/token", proof="", data=form)
    assert trouble(answer) == "401 invalid_dpop_proof: DPoP proof required"


def test_the_scheme_must_be_dpop(client, token):
    answer = call(client, token, scheme="Bearer")
    assert trouble(answer) == "400 InvalidToken: Malformed token"
    garbage = call(client, "garbage")
    assert trouble(garbage) == "401 invalid_token: Malformed token"


def test_calls_without_any_token(client):
    answer = client.send("GET", PDS, PATH)
    assert trouble(answer) == "401 AuthMissing: Authentication Required"
