"""App passwords: sign-in, lifetimes, rotation, and the names of errors."""

from __future__ import annotations

import jwt
import pytest
import requests

from tests.sandbox.bluesky.atproto import APP_PASSWORD, MAYA, Account, good, trouble

SERVER = "com.atproto.server"
EXPIRED = "400 ExpiredToken: Token has expired"
REVOKED = "400 ExpiredToken: Token has been revoked"
WRONG_TYPE = "400 InvalidToken: Invalid token type"


def sign_in(sandbox, password=APP_PASSWORD, identifier=MAYA, host="bsky.social"):
    url = f"{sandbox.url}/{host}/xrpc/{SERVER}.createSession"
    body = {"identifier": identifier, "password": password}
    return requests.post(url, json=body, timeout=30)


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


def test_an_app_password_signs_in_at_the_front_door(sandbox):
    session = good(sign_in(sandbox))
    access, refresh = claims(session["accessJwt"]), claims(session["refreshJwt"])
    assert session["handle"] == MAYA
    assert session["didDoc"]["id"] == session["did"] == access["sub"]
    assert access["scope"] == "com.atproto.appPass"
    assert access["exp"] - access["iat"] == 2 * 3600
    assert refresh["exp"] - refresh["iat"] == 90 * 86400
    assert access["aud"] == "did:web:morel.us-east.host.bsky.network"


@pytest.mark.parametrize("identifier", [MAYA, "maya@example.org", None])
def test_one_signs_in_by_handle_mail_or_did(sandbox, maya, identifier):
    assert good(sign_in(sandbox, identifier=identifier or maya.did))["did"] == maya.did


def test_the_main_password_opens_a_full_session(sandbox):
    session = good(sign_in(sandbox, "correct horse battery"))
    assert claims(session["accessJwt"])["scope"] == "com.atproto.access"


@pytest.mark.parametrize(
    ("password", "identifier"), [("nope", MAYA), (APP_PASSWORD, "nobody.bsky.social")]
)
def test_wrong_credentials(sandbox, password, identifier):
    words = trouble(sign_in(sandbox, password, identifier))
    assert words == "401 AuthenticationRequired: Invalid identifier or password"


def test_missing_parts_are_named(sandbox):
    url = f"{sandbox.url}/bsky.social/xrpc/{SERVER}.createSession"
    answer = requests.post(url, json={"identifier": MAYA}, timeout=30)
    wanted = '400 InvalidRequest: Missing required key "password" at $'
    assert trouble(answer) == wanted


def test_the_main_password_with_two_factors_asks_for_the_code(sandbox):
    sandbox.identity("bluesky", handle="two.bsky.social", extra={"two_factor": True})
    words = trouble(sign_in(sandbox, "correct horse battery", "two.bsky.social"))
    assert words.startswith("401 AuthFactorTokenRequired")
    assert sign_in(sandbox, APP_PASSWORD, "two.bsky.social").status_code == 200


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("takendown", "401 AccountTakedown"),
        ("suspended", "401 AccountTakedown"),
        ("deactivated", "401 AccountDeactivated"),
    ],
)
def test_accounts_that_are_off(sandbox, status, error):
    sandbox.identity("bluesky", handle="off.bsky.social", extra={"status": status})
    off = Account(sandbox, "off.bsky.social")
    assert trouble(sign_in(sandbox, identifier="off.bsky.social")).startswith(error)
    assert trouble(off.create()).startswith(error)


def test_a_session_tells_whose_it_is(maya):
    session = good(maya.get(f"{SERVER}.getSession"))
    assert (session["did"], session["active"]) == (maya.did, True)
    assert (session["email"], session["emailConfirmed"]) == ("maya@example.org", True)


@pytest.mark.parametrize(
    ("token", "words"),
    [
        ("", "401 AuthMissing: Authentication Required"),
        ("garbage", "400 InvalidToken: Token could not be verified"),
    ],
)
def test_calls_without_a_good_token(maya, token, words):
    assert trouble(maya.call("GET", f"{SERVER}.getSession", token)) == words


def test_each_token_has_its_use(maya):
    refresh = maya.minted["refreshJwt"]
    session = maya.call("GET", f"{SERVER}.getSession", refresh)
    assert trouble(session) == WRONG_TYPE
    for procedure in ("refreshSession", "deleteSession"):
        assert trouble(maya.post(f"{SERVER}.{procedure}")) == WRONG_TYPE


def test_a_token_of_one_server_is_nothing_at_another(maya):
    maya.host = "shimeji.us-east.host.bsky.network"
    words = trouble(maya.get(f"{SERVER}.getSession"))
    assert words == "400 InvalidToken: Token could not be verified"


def test_an_access_token_lasts_two_hours_and_says_400_then(maya, sandbox):
    """Case 4: ExpiredToken is 400, not 401; one refresh mends it."""
    sandbox.advance(2 * 3600 + 1)
    assert trouble(maya.create()) == EXPIRED
    fresh = good(maya.post(f"{SERVER}.refreshSession", token=refresh_of(maya)))
    maya.token = fresh["accessJwt"]
    assert maya.create().status_code == 200


def refresh_of(account):
    return account.minted["refreshJwt"]


def test_the_old_refresh_token_goes_on_for_two_hours_with_the_same_successor(
    maya, sandbox
):
    first = good(maya.post(f"{SERVER}.refreshSession", token=refresh_of(maya)))
    again = good(maya.post(f"{SERVER}.refreshSession", token=refresh_of(maya)))
    assert first["refreshJwt"] == again["refreshJwt"] != refresh_of(maya)
    sandbox.advance(2 * 3600 + 1)
    late = maya.post(f"{SERVER}.refreshSession", token=refresh_of(maya))
    assert trouble(late) == EXPIRED
    good(maya.post(f"{SERVER}.refreshSession", token=first["refreshJwt"]))


def test_logging_out_revokes_the_refresh_token_only(maya):
    ended = maya.post(f"{SERVER}.deleteSession", token=refresh_of(maya))
    assert (ended.status_code, ended.content) == (200, b"")
    again = maya.post(f"{SERVER}.refreshSession", token=refresh_of(maya))
    assert trouble(again) == REVOKED
    assert maya.get(f"{SERVER}.getSession").status_code == 200


def test_expire_ends_access_tokens_only(maya, sandbox):
    assert sandbox.expire("bluesky", MAYA) == 1
    assert trouble(maya.create()) == EXPIRED
    good(maya.post(f"{SERVER}.refreshSession", token=refresh_of(maya)))


def test_revoke_takes_the_app_password_too(maya, sandbox):
    assert sandbox.revoke("bluesky", MAYA) == 2
    assert trouble(maya.create()) == EXPIRED
    again = maya.post(f"{SERVER}.refreshSession", token=refresh_of(maya))
    assert trouble(again) == REVOKED
    assert trouble(sign_in(sandbox)).startswith("401 AuthenticationRequired")


def test_the_setting_shortens_tokens(sandbox):
    sandbox.set(token_lifetime_s=60)
    access = claims(good(sign_in(sandbox))["accessJwt"])
    assert access["exp"] - access["iat"] == 60


def test_a_server_describes_itself(maya):
    about = good(maya.get(f"{SERVER}.describeServer"))
    assert about["did"] == f"did:web:{maya.host}"
    assert about["blobUploadLimit"] == 50 * 1024 * 1024


def test_methods_nobody_knows(maya):
    words = trouble(maya.get("com.atproto.nope.nope"))
    wanted = "400 InvalidRequest: No service configured for com.atproto.nope.nope"
    assert words == wanted
