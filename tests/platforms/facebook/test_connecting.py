"""Facebook Pages: the way out and back, rights by Page, roles, what can't be chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from platforms import clock
from platforms.errors import AuthExpired, Rejected, Unavailable, Unsupported
from platforms.types import Grant, Identity, Redirect
from tests.platforms.facebook.world import (
    LISTED,
    OTHER_ID,
    PAGE,
    PAGE_ID,
    POSTS,
    PROFILE,
    READ,
    SCOPES,
    TOKEN,
    USER,
    VISIT,
    dead,
    facebook,
    granular,
    inspected,
    page,
    permissions,
    world,
)
from tests.platforms.fakes import FakeHttp, reply


def query_of(again: bool = False, **credentials: str) -> dict[str, str]:
    answer = facebook(None, **credentials).begin(replace(VISIT, again=again))
    assert isinstance(answer, Redirect)
    parts = urlsplit(answer.url)
    assert parts.netloc + parts.path.rpartition("v26.0")[2] == (
        "www.facebook.com/dialog/oauth"
    )
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


def finished(http: FakeHttp) -> Grant:
    return facebook(http).finish(VISIT, {}, {"code": "code-1"})


def with_pages(*pages: dict) -> FakeHttp:
    return world().on("GET", "me/accounts", reply({"data": list(pages)}))


def only(http: FakeHttp) -> Identity:
    (identity,) = finished(http).identities
    return identity


# There


def test_the_dialog_gets_comma_separated_scopes():
    asked = query_of()
    assert asked["scope"] == ",".join(SCOPES)
    assert (asked["state"], asked["response_type"]) == ("state-1", "code")
    assert "auth_type" not in asked
    assert "code_challenge" not in asked


def test_reviewing_asks_again_for_what_was_declined():
    """R-C4: Facebook stays silent about it otherwise."""
    assert query_of(again=True)["auth_type"] == "rerequest"


def test_a_configuration_for_business_is_named():
    asked = query_of(FACEBOOK_PAGES_CONFIG_ID="77")
    assert asked["config_id"] == "77"


def test_the_version_is_the_operators():
    answer = facebook(None, FACEBOOK_GRAPH_VERSION="v27.0").begin(VISIT)
    assert isinstance(answer, Redirect)
    assert "/v27.0/dialog/oauth" in answer.url


# Back


def test_a_page_comes_with_its_own_token():
    identity = only(world())
    assert (identity.external_id, identity.name) == (PAGE_ID, "Lena Studio")
    assert identity.token is not None
    assert identity.token.access == PAGE
    assert identity.token.extra["user_token"] == USER
    assert identity.data["login_id"] == "555"
    assert identity.picture_url == "https://cdn.example/lena.jpg"


def test_it_lasts_as_long_as_the_access_to_the_data():
    token = only(world()).token
    assert token is not None
    assert token.expires_at is not None
    left = token.expires_at - clock.now()
    assert timedelta(days=89) < left <= timedelta(days=90)


def test_a_right_left_out_for_one_page_is_missing_there_only():
    """R-C4: granted, but not for this Page."""
    http = with_pages(page(), page(OTHER_ID))
    http.on("GET", "debug_token", inspected(granular(POSTS, OTHER_ID)))
    here, there = finished(http).identities
    assert here.granted == (LISTED, READ)
    assert there.granted == SCOPES
    assert here.token is not None
    assert here.token.scopes == (LISTED, READ)


def test_a_right_given_for_no_page_at_all_is_missing_everywhere():
    http = world().on("GET", "debug_token", inspected(granular(POSTS)))
    assert only(http).granted == (LISTED, READ)


def test_a_right_without_a_list_of_pages_is_for_all():
    http = world().on("GET", "debug_token", inspected({"scope": POSTS}))
    assert only(http).granted == SCOPES


def test_a_declined_permission_is_missing_on_every_page():
    """R-C4, sheet case 12"""
    answer = permissions(LISTED, READ, declined=(POSTS,))
    http = world().on("GET", "me/permissions", answer)
    assert only(http).granted == (LISTED, READ)


def test_pages_are_listed_to_the_last():
    """R-C5, sheet case 13: an empty listing isn't yet the last."""
    paging = {"cursors": {"after": "c1"}, "next": "https://graph.facebook.com/next"}
    listings = [
        reply({"data": [page("1")], "paging": paging}),
        reply({"data": [], "paging": paging}),
        reply({"data": [page("2")]}),
    ]
    http = world().on("GET", "me/accounts", *listings)
    assert [each.external_id for each in finished(http).identities] == ["1", "2"]


