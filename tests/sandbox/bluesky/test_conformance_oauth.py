"""Whole sign-ins on both servers: tokens, proofs, rotation and replay, side by side."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

import jwt
import pytest
import requests
from playwright.sync_api import Browser, Page

from tests.sandbox.bluesky.atproto import SCOPE, Client, Key, good
from tests.support.callback import callback_server
from tests.support.pds_pages import allow, deny, sign_in
from tests.support.plugin_pds import PDS_MARKS

pytestmark = [*PDS_MARKS, pytest.mark.browser]
SESSION = "/xrpc/com.atproto.server.getSession"
WRITE = "/xrpc/com.atproto.repo."


class Signed(Client):
    """A client whose person signs in through the server's own pages."""

    did = home = back = ""

    def code(self) -> str:
        raise NotImplementedError

    def seen(self, answer: requests.Response) -> tuple[Any, ...]:
        body = answer.json() if answer.content else {}
        words = body.get("message") or body.get("error_description")
        challenge = answer.headers.get("WWW-Authenticate", "")
        named = [part for part in challenge.split(", ") if part.startswith("error=")]
        return answer.status_code, body.get("error"), words, named

    def tokens(self) -> dict[str, Any]:
        return dict(good(self.exchange(self.code(), redirect_uri=self.back)))

    def api(self, token: str, **how: Any) -> requests.Response:
        return self.send("GET", self.home, SESSION, token=token, **how)


class Real(Signed):
    scheme = "http"

    def __init__(self, pds, sandbox, browser: Browser, callback, scope=SCOPE) -> None:
        query = urlencode({"redirect_uri": callback.url, "scope": scope})
        client_id = f"http://localhost/?{query}"
        host = pds.url.removeprefix("http://")
        super().__init__(sandbox, scope, client_id=client_id, host=host)
        self.pds, self.browser, self.callback = pds, browser, callback
        self.home, self.back = host, callback.url
        self.person = pds.account("eve")
        self.did = self.person.did

    def url(self, host: str, path: str) -> str:
        return self.pds.url + path

    def answered(self, act) -> dict[str, str]:
        pushed = self.par(redirect_uri=self.back, login_hint=self.person.handle)
        context = self.browser.new_context()
        page: Page = context.new_page()
        page.goto(self.page(pushed.json()["request_uri"]))
        sign_in(page, self.person)
        act(page)
        query = self.callback.arrived()
        context.close()
        return query

    def code(self) -> str:
        return self.answered(allow)["code"]


class Played(Signed):
    def __init__(self, sandbox, callback, scope=SCOPE) -> None:
        query = urlencode({"redirect_uri": callback.url, "scope": scope})
        super().__init__(sandbox, scope, client_id=f"http://localhost/?{query}")
        self.back = callback.url
        made = sandbox.token("bluesky", "maya.bsky.social", how="app_password")
        self.did, self.home = made["did"], made["pds"].removeprefix("https://")

    def code(self) -> str:
        return self.decide(self.did, redirect_uri=self.back)["code"]


@pytest.fixture
def pair(pds, sandbox, browser):
    """Makes both clients for a scope."""
    with callback_server() as callback:
        yield lambda scope=SCOPE: (
            Real(pds, sandbox, browser, callback, scope),
            Played(sandbox, callback, scope),
        )


def test_answers_of_the_consent_page_alike(pair):
    real, played = pair()
    allowed, denied = real.answered(allow), real.answered(deny)
    mine = played.decide(played.did, redirect_uri=played.back)
    refused = played.decide(played.did, "cancel", redirect_uri=played.back)
    assert sorted(allowed) == sorted(mine) == ["code", "iss", "state"]
    assert sorted(denied) == sorted(refused)
    for name in ("error", "error_description"):
        assert denied[name] == refused[name]


