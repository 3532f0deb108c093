"""Once a day: does the sign-in still live, and what may it do (R-D8)?"""

from __future__ import annotations

import pytest

from platforms.errors import AuthExpired, Unavailable
from platforms.types import Standing
from tests.platforms.fakes import FakeHttp, reply
from tests.platforms.instagram.world import (
    ACCOUNT,
    FB_PROFILE,
    FB_SCOPES,
    IG_PROFILE,
    fb_token,
    ig_token,
    inspected,
    instagram,
    refusal,
    world,
)

PUBLISH = "instagram_content_publish"


def own(http: FakeHttp | None = None) -> Standing:
    return instagram(http).inspect(ig_token(), IG_PROFILE)


def through_facebook(http: FakeHttp | None = None) -> Standing:
    return instagram(http).inspect(fb_token(), FB_PROFILE)


def test_its_own_sign_in_lives_and_tells_no_rights():
    """So that what a call was refused isn't taken for given again."""
    http = world()
    assert own(http) == Standing(None)
    assert http.last.url.endswith("/me")


@pytest.mark.parametrize("ask", [own])
def test_a_changed_password_is_noticed_without_a_post(ask):
    http = world().on("GET", "graph.instagram.com/v26.0/me", refusal(190, 460))
    with pytest.raises(AuthExpired, match="password"):
        ask(http)


def test_through_facebook_it_tells_its_rights_for_this_account():
    told = through_facebook()
    assert told.granted == FB_SCOPES
    assert told.ends_at is not None


def test_a_right_that_no_longer_covers_the_account_is_gone():
    """R-C4: granted to the sign-in, and not for this one."""
    bound = [{"scope": PUBLISH, "target_ids": [f"{ACCOUNT}9"]}]
    http = world().on("GET", "debug_token", inspected(granular_scopes=bound))
    assert through_facebook(http).granted == tuple(
        name for name in FB_SCOPES if name != PUBLISH
    )


def test_a_dead_one_through_facebook_says_what_killed_it():
    error = {"code": 190, "subcode": 458, "message": "Told in words."}
    gone = inspected(is_valid=False, scopes=[], error=error)
    with pytest.raises(AuthExpired, match="access was removed") as caught:
        through_facebook(world().on("GET", "debug_token", gone))
    assert caught.value.code == "190/458"


@pytest.mark.parametrize("ask", [own, through_facebook])
def test_an_answer_without_sense_kills_nothing(ask):
    http = world().on("GET", "v26.0/me", reply({"odd": True}))
    http.on("GET", "debug_token", reply({"odd": True}))
    with pytest.raises(Unavailable):
        ask(http)
