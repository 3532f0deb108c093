"""TikTok against the sandbox: rotation, withdrawn scopes, the rule of public videos."""

from __future__ import annotations

from dataclasses import replace

import pytest

from platforms.adapter import Credentials
from platforms.errors import (
    AuthExpired,
    OutcomeUnknown,
    PermissionMissing,
    Rejected,
    Unavailable,
)
from platforms.tiktok.adapter import TikTok
from platforms.tiktok.permissions import BASIC, DETAILS, PUBLISH, SCOPES, VIDEOS
from platforms.types import Identity, Profile, Token
from tests.platforms.signin import consent, signed_in
from tests.platforms.tiktok.world import CREDENTIALS, VISIT

MIRA, SAMI, LOU = "6800000000000000001", "6800000000000000003", "6800000000000000005"
PETE = "6800000000000000004"


@pytest.fixture
def adapter(gateway) -> TikTok:
    return TikTok(Credentials(CREDENTIALS))


def sign_in(adapter: TikTok, who: str, **choices) -> Identity:
    (identity,) = signed_in(adapter, VISIT, who, **choices).identities
    return identity


def token_of(identity: Identity) -> Token:
    assert identity.token is not None
    return identity.token


def profile(identity: Identity) -> Profile:
    return Profile(identity.external_id, identity.handle)


def test_signing_in_brings_the_account(adapter):
    identity = sign_in(adapter, MIRA)
    assert (identity.name, identity.handle) == ("Mira Bakes", "mirabakes")
    assert identity.granted == SCOPES
    assert (identity.refused, identity.obstacle) == ("", "")


def test_its_picture_is_there(adapter):
    url = sign_in(adapter, MIRA).picture_url
    assert adapter.http.request("GET", url).status == 200


@pytest.mark.parametrize("who", [SAMI, PETE])
def test_without_a_public_video_the_way_to_mend_it_is_told(adapter, who):
    """R-C8: none at all, and none that is public."""
    assert "no public video" in sign_in(adapter, who).obstacle


def test_a_first_public_video_lifts_the_obstacle(adapter, gateway):
    """R-C8"""
    identity = sign_in(adapter, SAMI)
    gateway.post_directly("tiktok", SAMI, kind="video", privacy="SELF_ONLY")
    assert adapter.obstacle(token_of(identity), profile(identity))
    gateway.post_directly("tiktok", SAMI, kind="video")
    assert adapter.obstacle(token_of(identity), profile(identity)) == ""


def test_a_barred_account_says_so(adapter):
    assert "barred" in sign_in(adapter, LOU).obstacle


def test_an_unticked_permission_is_missing(adapter):
    """R-C4; the basic one can't be unticked."""
    identity = sign_in(adapter, MIRA, scope=[DETAILS, VIDEOS])
    assert identity.granted == (BASIC, DETAILS, VIDEOS)


def test_cancelling_is_told_in_words(adapter):
    query = consent(adapter, VISIT).decide("cancel")
    with pytest.raises(Rejected, match="didn't allow"):
        adapter.finish(VISIT, {}, query)


def test_a_code_works_once(adapter):
    query = consent(adapter, VISIT).decide("allow", identity=MIRA)
    adapter.finish(VISIT, {}, query)
    with pytest.raises(Rejected, match="start again"):
        adapter.finish(VISIT, {}, query)


def test_a_refresh_token_is_good_once(adapter):
    """R-D3"""
    identity = sign_in(adapter, MIRA)
    old = token_of(identity)
    fresh = adapter.refresh(old, profile(identity))
    assert fresh.refresh != old.refresh
    assert adapter.obstacle(fresh, profile(identity)) == ""
    with pytest.raises(AuthExpired):
        adapter.refresh(old, profile(identity))


