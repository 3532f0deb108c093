"""OAuth through the one door, against a server of sockets."""

from __future__ import annotations

import json
import logging
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from core import http, oauth
from core.http import AnswerLost
from core.oauth import Client, ExchangeRefused
from tests.core.sockets import SocketServer

CLIENT = Client("app-1", "canary-secret", "https://later.example/back")
ENDPOINT = "https://auth.example/token"


def query_of(client: Client = CLIENT, **facts) -> dict[str, str]:
    scopes = facts.pop("scopes", ("read", "write"))
    url = oauth.authorize_url(
        client, "https://auth.example/authorize", scopes=scopes, state="s", **facts
    )
    found = parse_qs(urlsplit(url).query)
    return {name: values[0] for name, values in found.items()}


def test_the_authorize_address_names_all_that_is_needed():
    assert query_of() == {
        "client_id": "app-1",
        "redirect_uri": "https://later.example/back",
        "response_type": "code",
        "scope": "read write",
        "state": "s",
    }


def test_scopes_are_joined_as_the_platform_likes():
    client = Client("app-1", "x", "https://later.example/back", separator=",")
    assert query_of(client)["scope"] == "read,write"


def test_further_parameters_go_along():
    assert query_of(extra={"auth_type": "rerequest"})["auth_type"] == "rerequest"


def test_the_secret_never_goes_to_the_browser():
    assert "canary-secret" not in str(query_of())


def test_states_are_long_and_new_each_time():
    first, second = oauth.new_state(), oauth.new_state()
    assert first != second
    assert re.fullmatch(r"[\w-]{43}", first)


def test_only_a_hash_of_the_state_is_kept():
    state = oauth.new_state()
    kept = oauth.state_hash(state)
    assert re.fullmatch(r"[0-9a-f]{64}", kept)
    assert kept == oauth.state_hash(state) != oauth.state_hash(state + "x")


def answering(serve, body, status: int = 200) -> SocketServer:
    """The token endpoint, behind a gateway."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = (
        f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n"
        f"Connection: close\r\nContent-Length: {len(raw)}\r\n\r\n"
    )
    server: SocketServer = serve(lambda peer: peer.answer(head.encode() + raw))
    http.configure(gateway=server.url)
    return server


def exchanged() -> dict:
    return oauth.exchange(CLIENT, ENDPOINT, code="code-1")


def test_a_code_becomes_a_token(serve):
    server = answering(serve, {"access_token": "canary-token", "token_type": "bearer"})
    assert exchanged()["access_token"] == "canary-token"
    (request,) = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /auth.example/token ")
    form = {name: v[0] for name, v in parse_qs(body.decode()).items()}
    assert (form["code"], form["grant_type"]) == ("code-1", "authorization_code")
    assert form["client_secret"] == "canary-secret"


def test_a_refused_code_is_told(serve):
    answering(serve, {"error": "invalid_grant"}, 400)
    with pytest.raises(ExchangeRefused) as caught:
        exchanged()
    assert caught.value.code == "invalid_grant"


def test_an_answer_without_a_token_is_a_refusal(serve):
    answering(serve, {"hello": "there"})
    with pytest.raises(ExchangeRefused):
        exchanged()


def test_a_cut_exchange_is_a_lost_answer(serve):
    server = serve(lambda peer: (peer.read(), peer.reset()))
    http.configure(gateway=server.url)
    with pytest.raises(AnswerLost):
        exchanged()


def test_no_secret_is_logged(serve, caplog):
    """R-D2: the library below logs requests and answers in full."""
    answering(serve, {"access_token": "canary-token", "token_type": "bearer"})
    with caplog.at_level(logging.DEBUG):
        exchanged()
    assert "canary" not in caplog.text
