"""The shared half of RFC 6749: what is sent, what is kept, what a refusal means."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.http import Reply
from core.oauth import Client
from platforms import clock
from platforms.errors import AuthExpired, OperatorTrouble, Rejected, Unavailable
from platforms.shapes import scopes_in
from platforms.token_endpoint import Fresh, TokenEndpoint
from platforms.types import Token
from tests.platforms.fakes import FakeHttp
from tests.platforms.fakes import reply as answered

CLIENT = Client("app", "canary-secret", "https://later.example/back/")
GOOD = {"access_token": "a-1", "expires_in": 60, "scope": "read,write"}


def judge(reply: Reply, needs: tuple[str, ...] = ()) -> Any:
    errors = {400: AuthExpired("Dead."), 401: OperatorTrouble("Keys.")}
    if reply.status in errors:
        raise errors[reply.status]
    return reply.json()


def endpoint(answer: Reply) -> TokenEndpoint:
    http = FakeHttp().on("POST", "orbit.example/token", answer)
    return TokenEndpoint(http, "Orbit", judge, "https://orbit.example/token", CLIENT)


def sent(asked: TokenEndpoint) -> dict[str, str]:
    assert isinstance(asked.http, FakeHttp)
    return asked.http.last.form


def test_the_apps_keys_go_in_the_form():
    asked = endpoint(answered(GOOD))
    asked.exchange("code-1")
    assert sent(asked) == {
        "client_id": "app",
        "client_secret": "canary-secret",
        "grant_type": "authorization_code",
        "code": "code-1",
        "redirect_uri": CLIENT.redirect_uri,
    }


def test_a_renewal_sends_no_redirect_address():
    asked = endpoint(answered(GOOD))
    asked.refresh("r-1")
    assert sent(asked)["refresh_token"] == "r-1"
    assert "redirect_uri" not in sent(asked)


def test_a_code_that_isnt_taken_means_starting_again():
    with pytest.raises(Rejected, match="start again"):
        endpoint(answered({}, 400)).exchange("code-1")


def test_wrong_keys_are_no_used_code():
    with pytest.raises(OperatorTrouble):
        endpoint(answered({}, 401)).exchange("code-1")


def test_a_dead_refresh_token_stays_a_dead_one():
    with pytest.raises(AuthExpired):
        endpoint(answered({}, 400)).refresh("r-1")


@pytest.mark.parametrize("body", [{}, [], {"access_token": ""}, {"access_token": 7}])
def test_an_answer_without_a_token_makes_no_sense(body):
    with pytest.raises(Unavailable):
        endpoint(answered(body)).refresh("r-1")


def test_the_first_token_has_what_was_told():
    token = endpoint(answered(GOOD)).exchange("code-1").token(login="way")
    assert (token.access, token.refresh, token.ends_at) == ("a-1", "", None)
    assert token.scopes == ("read", "write")
    assert token.extra == {"login": "way"}
    assert token.expires_at is not None
    assert timedelta() < token.expires_at - clock.now() <= timedelta(seconds=60)


def test_a_renewal_keeps_what_isnt_repeated():
    """R-D3: neither the refresh token, its last day, nor the scopes."""
    ends = clock.after(9_000)
    old = Token("a-0", "r-0", None, ("read",), {"login": "way"}, ends)
    new = Fresh("a-1", 60, ()).renewal_of(old)
    assert (new.access, new.refresh, new.scopes) == ("a-1", "r-0", ("read",))
    assert (new.extra, new.ends_at) == (old.extra, ends)


def test_a_renewal_takes_what_is_repeated():
    old = Token("a-0", "r-0", None, ("read", "write"), {}, clock.after(9_000))
    new = Fresh("a-1", 60, ("read",), "r-1", 90_000).renewal_of(old)
    assert (new.refresh, new.scopes) == ("r-1", ("read",))
    assert new.ends_at is not None
    assert new.ends_at - clock.now() > timedelta(hours=24)


@pytest.mark.parametrize("text", ["a,b", "a b", "a, b", " a\nb ", "a,,b"])
def test_scopes_are_parted_by_blanks_or_commas(text):
    assert scopes_in(text) == ("a", "b")


def test_no_scopes_are_none():
    assert scopes_in(None) == scopes_in("") == ()
