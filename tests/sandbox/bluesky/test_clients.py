"""Client metadata that is really fetched, and assertions that are really verified."""

from __future__ import annotations

import json
import secrets
import time

import pytest

from tests.sandbox.bluesky.atproto import CALLBACK, MAYA, Client, Key, good, trouble


class App:
    """An app's published documents, on the test's own web server."""

    def __init__(self, sandbox, web) -> None:
        self.sandbox, self.web = sandbox, web
        self.folder = secrets.token_hex(6)
        (web.folder / self.folder).mkdir()
        self.client_id = web(f"{self.folder}/client.json")
        self.key = Key("key-1")
        self.metadata = {
            "client_id": self.client_id,
            "client_name": "Later",
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "redirect_uris": [CALLBACK],
            "scope": "atproto transition:generic",
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "ES256",
            "dpop_bound_access_tokens": True,
            "jwks_uri": web(f"{self.folder}/jwks.json"),
        }

    def publish(self, **changes):
        self.metadata |= changes
        self.write("client.json", self.metadata)
        self.write("jwks.json", {"keys": [self.key.jwk]})
        return self.client()

    def write(self, name, document):
        (self.web.folder / self.folder / name).write_text(json.dumps(document))

    def client(self) -> Client:
        return Client(self.sandbox, client_id=self.client_id, assertion_key=self.key)


@pytest.fixture
def app(sandbox, web):
    return App(sandbox, web)


@pytest.fixture
def did(sandbox):
    people = sandbox.identities("bluesky")
    return next(one["id"] for one in people if one["handle"] == MAYA)


def test_a_confidential_client_signs_in_and_refreshes(app, did, sandbox):
    client = app.publish()
    tokens = client.sign_in(did)
    sandbox.advance(60 * 86400)
    tokens = good(client.refresh(tokens["refresh_token"]))
    sandbox.advance(91 * 86400)
    late = client.refresh(tokens["refresh_token"])
    assert trouble(late) == "400 invalid_grant: Refresh token expired"


def test_a_public_client_needs_no_assertion(app, did):
    client = app.publish(token_endpoint_auth_method="none")
    client.assertion_key = None
    assert client.sign_in(did)["sub"] == did


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_id": "https://other.example/x"}, "client_id does not match its URL"),
        ({"redirect_uris": []}, "at least one redirect_uri is needed"),
        ({"scope": "transition:generic"}, 'the "atproto" scope is missing'),
        (
            {"grant_types": ["refresh_token"]},
            'the "authorization_code" grant type is missing',
        ),
        ({"response_types": []}, 'the "code" response type is missing'),
        (
            {"dpop_bound_access_tokens": False},
            '"dpop_bound_access_tokens" must be true',
        ),
        (
            {"token_endpoint_auth_method": "client_secret_post"},
            'unsupported token_endpoint_auth_method "client_secret_post"',
        ),
        ({"jwks_uri": ""}, "private_key_jwt needs jwks or jwks_uri"),
        (
            {"token_endpoint_auth_signing_alg": "RS256"},
            "token_endpoint_auth_signing_alg must be ES256",
        ),
    ],
)
def test_a_metadata_document_that_will_not_do(app, changes, words):
    client = app.publish()
    app.write("client.json", app.metadata | changes)
    answer = client.par()
    body = answer.json()
    assert (answer.status_code, body["error"]) == (400, "invalid_client_metadata")
    assert body["error_description"].endswith(words)


def test_a_document_that_is_not_there(app):
    answer = app.client().par()
    assert "unexpected HTTP 404" in trouble(answer)


def test_a_document_behind_a_redirect_is_not_followed(app, sandbox, web):
    app.publish()
    app.client_id = web(f"moved/1/{app.folder}/client.json")
    assert "unexpected HTTP 302" in trouble(app.client().par())


@pytest.mark.parametrize(
    "client_id",
    ["abc", "http://localhost:8000/?redirect_uri=x", "http://localhost/path"],
)
def test_client_ids_that_are_no_address(sandbox, client_id):
    answer = Client(sandbox, client_id=client_id).par()
    assert answer.json()["error"] == "invalid_client_metadata"


def test_the_development_client_may_only_come_back_to_this_machine(sandbox):
    client = Client(sandbox, client_id="http://localhost/?redirect_uri=https://a.org/")
    assert "127.0.0.1 or [::1]" in trouble(client.par())


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://other.example"},
        {"iss": "https://other.example"},
        {"sub": "https://other.example"},
        {"exp": int(time.time()) - 600},
        {"iat": int(time.time()) - 900},
        {"jti": None},
    ],
)
def test_an_assertion_with_a_wrong_claim(app, changes):
    client = app.publish()
    claims = client.assertion(**changes)
    answer = client.par(client_assertion=claims)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_an_assertion_is_good_once(app):
    client = app.publish()
    assertion = client.assertion()
    assert client.par(client_assertion=assertion).status_code == 201
    again = client.par(client_assertion=assertion)
    assert "used before" in trouble(again)


def test_an_assertion_by_an_unpublished_key(app):
    client = app.publish()
    client.assertion_key = Key("key-2")
    assert 'no key "key-2"' in trouble(client.par())
    client.assertion_key = Key("key-1")
    assert "client_assertion failed" in trouble(client.par())


def test_a_confidential_client_without_assertion(app):
    client = app.publish()
    client.assertion_key = None
    assert "private_key_jwt" in trouble(client.par())


def test_a_new_key_is_found_when_it_is_published(app, did):
    client = app.publish()
    tokens = client.sign_in(did)
    new = Key("key-2")
    app.write("jwks.json", {"keys": [app.key.jwk, new.jwk]})
    client.assertion_key = new
    assert client.par().status_code == 201
    client.assertion_key = app.key
    assert good(client.refresh(tokens["refresh_token"]))["sub"] == did


def test_a_session_stays_bound_to_the_key_it_began_with(app, did):
    client = app.publish()
    tokens = client.sign_in(did)
    new = Key("key-2")
    app.write("jwks.json", {"keys": [app.key.jwk, new.jwk]})
    client.assertion_key = new
    answer = client.refresh(tokens["refresh_token"])
    assert trouble(answer).startswith("400 invalid_grant: Client authentication")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("client.json", "[]", "the document is no object"),
        ("client.json", "{", "cannot be read"),
        ("client.html", "{}", "unexpected Content-Type"),
    ],
)
def test_a_document_of_the_wrong_kind(app, name, content, words):
    (app.web.folder / app.folder / name).write_text(content)
    app.client_id = app.web(f"{app.folder}/{name}")
    assert words in trouble(app.client().par())


def test_an_assertion_that_is_no_jwt(app):
    client = app.publish()
    assert "is no JWT" in trouble(client.par(client_assertion="abc"))