def test_a_lost_answer_ends_the_sign_in_and_the_next_try_says_so(adapter, gateway):
    """R-D3: more the platform doesn't allow; until then the old access works on."""
    identity = sign_in(adapter, MIRA)
    gateway.fault("cut_after", platform="tiktok", step="refresh", times=1)
    with pytest.raises(OutcomeUnknown):
        adapter.refresh(token_of(identity), profile(identity))
    assert adapter.obstacle(token_of(identity), profile(identity)) == ""
    with pytest.raises(AuthExpired):
        adapter.refresh(token_of(identity), profile(identity))


def test_an_answer_that_never_came_costs_nothing(adapter, gateway):
    identity = sign_in(adapter, MIRA)
    gateway.fault("cut_before", platform="tiktok", step="refresh", times=1)
    with pytest.raises(OutcomeUnknown):
        adapter.refresh(token_of(identity), profile(identity))
    assert adapter.refresh(token_of(identity), profile(identity)).access


def test_access_ends_after_two_hours(adapter, gateway):
    identity = sign_in(adapter, MIRA)
    gateway.advance(7_201)
    with pytest.raises(AuthExpired):
        adapter.obstacle(token_of(identity), profile(identity))
    fresh = adapter.refresh(token_of(identity), profile(identity))
    assert adapter.obstacle(fresh, profile(identity)) == ""


def test_renewing_may_not_prolong_the_half_year(adapter, gateway):
    """Whichever it is, the answer tells it and we keep it."""
    identity = sign_in(adapter, MIRA)
    gateway.set(**{"tiktok.refresh_prolongs": False})
    gateway.advance(86_400)
    fresh = adapter.refresh(token_of(identity), profile(identity))
    first, second = token_of(identity).ends_at, fresh.ends_at
    assert first is not None
    assert second is not None
    assert 86_300 < (first - second).total_seconds() < 86_500


def test_a_withdrawn_scope_shows_at_the_next_call_and_refresh(adapter, gateway):
    """R-D8"""
    identity = sign_in(adapter, MIRA)
    gateway.remove_permissions("tiktok", MIRA, PUBLISH)
    with pytest.raises(PermissionMissing) as caught:
        adapter.obstacle(token_of(identity), profile(identity))
    assert caught.value.names == (PUBLISH,)
    fresh = adapter.refresh(token_of(identity), profile(identity))
    assert PUBLISH not in fresh.scopes


def test_revoking_ends_both_tokens(adapter):
    """R-D8"""
    identity = sign_in(adapter, MIRA)
    adapter.revoke(token_of(identity), profile(identity))
    with pytest.raises(AuthExpired):
        adapter.obstacle(token_of(identity), profile(identity))
    with pytest.raises(AuthExpired):
        adapter.refresh(token_of(identity), profile(identity))


def test_what_was_removed_in_tiktoks_own_settings_is_dead(adapter, gateway):
    """R-D8"""
    identity = sign_in(adapter, MIRA)
    gateway.revoke("tiktok", MIRA)
    with pytest.raises(AuthExpired):
        adapter.refresh(token_of(identity), profile(identity))


def test_the_same_account_is_the_same_person_each_time(adapter):
    """R-C10: known by open_id, not by a name that can change."""
    assert sign_in(adapter, MIRA).external_id == sign_in(adapter, MIRA).external_id
    assert sign_in(adapter, MIRA).external_id != sign_in(adapter, SAMI).external_id


@pytest.mark.parametrize("step", ["exchange", "user_info"])
def test_an_outage_on_the_way_back_is_no_refusal(adapter, gateway, step):
    query = consent(adapter, VISIT).decide("allow", identity=MIRA)
    gateway.fault("error", platform="tiktok", step=step, status=500)
    with pytest.raises(Unavailable):
        adapter.finish(VISIT, {}, query)


def test_a_token_of_nobody_is_dead(adapter):
    identity = sign_in(adapter, MIRA)
    odd = replace(token_of(identity), access="act.of-nobody-at-all!4521.va")
    with pytest.raises(AuthExpired):
        adapter.obstacle(odd, profile(identity))
