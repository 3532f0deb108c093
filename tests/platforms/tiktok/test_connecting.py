"""TikTok's own OAuth: client_key, commas, rotation, and the rule of public videos."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from core.http import AnswerLost
from platforms import clock
from platforms.errors import (
    AuthExpired,
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    Rejected,
    Unavailable,
)
from platforms.tiktok import api
from platforms.tiktok.api import Caller
from platforms.tiktok.permissions import BASIC, DETAILS, PUBLISH, SCOPES, VIDEOS
from platforms.types import Grant, Identity, Redirect
from tests.platforms.fakes import FakeHttp, reply
from tests.platforms.tiktok.world import (
    ACCESS,
    ACCESS_2,
    HALF_YEAR_S,
    OPEN_ID,
    PROFILE,
    REFRESH,
    REFRESH_2,
    VISIT,
    pair,
    refusal,
    tiktok,
    token,
    token_refusal,
    user,
    videos,
    world,
)


def query_of() -> dict[str, str]:
    redirect = tiktok().begin(VISIT)
    assert isinstance(redirect, Redirect)
    parts = urlsplit(redirect.url)
    assert f"{parts.netloc}{parts.path}" == "www.tiktok.com/v2/auth/authorize/"
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


def finished(http: FakeHttp) -> Grant:
    return tiktok(http).finish(VISIT, {}, {"code": "code-1*0!4521.va"})


def only(http: FakeHttp) -> Identity:
    (identity,) = finished(http).identities
    return identity


def granting(*scopes: str) -> FakeHttp:
    return world().on("POST", "oauth/token/", pair(scope=",".join(scopes)))


# There


def test_the_address_speaks_tiktoks_dialect():
    """Naive ones send client_id, blanks and PKCE."""
    asked = query_of()
    assert asked["client_key"] == "aw12key"
    assert "client_id" not in asked
    assert asked["scope"] == ",".join(SCOPES)
    assert "code_challenge" not in asked
    assert asked["redirect_uri"] == VISIT.redirect_uri


def test_the_consent_page_is_always_shown():
    """R-C10: else nobody could change the account there."""
    assert query_of()["disable_auto_auth"] == "1"


# Back


def test_the_exchange_is_a_form_with_client_key():
    http = world()
    finished(http)
    (sent,) = http.to("oauth/token/")
    assert sent.form["client_key"] == "aw12key"
    assert sent.form["code"] == "code-1*0!4521.va"
    assert sent.form["redirect_uri"] == VISIT.redirect_uri
    assert sent.json is None


def test_the_account_comes_with_both_tokens_and_their_ends():
    """Lives as the answer tells them; the documentation names several."""
    identity = only(world())
    assert (identity.external_id, identity.handle) == (OPEN_ID, "mirabakes")
    kept = identity.token
    assert kept is not None
    assert (kept.access, kept.refresh) == (ACCESS, REFRESH)
    assert kept.expires_at is not None
    assert kept.ends_at is not None
    assert timedelta(minutes=119) < kept.expires_at - clock.now()
    assert timedelta(days=179) < kept.ends_at - clock.now()


def test_fields_are_asked_for_with_commas():
    """Sheet case 2."""
    http = world()
    finished(http)
    (sent,) = http.to("user/info/")
    assert sent.query["fields"] == "open_id,avatar_url,display_name,username"
    assert sent.headers["Authorization"] == f"Bearer {ACCESS}"


def test_an_unticked_permission_is_missing():
    """R-C4, sheet case 1: the reply's scopes are the truth."""
    identity = only(granting(BASIC, DETAILS, VIDEOS))
    assert identity.granted == (BASIC, DETAILS, VIDEOS)


def test_without_the_username_the_rest_is_read():
    http = granting(BASIC, PUBLISH)
    http.on("GET", "user/info/", user(username=None))
    identity = only(http)
    (sent,) = http.to("user/info/")
    assert "username" not in sent.query["fields"]
    assert (identity.name, identity.handle) == ("Mira", "")


def test_an_account_without_a_public_video_is_told_how_to_mend_it():
    """R-C8: connected, and not enabled yet."""
    identity = only(world().on("POST", "video/list/", videos()))
    assert "Post a video" in identity.obstacle
    assert identity.refused == ""


def test_one_with_a_public_video_meets_no_obstacle():
    """R-C8"""
    assert only(world()).obstacle == ""


def test_what_isnt_granted_isnt_asked_for():
    http = granting(BASIC, DETAILS, VIDEOS)
    assert only(http).obstacle == ""
    assert http.to("creator_info") == http.to("video/list") == []


def test_trouble_with_that_look_doesnt_cost_the_sign_in():
    """The code is used up by then; Enable asks again."""
    http = world().on("POST", "video/list/", refusal("internal_error", 500))
    assert only(http).obstacle == ""


@pytest.mark.parametrize("status", [200, 400])
def test_a_used_code_is_told_in_words(status):
    """Told by the key `error`, with HTTP 200 too."""
    http = world().on("POST", "oauth/token/", token_refusal("invalid_grant", status))
    with pytest.raises(Rejected, match="start again") as caught:
        finished(http)
    assert caught.value.code == "invalid_grant"


def test_wrong_keys_are_the_operators_trouble():
    http = world().on("POST", "oauth/token/", token_refusal("invalid_client"))
    with pytest.raises(Rejected, match="whoever runs it"):
        finished(http)


def test_declining_is_told_in_words():
    with pytest.raises(Rejected, match="didn't allow"):
        tiktok().finish(VISIT, {}, {"error": "access_denied"})


