"""Instagram's own login: there and back."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from core import http as door
from platforms import clock
from platforms.errors import AuthExpired, Rejected, Unavailable, Unsupported
from platforms.types import Grant, Redirect, Visit
from tests.platforms.fakes import FakeHttp, reply
from tests.platforms.instagram.world import (
    ACCOUNT,
    BASIC,
    COMMENTS,
    CREDENTIALS,
    IG_PROFILE,
    LONG,
    LONGER,
    PUBLISH,
    REDIRECT,
    SHORT,
    ig_token,
    instagram,
    me,
    refusal,
    visit,
    world,
)

VISIT = visit("instagram_login")
QUERY = {"code": "code-1", "state": "state-1"}
EXCHANGE = "api.instagram.com/oauth/access_token"


def address(of: Visit) -> tuple[str, dict[str, str]]:
    answer = instagram().begin(of)
    assert isinstance(answer, Redirect)
    parts = urlsplit(answer.url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return f"{parts.scheme}://{parts.netloc}{parts.path}", query


def finished(http: FakeHttp | None = None, **query: str) -> Grant:
    return instagram(http).finish(VISIT, {}, query or QUERY)


def test_the_person_is_sent_to_instagram():
    """R-C2"""
    where, query = address(VISIT)
    assert where == "https://www.instagram.com/oauth/authorize"
    assert query == {
        "client_id": "ig-app",
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": f"{BASIC},{PUBLISH},{COMMENTS}",
        "state": "state-1",
    }


def test_what_is_asked_for_is_what_is_declared():
    """R-C3"""
    _, query = address(VISIT)
    declared = [p.name for p in instagram().permissions("instagram_login")]
    assert query["scope"].split(",") == declared


def test_asking_again_shows_the_sign_in_again():
    _, query = address(visit("instagram_login", again=True))
    assert query["force_reauth"] == "true"


def test_the_way_leads_through_the_gateway():
    door.configure(gateway="http://127.0.0.1:9000")
    try:
        where, _ = address(VISIT)
    finally:
        door.configure()
    assert where == "http://127.0.0.1:9000/www.instagram.com/oauth/authorize"


def test_the_secret_is_not_in_the_browser():
    answer = instagram().begin(VISIT)
    assert CREDENTIALS["INSTAGRAM_CLIENT_SECRET"] not in answer.url


def test_the_way_back_gives_the_account():
    grant = finished()
    (identity,) = grant.identities
    assert identity.external_id == ACCOUNT
    assert (identity.handle, identity.name) == ("lena.studio", "Lena")
    assert (identity.kind, identity.role) == ("business", "Owner")
    assert identity.picture_url == "https://cdn.example/lena.jpg"
    assert identity.refused == ""
    assert identity.token == grant.token


def test_the_code_is_exchanged_as_the_guide_says():
    http = world()
    finished(http)
    sent = http.to(EXCHANGE)[0].files
    assert {name: value for name, (_, value) in sent.items()} == {
        "client_id": "ig-app",
        "client_secret": CREDENTIALS["INSTAGRAM_CLIENT_SECRET"],
        "grant_type": "authorization_code",
        "redirect_uri": REDIRECT,
        "code": "code-1",
    }


def test_the_short_token_becomes_a_long_one():
    http = world()
    token = finished(http).token
    assert token.access == LONG
    assert http.to("ig_exchange_token")[0].query["access_token"] == SHORT
    assert token.expires_at is not None
    days = (token.expires_at - clock.now()) / timedelta(days=1)
    assert 59 < days <= 60
    assert token.extra["login"] == "instagram_login"


@pytest.mark.parametrize("names", [[BASIC, PUBLISH], f"{BASIC},{PUBLISH}"])
@pytest.mark.parametrize("wrapped", [True, False])
def test_both_shapes_of_the_exchange_are_read(names, wrapped):
    flat = {"access_token": SHORT, "user_id": int(ACCOUNT), "permissions": names}
    body = {"data": [{**flat, "user_id": ACCOUNT}]} if wrapped else flat
    grant = finished(world().on("POST", EXCHANGE, reply(body)))
    assert grant.granted == (BASIC, PUBLISH)
    assert grant.token.scopes == (BASIC, PUBLISH)


def test_a_permission_switched_off_is_missing_from_the_grant():
    """R-C4: Instagram's window has switches; the caller compares."""
    body = {"access_token": SHORT, "user_id": 1, "permissions": [BASIC, COMMENTS]}
    grant = finished(world().on("POST", EXCHANGE, reply(body)))
    needed = {p.name for p in instagram().permissions("instagram_login")}
    assert needed - set(grant.granted) == {PUBLISH}
    assert grant.identities


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ("BUSINESS", "business"),
        ("business", "business"),
        ("MEDIA_CREATOR", "creator"),
        ("Media_Creator", "creator"),
        ("", ""),
    ],
)
def test_kinds_of_accounts_are_told_apart(told, kind):
    """R-C7"""
    http = world().on("GET", r"/me\?", me(account_type=told))
    assert finished(http).identities[0].kind == kind