@pytest.mark.parametrize(
    ("task", "role"),
    [
        ("MANAGE", "Page admin"),
        ("PROFILE_PLUS_FULL_CONTROL", "Page admin"),
        ("CREATE_CONTENT", "Content"),
        ("PROFILE_PLUS_CREATE_CONTENT", "Content"),
    ],
)
def test_roles_are_shown_in_words(task, role):
    """R-C6: of both Page experiences."""
    identity = only(with_pages(page(tasks=["ANALYZE", task])))
    assert (identity.role, identity.refused) == (role, "")


def test_a_role_without_content_is_refused_with_whom_to_ask():
    """R-C6"""
    identity = only(with_pages(page(tasks=["ANALYZE", "MODERATE"])))
    assert "Ask an admin" in identity.refused


def test_a_page_without_a_token_is_refused_with_what_to_ask_for():
    """R-C6: reached through a business only."""
    identity = only(with_pages(page(access_token=None)))
    assert "role on the Page itself" in identity.refused


def test_pages_of_one_name_are_told_apart():
    """R-C5"""
    bakery = page("1", category="Bakery", username="corner")
    shop = page("2", category="Shop", username="")
    one, two = finished(with_pages(bakery, shop)).identities
    assert one.address == "Bakery · facebook.com/corner"
    assert two.address == "Shop"


def test_a_page_that_nobody_sees_says_so():
    identity = only(with_pages(page(is_published=False)))
    assert "nobody sees its posts" in identity.address
    assert identity.refused == ""


def test_no_page_at_all_is_told_in_words():
    with pytest.raises(Rejected, match="tick your Pages") as caught:
        finished(with_pages())
    assert caught.value.code == "no_pages"


def test_a_used_code_is_told_in_words():
    refused = {"error": {"code": 100, "error_subcode": 36009, "message": "Used."}}
    http = world().on("POST", "oauth/access_token", reply(refused, 400))
    with pytest.raises(Rejected, match="start again"):
        finished(http)


def test_declining_is_told_in_words():
    with pytest.raises(Rejected, match="didn't allow"):
        facebook().finish(VISIT, {}, {"error": "access_denied"})


# Afterwards


def test_a_living_token_tells_its_rights_on_this_page():
    """R-D8: withdrawn one by one, and Page by Page."""
    http = world().on("GET", "debug_token", inspected(granular(POSTS, OTHER_ID)))
    standing = facebook(http).inspect(TOKEN, PROFILE)
    assert standing.granted == (LISTED, READ)
    assert standing.ends_at is not None
    asked = http.last.query
    assert asked["input_token"] == PAGE


@pytest.mark.parametrize(
    ("subcode", "words"),
    [
        (458, "access was removed"),
        (460, "password was changed"),
        (463, "has expired"),
        (492, "no role on its Page"),
        (0, "no longer valid"),
        (999, "no longer valid"),
    ],
)
def test_a_dead_token_says_what_killed_it(subcode, words):
    """R-D1, R-D8"""
    http = world().on("GET", "debug_token", dead(subcode))
    with pytest.raises(AuthExpired, match=words) as caught:
        facebook(http).inspect(TOKEN, PROFILE)
    assert caught.value.code == f"190/{subcode}"


def test_an_inspection_that_makes_no_sense_kills_nothing():
    http = world().on("GET", "debug_token", reply({"data": {"user_id": "555"}}))
    with pytest.raises(Unavailable):
        facebook(http).inspect(TOKEN, PROFILE)


def test_revoking_uses_the_persons_token():
    """R-D8: the permissions are the person's, not the Page's."""
    http = world()
    facebook(http).revoke(TOKEN, PROFILE)
    assert http.last.method == "DELETE"
    assert http.last.headers["Authorization"] == f"Bearer {USER}"


def test_nobody_can_renew_it():
    """It ends after 90 days, and the people are told ahead."""
    with pytest.raises(Unsupported):
        facebook().refresh(TOKEN, PROFILE)


def test_it_is_connect_only_and_on_by_itself():
    """R-C9"""
    adapter = facebook()
    assert (adapter.publishes, adapter.auto_publish) == (False, True)