# Renewing


def test_a_refresh_brings_a_new_pair():
    """R-D3: the old refresh token is dead by now."""
    http = world()
    fresh = tiktok(http).refresh(token(), PROFILE)
    assert (fresh.access, fresh.refresh) == (ACCESS_2, REFRESH_2)
    assert http.last.form["refresh_token"] == REFRESH
    assert fresh.ends_at is not None
    left = fresh.ends_at - clock.now()
    assert left > timedelta(seconds=HALF_YEAR_S - 60)


def test_scopes_withdrawn_meanwhile_show_with_the_refresh():
    """R-D8"""
    http = world().on("POST", "oauth/token/", pair(True, scope=f"{BASIC},{DETAILS}"))
    assert tiktok(http).refresh(token(), PROFILE).scopes == (BASIC, DETAILS)


@pytest.mark.parametrize("status", [200, 400, 401])
def test_a_dead_refresh_token_says_so_at_once(status):
    """R-D3: after a lost answer this is all that TikTok has to say."""
    http = world().on("POST", "oauth/token/", token_refusal("invalid_grant", status))
    with pytest.raises(AuthExpired, match="ended this sign-in"):
        tiktok(http).refresh(token(), PROFILE)


@pytest.mark.parametrize("answer", [AnswerLost("ReadTimeout"), reply(b"", 502)])
def test_a_lost_answer_may_have_used_the_token_up(answer):
    """R-D3: only TikTok's own word ends a connection, and it isn't asked twice."""
    http = world().on("POST", "oauth/token/", answer)
    with pytest.raises(OutcomeUnknown, match="didn't confirm the renewal"):
        tiktok(http).refresh(token(), PROFILE)
    assert len(http.sent) == 1


@pytest.mark.parametrize("code", ["temporarily_unavailable", "server_error"])
def test_an_outage_ends_no_sign_in(code):
    http = world().on("POST", "oauth/token/", token_refusal(code, 500))
    with pytest.raises(Unavailable):
        tiktok(http).refresh(token(), PROFILE)


def test_without_a_refresh_token_only_a_person_can_help():
    with pytest.raises(AuthExpired):
        tiktok().refresh(token(refresh=""), PROFILE)


def test_it_declares_that_refresh_tokens_are_single_use():
    adapter = tiktok()
    assert adapter.used_up == {"tiktok_login": timedelta(0)}
    assert adapter.refresh_ahead == timedelta(minutes=30)
    assert (adapter.publishes, adapter.auto_publish) == (False, False)


# Revoking


@pytest.mark.parametrize("body", [b"", b"{}"])
def test_revoking_takes_the_access_token(body):
    """R-D8: answered with nothing, or with an empty object."""
    http = world().on("POST", "oauth/revoke/", reply(body))
    tiktok(http).revoke(token(), PROFILE)
    assert http.last.form["token"] == ACCESS


def test_an_expired_one_is_renewed_to_be_revoked():
    http = world()
    tiktok(http).revoke(token(expires_at=clock.after(-5)), PROFILE)
    assert http.last.form["token"] == ACCESS_2


# Enabling


def test_enabling_asks_for_creator_and_videos():
    """R-C8, R-C9"""
    http = world()
    assert tiktok(http).obstacle(token(), PROFILE) == ""
    assert [sent.url.rpartition("/v2/")[2] for sent in http.sent] == [
        "post/publish/creator_info/query/",
        "video/list/",
    ]


def test_no_public_video_is_an_obstacle():
    """R-C8"""
    http = world().on("POST", "video/list/", videos())
    assert "no public video" in tiktok(http).obstacle(token(), PROFILE)


def test_a_barred_account_is_told_with_http_200():
    barred = refusal("spam_risk_user_banned_from_posting")
    http = world().on("POST", "creator_info", barred)
    assert "barred" in tiktok(http).obstacle(token(), PROFILE)


@pytest.mark.parametrize(
    "code", ["spam_risk_too_many_posts", "reached_active_user_cap"]
)
def test_a_day_that_is_used_up_hinders_nothing(code):
    http = world().on("POST", "creator_info", refusal(code))
    assert tiktok(http).obstacle(token(), PROFILE) == ""


@pytest.mark.parametrize(
    ("path", "name"), [("creator_info", PUBLISH), ("video/list", VIDEOS)]
)
def test_a_permission_lost_meanwhile_is_named(path, name):
    """R-C4, R-D8"""
    http = world().on("POST", path, refusal("scope_not_authorized", 401))
    with pytest.raises(PermissionMissing) as caught:
        tiktok(http).obstacle(token(), PROFILE)
    assert caught.value.names == (name,)


def test_a_dead_access_token_is_no_obstacle_but_the_end():
    http = world().on("POST", "creator_info", refusal("access_token_invalid", 401))
    with pytest.raises(AuthExpired):
        tiktok(http).obstacle(token(), PROFILE)


def test_too_fast_is_a_minutes_pause():
    http = world().on("POST", "creator_info", refusal("rate_limit_exceeded", 429))
    with pytest.raises(RateLimited) as caught:
        tiktok(http).obstacle(token(), PROFILE)
    wait = caught.value.until - clock.now()
    assert timedelta(seconds=30) < wait <= timedelta(seconds=60)


def test_creator_info_tells_what_the_account_may_do():
    creator = api.creator_info(Caller(world(), ACCESS))
    assert creator.privacy == ("PUBLIC_TO_EVERYONE", "SELF_ONLY")
    assert (creator.longest_s, creator.stitch_off) == (600, True)