def test_a_personal_account_is_refused_with_how_to_switch():
    """R-C7"""
    http = world().on("GET", r"/me\?", me(account_type="PERSONAL"))
    refused = finished(http).identities[0].refused
    assert "Switch to professional account" in refused


def test_the_id_of_our_app_is_kept_beside_the_accounts():
    data = finished().identities[0].data
    assert data == {"login": "instagram_login", "app_scoped_id": "998877"}


def test_the_leftover_of_the_browser_is_no_part_of_the_code():
    http = world()
    finished(http, code="code-1#_")
    assert http.to(EXCHANGE)[0].files["code"][1] == "code-1"


def test_a_person_who_says_no_is_told_so():
    with pytest.raises(Rejected, match="didn't allow") as caught:
        finished(error="access_denied", error_description="The user denied it")
    assert caught.value.code == "access_denied"


def test_a_way_back_without_a_code_is_refused():
    with pytest.raises(Rejected, match="start again"):
        finished(state="state-1")


def test_a_used_code_is_told_in_words():
    answer = reply(
        {
            "error_type": "OAuthException",
            "code": 400,
            "error_message": "Matching code was not found or was already used",
        },
        400,
    )
    with pytest.raises(Rejected, match="start again") as caught:
        finished(world().on("POST", EXCHANGE, answer))
    assert caught.value.code == "OAuthException"


def test_trouble_on_the_way_back_is_not_the_persons_fault():
    http = world().on("POST", EXCHANGE, reply(b"", 503))
    with pytest.raises(Unavailable):
        finished(http)


# Renewing


def test_a_token_is_renewed_for_sixty_more_days():
    """R-D3"""
    http = world()
    fresh = instagram(http).refresh(ig_token(), IG_PROFILE)
    assert fresh.access == LONGER
    assert fresh.expires_at is not None
    assert fresh.expires_at - clock.now() > timedelta(days=59)
    assert http.last.query == {"grant_type": "ig_refresh_token", "access_token": LONG}


def test_a_renewed_token_keeps_its_scopes_when_none_are_told():
    fresh = instagram().refresh(ig_token(), IG_PROFILE)
    assert fresh.scopes == (BASIC, PUBLISH, COMMENTS)
    assert fresh.extra["login"] == "instagram_login"


def test_a_withdrawn_permission_shows_at_renewal():
    """R-C4, R-D8"""
    body = {"access_token": LONGER, "expires_in": 10, "permissions": BASIC}
    http = world().on("GET", "refresh_access_token", reply(body))
    assert instagram(http).refresh(ig_token(), IG_PROFILE).scopes == (BASIC,)


def test_renewal_starts_a_month_ahead():
    """R-D3"""
    assert instagram().refresh_ahead == timedelta(days=30)


def test_an_expired_token_is_not_even_tried():
    http = world()
    with pytest.raises(AuthExpired, match="Sign in again"):
        instagram(http).refresh(ig_token(age=timedelta(days=61)), IG_PROFILE)
    assert http.sent == []


def test_a_living_token_of_the_first_day_stays_as_it_is():
    """Instagram renews tokens only after 24 hours."""
    http = world()
    young = ig_token(age=timedelta(hours=23))
    assert instagram(http).refresh(young, IG_PROFILE) is young
    assert not http.to("refresh_access_token")


def test_a_dead_token_of_the_first_day_is_told():
    http = world().on("GET", r"/me\?", refusal(190, 458))
    with pytest.raises(AuthExpired, match="removed"):
        instagram(http).refresh(ig_token(age=timedelta(hours=2)), IG_PROFILE)


def test_a_passing_failure_of_renewal_kills_nothing():
    """R-D3: a passing failure is told from a dead token."""
    http = world().on("GET", "refresh_access_token", refusal(2))
    with pytest.raises(Unavailable):
        instagram(http).refresh(ig_token(), IG_PROFILE)


def test_instagrams_own_login_can_only_be_withdrawn_there():
    """R-D8: the person is told where."""
    http = world()
    with pytest.raises(Unsupported, match="Apps and websites"):
        instagram(http).revoke(ig_token(), IG_PROFILE)
    assert http.sent == []
