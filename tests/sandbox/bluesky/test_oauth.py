"""Sign-in by OAuth: pushed requests, consent, exchange, rotation, revocation."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import jwt
import pytest
import requests

from tests.sandbox.bluesky.atproto import (
    CALLBACK,
    HARBOR,
    MAYA,
    NOAH,
    SCOPE,
    Client,
    Key,
    b64url,
    good,
    trouble,
)

SESSION = "/xrpc/com.atproto.server.getSession"
NO_CHALLENGE = "code_challenge is required when code_challenge_method is provided"
OTHER_ADDRESS = (
    "The redirect_uri parameter must match the one used in the authorization request"
)
DEAD = "401 invalid_token: Invalid token"


@pytest.fixture
def client(sandbox):
    return Client(sandbox)


@pytest.fixture
def did(sandbox):
    return did_of(sandbox, MAYA)


def did_of(sandbox, handle):
    return next(i["id"] for i in sandbox.identities("bluesky") if i["handle"] == handle)


def session(client, token, pds="morel.us-east.host.bsky.network"):
    return client.send("GET", pds, SESSION, token=token)


def test_the_whole_way(client, did):
    """PAR, consent, code, token bound to the key, a call with it."""
    back = client.decide(did)
    assert (back["state"], back["iss"]) == ("xyz", "https://bsky.social")
    tokens = good(client.exchange(back["code"]))
    assert (tokens["token_type"], tokens["sub"]) == ("DPoP", did)
    assert tokens["scope"] == SCOPE
    assert 3590 < tokens["expires_in"] <= 3600
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert claims["iss"] == "https://bsky.social"
    assert claims["cnf"]["jkt"]
    assert good(session(client, tokens["access_token"]))["did"] == did


def test_par_answers_201_and_a_request_uri(client):
    answer = client.par()
    body = answer.json()
    assert answer.status_code == 201
    assert body["request_uri"].startswith("urn:ietf:params:oauth:request_uri:req-")
    assert body["expires_in"] == 299
    assert answer.headers["DPoP-Nonce"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"response_type": "token"},
            'unsupported_response_type: Unsupported response_type "token"',
        ),
        (
            {"code_challenge_method": "plain"},
            'invalid_request: atproto requires use of "S256" code_challenge_method',
        ),
        (
            {"code_challenge": None},
            f"invalid_request: {NO_CHALLENGE}",
        ),
        (
            {"redirect_uri": "http://127.0.0.1:9/other"},
            "invalid_request: Invalid redirect_uri http://127.0.0.1:9/other",
        ),
        (
            {"scope": "transition:generic"},
            'invalid_scope: The "atproto" scope is required',
        ),
        (
            {"scope": "atproto foo:bar"},
            'invalid_scope: Scope "foo:bar" is not declared in the client metadata',
        ),
        ({"client_id": None}, "invalid_client: Client credentials missing"),
    ],
)
def test_requests_that_cannot_be_pushed(client, change, words):
    assert trouble(client.par(**change)) == f"400 {words}"


def test_an_unknown_scope_that_is_declared_is_left_out_silently(sandbox, did):
    client = Client(sandbox, "atproto foo:bar")
    assert good(client.exchange(client.decide(did)["code"]))["scope"] == "atproto"


def test_the_authorize_page_needs_a_pushed_request(sandbox, client):
    for query in (
        {"client_id": client.client_id, "response_type": "code"},
        {"client_id": client.client_id, "request_uri": "urn:x"},
    ):
        url = client.url("bsky.social", "/oauth/authorize")
        answer = requests.get(url, params=query, timeout=30)
        assert (answer.status_code, "request_uri" in answer.text) == (400, True)


def test_a_pushed_request_lives_for_five_minutes_and_is_used_once(sandbox, client, did):
    page = client.page(client.par().json()["request_uri"])
    assert requests.get(page, timeout=30).status_code == 200
    form = {"identity": did, "decision": "allow"}
    first = requests.post(page, data=form, allow_redirects=False, timeout=30)
    assert first.status_code == 303
    assert requests.get(page, timeout=30).status_code == 400
    late = client.page(client.par().json()["request_uri"])
    sandbox.advance(301)
    assert "expired" in requests.get(late, timeout=30).text


def test_the_consent_page_shows_people_scopes_and_the_hinted_one_first(client):
    uri = client.par(login_hint=NOAH).json()["request_uri"]
    page = requests.get(client.page(uri), timeout=30).text
    assert page.index(NOAH) < page.index(MAYA)
    assert HARBOR not in page
    assert "Know who you are" in page
    assert "Allow Loopback client to use your account?" in page


def test_cancel_comes_back_with_access_denied_and_the_issuer(client, did):
    back = client.decide(did, "cancel")
    assert back == {
        "iss": "https://bsky.social",
        "error": "access_denied",
        "error_description": "The user rejected the request",
        "state": "xyz",
    }


def test_a_server_of_its_own_signs_its_people_in(sandbox):
    harbor = did_of(sandbox, HARBOR)
    client = Client(sandbox, host="pds.harbor.example")
    back = client.decide(harbor)
    assert back["iss"] == "https://pds.harbor.example"
    tokens = good(client.exchange(back["code"]))
    answer = session(client, tokens["access_token"], "pds.harbor.example")
    assert good(answer)["handle"] == HARBOR


def test_a_hostile_server_can_be_played(sandbox, client, did):
    """Case 8: another issuer in the callback, another account in the token."""
    sandbox.set(**{"bluesky.wrong_iss": "https://evil.example"})
    back = client.decide(did)
    assert back["iss"] == "https://evil.example"
    sandbox.set(**{"bluesky.wrong_sub": "did:plc:" + "z" * 24})
    assert good(client.exchange(back["code"]))["sub"] == "did:plc:" + "z" * 24


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code_verifier": "x" * 50}, "Invalid code_verifier"),
        (
            {"redirect_uri": CALLBACK + "x"},
            OTHER_ADDRESS,
        ),
        ({"code": "cod-unknown"}, "Invalid code"),
    ],
)
def test_exchanges_that_fail(client, did, change, words):
    code = client.decide(did)["code"]
    answer = client.exchange(**{"code": code, **change})
    assert trouble(answer) == f"400 invalid_grant: {words}"


def test_the_exchange_needs_the_key_of_the_pushed_request(client, did):
    code = client.decide(did)["code"]
    answer = client.exchange(code, send={"key": Key()})
    words = "400 invalid_grant: DPoP proof does not match the expected JKT"
    assert trouble(answer) == words


def test_a_code_challenge_is_used_once(client, did):
    good(client.exchange(client.decide(did)["code"]))
    verifier = client.verifier
    challenge = b64url(hashlib.sha256(verifier.encode()).digest())
    code = client.decide(did, code_challenge=challenge)["code"]
    answer = client.exchange(code, code_verifier=verifier)
    assert trouble(answer) == "400 invalid_grant: Code challenge already used"


def test_a_code_lives_for_five_minutes(sandbox, client, did):
    code = client.decide(did)["code"]
    sandbox.advance(301)
    assert trouble(client.exchange(code)) == "400 invalid_grant: Code expired"


def test_a_code_used_twice_kills_the_session(client, did):
    code = client.decide(did)["code"]
    tokens = good(client.exchange(code))
    assert trouble(client.exchange(code)) == "400 invalid_grant: Invalid code"
    assert trouble(session(client, tokens["access_token"])) == DEAD
    again = client.refresh(tokens["refresh_token"])
    assert trouble(again) == "400 invalid_grant: Invalid refresh token"


def test_a_refresh_rotates_and_the_old_access_token_dies_at_once(client, did):
    old = client.sign_in(did)
    new = good(client.refresh(old["refresh_token"]))
    assert new["refresh_token"] != old["refresh_token"]
    assert trouble(session(client, old["access_token"])) == DEAD
    assert good(session(client, new["access_token"]))["did"] == did


def test_a_replayed_refresh_token_deletes_the_session(client, did):
    """Case 6: the good new tokens are gone as well."""
    old = client.sign_in(did)
    new = good(client.refresh(old["refresh_token"]))
    replay = client.refresh(old["refresh_token"])
    assert trouble(replay) == "400 invalid_grant: Refresh token replayed"
    assert trouble(session(client, new["access_token"])) == DEAD
    dead = client.refresh(new["refresh_token"])
    assert trouble(dead) == "400 invalid_grant: Invalid refresh token"


def test_a_refresh_with_another_key_deletes_the_session(client, did):
    tokens = client.sign_in(did)
    stranger = client.refresh(tokens["refresh_token"], key=Key())
    words = "400 invalid_grant: DPoP proof does not match the expected JKT"
    assert trouble(stranger) == words
    assert trouble(session(client, tokens["access_token"])) == DEAD


def test_of_three_refreshes_at_once_one_wins_and_all_lose(client, did):
    """Case 5 shows why: without a lock the session is gone."""
    tokens = client.sign_in(did)
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(client.refresh, [tokens["refresh_token"]] * 3))
    assert sorted(answer.status_code for answer in answers) == [200, 400, 400]
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert trouble(session(client, winner.json()["access_token"])) == DEAD


def test_an_access_token_lasts_an_hour(sandbox, client, did):
    tokens = client.sign_in(did)
    sandbox.advance(3601)
    answer = session(client, tokens["access_token"])
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")
    assert good(client.refresh(tokens["refresh_token"]))["sub"] == did


def test_a_public_clients_session_ends_after_two_weeks(sandbox, client, did):
    tokens = client.sign_in(did)
    sandbox.advance(13 * 86400)
    tokens = good(client.refresh(tokens["refresh_token"]))
    sandbox.advance(86400 + 1)
    late = client.refresh(tokens["refresh_token"])
    assert trouble(late) == "400 invalid_grant: Refresh token expired"


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revocation_ends_the_session(client, did, which):
    tokens = client.sign_in(did)
    answer = client.revoke(tokens[which])
    assert (answer.status_code, answer.json()) == (200, {})
    assert trouble(session(client, tokens["access_token"])) == DEAD
    again = client.refresh(tokens["refresh_token"])
    assert trouble(again) == "400 invalid_grant: Invalid refresh token"


def test_revoking_nothing_is_fine_too(client):
    assert client.revoke("ref-unknown").json() == {}


def test_other_grants_are_not_known(client):
    form = {"grant_type": "password", "client_id": client.client_id}
    answer = client.send("POST", "bsky.social", "/oauth/token", data=form)
    assert answer.json()["error"] == "unsupported_grant_type"


def test_tokens_can_be_minted_with_their_key(sandbox, did):
    minted = sandbox.token("bluesky", MAYA, scopes=["atproto"])
    client = Client(sandbox, client_id="http://localhost/")
    client.key.private = jwt.PyJWK.from_dict(minted["dpop_jwk"]).key
    client.key.jwk = {k: v for k, v in minted["dpop_jwk"].items() if k != "d"}
    assert good(session(client, minted["access_token"]))["did"] == did
    assert good(client.refresh(minted["refresh_token"]))["scope"] == "atproto"


def test_the_control_api_ends_sessions(sandbox, client, did):
    tokens = client.sign_in(did)
    sandbox.expire("bluesky", MAYA)
    expired = session(client, tokens["access_token"]).json()
    assert expired["error"] == "invalid_token"
    tokens = good(client.refresh(tokens["refresh_token"]))
    sandbox.revoke("bluesky", MAYA)
    assert trouble(session(client, tokens["access_token"])) == DEAD


def test_faults_of_sign_in_have_oauths_shape(sandbox, client, did):
    tokens = client.sign_in(did)
    sandbox.fault("error", platform="bluesky", step="refreshToken", profile=did)
    answer = client.refresh(tokens["refresh_token"])
    assert answer.status_code == 500
    assert answer.json()["error"] == "server_error"
    assert good(client.refresh(tokens["refresh_token"]))["sub"] == did


def test_a_deactivated_account_is_not_refreshed(sandbox):
    made = sandbox.identity("bluesky", handle="gone.bsky.social")
    client = Client(sandbox)
    tokens = client.sign_in(made["id"])
    off = {"status": "deactivated"}
    sandbox.identity("bluesky", handle="gone.bsky.social", extra=off)
    answer = client.refresh(tokens["refresh_token"])
    assert trouble(answer) == "400 invalid_grant: Account is deactivated"


def test_a_token_of_another_client_is_not_taken(sandbox, did):
    tokens = Client(sandbox).sign_in(did)
    other = Client(sandbox, "atproto")
    answer = other.refresh(tokens["refresh_token"])
    assert trouble(answer) == "400 invalid_grant: Invalid refresh token"
    assert other.revoke(tokens["refresh_token"]).json() == {}


def test_the_control_api_mints_two_kinds(sandbox):
    with pytest.raises(AssertionError, match="oauth or app_password"):
        sandbox.token("bluesky", MAYA, how="magic")


def test_the_servers_keys_are_published(sandbox):
    url = f"{sandbox.url}/bsky.social/oauth/jwks"
    assert requests.get(url, timeout=30).json() == {"keys": []}
