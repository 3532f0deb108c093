"""App passwords, renewing both kinds of session, and ending them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.http import AnswerLost
from platforms import clock
from platforms.bluesky import dpop, sessions
from platforms.errors import (
    AuthExpired,
    OutcomeUnknown,
    PlatformError,
    Rejected,
    Unavailable,
)
from platforms.types import Grant, Token
from tests.platforms.bluesky import world
from tests.platforms.fakes import FakeHttp, reply

CREATE, REFRESH = "server.createSession", "server.refreshSession"
TOKEN = "^bsky.social/oauth/token"


def connect(http: FakeHttp, password: str = world.APP_PASSWORD) -> Grant:
    visit = world.visit("app_password", handle=world.HANDLE, app_password=password)
    found = world.adapter(http).begin(visit)
    assert isinstance(found, Grant)
    return found


def renewed(http: FakeHttp, token: Token) -> Token:
    return world.adapter(http).refresh(token, world.PROFILE)


def refused(name: str, message: str = "", status: int = 400) -> Any:
    return reply({"error": name, "message": message}, status)


# Connecting


def test_an_app_password_connects_at_once() -> None:
    grant = connect(world.world())
    assert grant.identities[0].external_id == world.DID
    assert grant.granted == ("com.atproto.appPass",)
    assert grant.token.expires_at is not None
    assert 7_100 < -clock.since(grant.token.expires_at) <= 7_200


def test_the_session_is_opened_at_the_accounts_own_server() -> None:
    http = world.world()
    connect(http, " ABCD-efgh-ijkl-mnop ")
    (sent,) = http.to(CREATE)
    assert sent.url.startswith(world.PDS)
    assert sent.json == {"identifier": world.DID, "password": world.APP_PASSWORD}


@pytest.mark.parametrize("typed", ["hunter2", "", "abcd-efgh-ijkl", "correct horse"])
def test_the_accounts_own_password_is_refused_unseen(typed: str) -> None:
    """R-C2: no password passes through us; not even one request is made."""
    http = world.world()
    with pytest.raises(Rejected, match="isn't an app password") as raised:
        connect(http, typed)
    assert raised.value.field == "app_password"
    assert http.sent == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("AuthenticationRequired", "doesn't accept this app password"),
        ("AuthFactorTokenRequired", "account's own password"),
        ("AccountTakedown", "switched off"),
    ],
)
def test_refusals_stand_beside_the_field(name: str, words: str) -> None:
    http = world.world().on("POST", CREATE, refused(name, "No.", 401))
    with pytest.raises(Rejected, match=words) as raised:
        connect(http)
    assert (raised.value.field, raised.value.code) == ("app_password", name)


@pytest.mark.parametrize(
    "changes", [{"did": world.OTHER_DID}, {"active": False, "status": "suspended"}]
)
def test_a_session_of_another_or_a_dead_account_is_refused(
    changes: dict[str, Any],
) -> None:
    answer = reply(world.session_answer(**changes))
    with pytest.raises(Rejected):
        connect(world.world().on("POST", CREATE, answer))


def test_a_token_without_a_readable_end_is_taken() -> None:
    answer = reply(world.session_answer(accessJwt="opaque"))
    grant = connect(world.world().on("POST", CREATE, answer))
    assert grant.token.expires_at is None


# Renewing


def test_an_app_password_session_is_renewed_with_the_refresh_token() -> None:
    http = world.world()
    old = world.password_token()
    new = renewed(http, old)
    (sent,) = http.to(REFRESH)
    assert sent.headers["Authorization"] == f"Bearer {old.refresh}"
    assert new.extra == old.extra and new.access


@pytest.mark.parametrize(
    "answer",
    [
        refused("ExpiredToken", "Token has been revoked"),
        refused("AccountTakedown", status=401),
        reply(world.session_answer(did=world.OTHER_DID)),
        reply(world.session_answer(active=False)),
    ],
)
def test_a_revoked_app_password_means_connecting_again(answer: Any) -> None:
    """R-D8: withdrawn access is noticed at the next call."""
    with pytest.raises(AuthExpired):
        renewed(world.world().on("POST", REFRESH, answer), world.password_token())


def test_a_lost_answer_does_an_app_password_no_harm() -> None:
    """R-D3: the old refresh token still works for two hours."""
    http = world.world().on("POST", REFRESH, AnswerLost("ReadTimeout"))
    with pytest.raises(Unavailable):
        renewed(http, world.password_token())


def test_an_oauth_session_is_renewed_with_key_and_client_it_began_with() -> None:
    http = world.world().on(
        "POST", TOKEN, reply(world.token_answer(access_token="new", refresh_token="n2"))
    )
    old = world.oauth_token()
    new = renewed(http, old)
    (sent,) = http.to(TOKEN)
    assert sent.form["grant_type"] == "refresh_token"
    assert sent.form["refresh_token"] == world.REFRESH
    assert sent.form["client_id"] == old.extra["client_id"]
    assert sent.form["client_assertion"]
    assert (new.access, new.refresh, new.extra) == ("new", "n2", old.extra)


def test_an_oauth_refresh_is_never_sent_twice() -> None:
    """R-D3: a second use of a refresh token ends the session."""
    http = world.world().on("POST", TOKEN, AnswerLost("ReadTimeout"))
    with pytest.raises(OutcomeUnknown, match="renewal"):
        renewed(http, world.oauth_token())
    assert len(http.to(TOKEN)) == 1


def test_a_nonce_is_asked_for_before_the_refresh_token_is_used() -> None:
    demand = reply({"error": "use_dpop_nonce"}, 400, dpop_nonce="n")
    http = world.world().on("POST", TOKEN, demand, reply(world.token_answer()))
    assert renewed(http, world.oauth_token()).access == world.ACCESS
    assert len(http.to(TOKEN)) == 2


@pytest.mark.parametrize(
    "answer", [refused("invalid_grant"), reply(world.token_answer(sub=world.OTHER_DID))]
)
def test_a_lost_oauth_session_means_connecting_again(answer: Any) -> None:
    """Acceptance case 6: the refresh after a lost one is told once, as the end."""
    with pytest.raises(AuthExpired):
        renewed(world.world().on("POST", TOKEN, answer), world.oauth_token())


def test_a_removed_client_key_means_connecting_again() -> None:
    http = world.world()
    stranger = world.adapter(http, BLUESKY_PRIVATE_KEY=dpop.new_key())
    with pytest.raises(AuthExpired, match="key has changed"):
        stranger.refresh(world.oauth_token(), world.PROFILE)
    assert http.sent == []


def test_a_token_that_misses_a_part_means_connecting_again() -> None:
    bare = replace(world.oauth_token(), extra={"method": "oauth"})
    with pytest.raises(AuthExpired):
        renewed(world.world(), bare)
    with pytest.raises(AuthExpired):
        renewed(world.world(), Token("a", "b"))


# Ending


def test_oauth_sessions_are_revoked_at_their_server() -> None:
    """R-D8"""
    http = world.world()
    world.adapter(http).revoke(world.oauth_token(), world.PROFILE)
    (sent,) = http.to("oauth/revoke")
    assert sent.form["token"] == world.REFRESH


def test_app_password_sessions_are_deleted_with_the_refresh_token() -> None:
    http = world.world()
    token = world.password_token()
    world.adapter(http).revoke(token, world.PROFILE)
    (sent,) = http.to("deleteSession")
    assert sent.headers["Authorization"] == f"Bearer {token.refresh}"


def test_ending_what_has_ended_is_fine() -> None:
    http = world.world().on("POST", "deleteSession", refused("ExpiredToken"))
    world.adapter(http).revoke(world.password_token(), world.PROFILE)
    assert len(http.sent) == 1


def test_a_server_without_revocation_is_left_alone() -> None:
    http = FakeHttp()
    extra = {**world.oauth_token().extra, "revocation_endpoint": ""}
    world.adapter(http).revoke(world.oauth_token(extra=extra), world.PROFILE)
    assert http.sent == []


def test_trouble_while_ending_is_told() -> None:
    http = world.world().on("POST", "oauth/revoke", reply(b"", 503))
    with pytest.raises(PlatformError):
        world.adapter(http).revoke(world.oauth_token(), world.PROFILE)


# Rights


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        ("atproto transition:generic", True),
        ("atproto", False),
        ("atproto repo:app.bsky.feed.post?action=create", False),
        ("atproto repo:app.bsky.feed.post?action=create&action=update", True),
        ("atproto repo:app.bsky.feed.post", True),
        ("atproto repo:*?action=create&action=update&action=delete", True),
        ("atproto repo?collection=app.bsky.feed.post&action=create", False),
        ("atproto repo?collection=app.bsky.feed.like&collection=*", True),
        ("atproto repo:app.bsky.feed.like", False),
        ("atproto blob:*/*", False),
    ],
)
def test_overwriting_needs_the_right_to_create_and_update(
    scopes: str, allowed: bool
) -> None:
    """Acceptance case 12: without it the other way is chosen."""
    token = world.oauth_token(scopes=tuple(scopes.split()))
    assert sessions.may_overwrite(token) is allowed
