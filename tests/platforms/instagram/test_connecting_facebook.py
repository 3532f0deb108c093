"""Instagram through Facebook: Pages, roles, and what was left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from platforms import clock
from platforms.errors import Rejected, Unavailable, Unsupported
from platforms.types import Grant, Identity, Redirect, Token
from tests.platforms.fakes import FakeHttp, reply
from tests.platforms.instagram.world import (
    ACCOUNT,
    CREDENTIALS,
    FB_PROFILE,
    FB_SCOPES,
    PAGE,
    REDIRECT,
    USER,
    USER_SHORT,
    fb_token,
    inspected,
    instagram,
    page,
    permissions,
    refusal,
    visit,
    world,
)

VISIT = visit("facebook_login")


def query_of(again: bool = False, **credentials: str) -> dict[str, str]:
    answer = instagram(None, **credentials).begin(replace(VISIT, again=again))
    assert isinstance(answer, Redirect)
    parts = urlsplit(answer.url)
    assert parts.netloc + parts.path.rpartition("v26.0")[2] == (
        "www.facebook.com/dialog/oauth"
    )
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


def finished(http: FakeHttp | None = None) -> Grant:
    return instagram(http).finish(VISIT, {}, {"code": "code-1"})


def with_pages(*pages: dict) -> FakeHttp:
    return world().on("GET", "me/accounts", reply({"data": list(pages)}))


def only(http: FakeHttp) -> Identity:
    (identity,) = finished(http).identities
    return identity


def test_the_person_is_sent_to_facebook():
    """R-C2, R-C3"""
    assert query_of() == {
        "client_id": "fb-app",
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": ",".join(FB_SCOPES),
        "state": "state-1",
    }


def test_declined_permissions_are_asked_for_again():
    """R-C4: without this the dialog skips what was declined before."""
    assert query_of(again=True)["auth_type"] == "rerequest"


def test_a_configuration_of_login_for_business_is_named():
    assert query_of(FACEBOOK_LOGIN_CONFIG_ID="777")["config_id"] == "777"


def test_the_version_is_the_operators_choice():
    adapter = instagram(None, INSTAGRAM_GRAPH_VERSION="v27.0")
    assert "/v27.0/dialog/" in adapter.begin(VISIT).url


def test_the_account_of_a_page_can_be_chosen():
    """R-C5"""
    identity = only(world())
    assert (identity.external_id, identity.handle) == (ACCOUNT, "lena.studio")
    assert (identity.role, identity.address) == ("Content", "Page Lena Studio")
    assert identity.refused == ""
    assert identity.data["page_id"] == "1121"
    assert identity.data["login_id"] == "555"


def test_both_tokens_are_kept():
    identity = only(world())
    assert identity.token is not None
    assert identity.token.access == PAGE
    assert identity.token.extra["user_token"] == USER
    assert identity.token.extra["login"] == "facebook_login"


def test_tokens_end_with_the_access_to_the_data():
    expires_at = finished().token.expires_at
    assert expires_at is not None
    assert timedelta(days=89) < expires_at - clock.now() <= timedelta(days=90)


def test_tokens_without_a_date_have_none():
    http = world().on("GET", "debug_token", inspected(data_access_expires_at=0))
    assert finished(http).token.expires_at is None


def test_the_code_becomes_a_long_token_step_by_step():
    http = world()
    finished(http)
    first, second = http.to("graph.facebook.com/v26.0/oauth/access_token")
    assert first.form["code"] == "code-1"
    assert first.form["redirect_uri"] == REDIRECT
    assert second.form["grant_type"] == "fb_exchange_token"
    assert second.form["fb_exchange_token"] == USER_SHORT


def test_pages_are_listed_with_the_long_token():
    http = world()
    finished(http)
    assert http.to("me/accounts")[0].headers["Authorization"] == f"Bearer {USER}"


def test_no_address_carries_a_user_token_but_the_inspection():
    """R-D2: addresses end up in logs of others."""
    http = world()
    finished(http)
    carrying = [s for s in http.sent if USER in s.address]
    assert [s.url.rpartition("/")[2] for s in carrying] == ["debug_token"]


def test_declined_permissions_are_missing_from_the_grant():
    """R-C4"""
    publish = "instagram_content_publish"
    others = [name for name in FB_SCOPES if name != publish]
    answer = permissions(*others, declined=(publish,))
    grant = finished(world().on("GET", "me/permissions", answer))
    assert set(FB_SCOPES) - set(grant.granted) == {publish}


def test_all_listings_of_pages_are_read():
    """A listing may be short before the last one; only `next` tells."""
    first = {
        "data": [page(1)],
        "paging": {"cursors": {"after": "abc"}, "next": "https://x"},
    }
    second = {"data": [], "paging": {"cursors": {"after": "def"}, "next": "https://x"}}
    third = {"data": [page(2)], "paging": {"cursors": {"after": "ghi"}}}
    answers = [reply(body) for body in (first, second, third)]
    http = world().on("GET", "me/accounts", *answers)
    assert len(finished(http).identities) == 2
    asked = [s.query.get("after") for s in http.to("me/accounts")]
    assert asked == [None, "abc", "def"]


def test_a_listing_without_end_ends():
    endless = {
        "data": [page()],
        "paging": {"cursors": {"after": "abc"}, "next": "https://x"},
    }
    http = world().on("GET", "me/accounts", reply(endless))
    assert len(finished(http).identities) == 50


def test_a_page_without_an_account_says_what_to_do():
    """R-C6"""
    bare = page()
    del bare["instagram_business_account"]
    identity = only(with_pages(bare))
    assert identity.name == "Lena Studio"
    assert "Link one" in identity.refused


@pytest.mark.parametrize(
    ("tasks", "role"),
    [
        (["MANAGE", "CREATE_CONTENT"], "Page admin"),
        (["PROFILE_PLUS_FULL_CONTROL"], "Page admin"),
        (["PROFILE_PLUS_CREATE_CONTENT"], "Content"),
    ],
)
def test_roles_that_publish_are_named(tasks, role):
    """R-C6"""
    identity = only(with_pages(page(tasks=tasks)))
    assert (identity.role, identity.refused) == (role, "")


@pytest.mark.parametrize("tasks", [["ANALYZE", "MODERATE"], [], ["ADVERTISE"]])
def test_a_role_that_cannot_publish_says_whom_to_ask(tasks):
    """R-C6"""
    assert "Ask an admin" in only(with_pages(page(tasks=tasks))).refused


def test_an_account_left_out_is_told():
    """R-C4: single accounts can be unticked in Facebook's window."""
    granular = [{"scope": "instagram_basic", "target_ids": ["999"]}]
    http = world().on("GET", "debug_token", inspected(granular_scopes=granular))
    assert "tick it there" in only(http).refused