def test_tokens_alike(pair):
    claims = []
    for client in pair():
        tokens = client.tokens()
        assert tokens["sub"] == client.did
        life = tokens.pop("expires_in")
        assert 3590 <= life <= 3600
        about = jwt.decode(tokens["access_token"], options={"verify_signature": False})
        claims.append((sorted(tokens), tokens["token_type"], sorted(about)))
    assert claims[1] == claims[0]


def test_faulty_exchanges_alike(pair):
    for changes in (
        {"code_verifier": "x" * 50},
        {"redirect_uri": "http://127.0.0.1:8999/other"},
        {"send": {"key": Key()}},
    ):
        answers = []
        for client in pair():
            how = {"redirect_uri": client.back, **changes}
            answers.append(client.seen(client.exchange(client.code(), **how)))
        assert answers[1] == answers[0]


def test_proofs_at_the_resource_alike(pair):
    seen = []
    for client in pair():
        token = client.tokens()["access_token"]
        client.nonces.pop(client.home, None)
        first = client.api(token, retry=False)
        address = f"{client.scheme}://{client.home}{SESSION}"
        proof = client.key.proof("GET", address, client.nonces[client.home], token)
        answers = [
            first,
            client.api(token),
            client.api(token, proof=""),
            client.api(token, key=Key()),
            client.api(token, changes={"ath": None}),
            client.api(token, changes={"htm": "POST"}),
            client.api(token, changes={"htu": address + "/x"}),
            client.api(token, changes={"htu": address + "?a=1"}),
            client.api(token, changes={"iat": int(time.time()) - 4000}),
            client.api(token, proof=proof),
            client.api(token, proof=proof),
            client.api(token, scheme="Bearer"),
            client.api("garbage"),
        ]
        seen.append([client.seen(answer) for answer in answers])
    assert seen[1] == seen[0]


def test_rotation_and_replay_alike(pair):
    seen = []
    for client in pair():
        old = client.tokens()
        new = good(client.refresh(old["refresh_token"]))
        answers = [
            client.api(old["access_token"]),
            client.api(new["access_token"]),
            client.refresh(old["refresh_token"]),
            client.api(new["access_token"]),
            client.refresh(new["refresh_token"]),
        ]
        seen.append([client.seen(answer) for answer in answers])
    assert seen[1] == seen[0]


def test_what_ends_a_session_alike(pair):
    seen = []
    for client in pair():
        code = client.code()
        first = good(client.exchange(code, redirect_uri=client.back))
        second, third = client.tokens(), client.tokens()
        answers = [
            client.exchange(code, redirect_uri=client.back),
            client.api(first["access_token"]),
            client.refresh(second["refresh_token"], key=Key()),
            client.api(second["access_token"]),
            client.revoke(third["access_token"]),
            client.api(third["access_token"]),
            client.refresh(third["refresh_token"]),
        ]
        seen.append([client.seen(answer) for answer in answers])
    assert seen[1] == seen[0]


@pytest.mark.parametrize(
    "scope",
    ["atproto", "atproto repo:app.bsky.feed.post?action=create blob:image/*"],
)
def test_scopes_alike(pair, scope):
    seen = []
    for client in pair(scope):
        token, post = client.tokens()["access_token"], "app.bsky.feed.post"
        record = {"text": "x", "createdAt": "2026-11-21T22:26:40.000Z"}
        place = {"repo": client.did, "rkey": "3n2u5hgbu222b", "record": record}

        def write(verb, collection=post, client=client, token=token, place=place):
            body = {**place, "collection": collection}
            path = WRITE + verb
            return client.send("POST", client.home, path, token=token, json=body)

        answers = [
            write("createRecord"),
            write("putRecord"),
            write("deleteRecord"),
            write("createRecord", "app.bsky.feed.threadgate"),
            client.send(
                "POST",
                client.home,
                WRITE + "uploadBlob",
                token=token,
                data=b"x",
                headers={"Content-Type": "video/mp4"},
            ),
        ]
        seen.append([client.seen(answer) for answer in answers])
    assert seen[1] == seen[0]