@pytest.mark.parametrize(
    ("scope", "elsewhere"),
    [
        ("instagram_content_publish", "999"),
        ("instagram_manage_comments", "999"),
        ("pages_read_engagement", "888"),
    ],
)
def test_a_right_given_for_another_account_only_is_missing_here(scope, elsewhere):
    """R-C4: granted, but not for this one; it is kept, and said what won't work."""
    granular = [{"scope": scope, "target_ids": [elsewhere]}]
    identity = only(
        world().on("GET", "debug_token", inspected(granular_scopes=granular))
    )
    assert identity.refused == ""
    assert set(FB_SCOPES) - set(identity.granted or ()) == {scope}
    assert identity.token is not None
    assert identity.token.scopes == identity.granted


def test_an_account_ticked_is_taken():
    granular = [
        {"scope": "instagram_basic", "target_ids": ["999", ACCOUNT]},
        {"scope": "pages_show_list", "target_ids": ["1121"]},
        {"scope": "instagram_content_publish"},
    ]
    http = world().on("GET", "debug_token", inspected(granular_scopes=granular))
    assert only(http).refused == ""


def test_a_sign_in_without_pages_says_what_to_do():
    """R-C6"""
    with pytest.raises(Rejected, match="no Page of yours"):
        finished(with_pages())


def test_a_used_code_is_told_in_words():
    http = world().on("POST", "oauth/access_token", refusal(100, 36009))
    with pytest.raises(Rejected, match="start again") as caught:
        finished(http)
    assert caught.value.code == "100/36009"


def test_facebooks_sign_in_is_not_renewed_by_us():
    """R-D4: people are told ahead instead."""
    http = world()
    with pytest.raises(Unsupported):
        instagram(http).refresh(fb_token(), FB_PROFILE)
    assert http.sent == []
    assert not instagram(http).renews(fb_token())
    assert instagram(http).renews(Token("x", extra={"login": "instagram_login"}))


def test_revoking_withdraws_the_facebook_sign_in():
    """R-D8"""
    http = world()
    instagram(http).revoke(fb_token(), FB_PROFILE)
    assert (http.last.method, http.last.headers["Authorization"]) == (
        "DELETE",
        f"Bearer {USER}",
    )


def test_the_apps_secret_shows_in_no_trace_of_a_lost_exchange():
    """R-D2"""
    secret = CREDENTIALS["FACEBOOK_CLIENT_SECRET"]
    http = world().on("POST", "oauth/access_token", reply(b"", 502))
    with pytest.raises(Unavailable) as caught:
        finished(http)
    assert secret not in f"{caught.value!r} {vars(caught.value)}"
