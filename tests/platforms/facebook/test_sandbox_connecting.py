"""Facebook Pages against the sandbox: its real dialog, tokens and faults."""

from __future__ import annotations

import pytest

from platforms.adapter import Credentials
from platforms.errors import AuthExpired, RateLimited, Rejected, Unavailable
from platforms.facebook.adapter import Facebook
from platforms.types import Grant, Identity, Profile
from tests.platforms.facebook.world import CREDENTIALS, LISTED, POSTS, READ, VISIT
from tests.platforms.signin import consent, signed_in

NORA = "100200000000003"
LENA = "100200000000001"


@pytest.fixture
def adapter(gateway) -> Facebook:
    return Facebook(Credentials(CREDENTIALS))


def pages(grant: Grant) -> dict[str, Identity]:
    return {f"{each.name}, {each.address}": each for each in grant.identities}


def named(grant: Grant, name: str) -> Identity:
    return next(each for each in grant.identities if each.name == name)


def profile(identity: Identity) -> Profile:
    return Profile(identity.external_id, kind=identity.kind, data=identity.data)


def test_every_page_of_the_person_is_listed(adapter):
    """R-C5, R-C6: roles, two of one name, one without the right."""
    grant = signed_in(adapter, VISIT, NORA)
    found = pages(grant)
    assert len(found) == 5
    bakeries = [each for name, each in found.items() if "Corner Bakery" in name]
    assert {each.role for each in bakeries} == {"Page admin", "Content"}
    assert "Ask an admin" in named(grant, "Old Town Books").refused
    assert "nobody sees" in named(grant, "Fjord Yoga Retreats").address


def test_one_right_can_be_left_out_for_one_page(adapter):
    """R-C4: the other Page has it."""
    page = consent(adapter, VISIT)
    left_out = next(
        value for value in page.values("asset") if value.endswith(f":{POSTS}")
    )
    kept = [value for value in page.values("asset") if value != left_out]
    query = page.decide("allow", identity=LENA, asset=kept)
    grant = adapter.finish(VISIT, {}, query)
    rights = {each.external_id: each.granted for each in grant.identities}
    assert rights.pop(left_out.partition(":")[0]) == (LISTED, READ)
    assert set(rights.values()) == {(LISTED, READ, POSTS)}


def test_pages_left_out_are_not_listed(adapter):
    page = consent(adapter, VISIT)
    query = page.decide("allow", identity=NORA, asset=[])
    with pytest.raises(Rejected, match="tick your Pages"):
        adapter.finish(VISIT, {}, query)


def test_an_unticked_permission_is_missing_until_it_is_asked_for_again(adapter):
    """R-C4: Facebook keeps silent about it unless told to ask again."""
    first = signed_in(adapter, VISIT, LENA, scope=[LISTED, READ])
    assert POSTS not in first.granted
    silent = signed_in(adapter, VISIT, LENA)
    assert POSTS not in silent.granted
    again = signed_in(adapter, _again(), LENA)
    assert POSTS in again.granted


def _again():
    return type(VISIT)(**{**vars(VISIT), "again": True})


def test_an_empty_first_listing_loses_nobody(adapter, gateway):
    gateway.set(**{"facebook.empty_listing": True})
    assert len(signed_in(adapter, VISIT, NORA).identities) == 5


def test_a_hundred_and_twenty_pages_are_all_listed(adapter, gateway):
    """Sheet case 13."""
    wish = {"extra": {"tasks": {"nora.quist": ["MANAGE"]}}}
    more = [
        {"platform": "facebook", "kind": "page", "name": f"Branch {n}", **wish}
        for n in range(115)
    ]
    gateway.control("POST", "identities", more)
    assert len(signed_in(adapter, VISIT, NORA).identities) == 120


def test_inspecting_tells_what_was_withdrawn(adapter, gateway):
    """R-D8"""
    identity = named(signed_in(adapter, VISIT, NORA), "Fjord Yoga")
    assert POSTS in adapter.inspect(identity.token, profile(identity)).granted
    gateway.remove_permissions("facebook", NORA, POSTS)
    assert POSTS not in adapter.inspect(identity.token, profile(identity)).granted


@pytest.mark.parametrize(
    ("reason", "words"), [("password", "password was changed"), ("removed", "removed")]
)
def test_inspecting_tells_what_killed_it(adapter, gateway, reason, words):
    """R-D8"""
    identity = named(signed_in(adapter, VISIT, NORA), "Fjord Yoga")
    gateway.revoke("facebook", NORA, reason)
    with pytest.raises(AuthExpired, match=words):
        adapter.inspect(identity.token, profile(identity))


def test_a_lost_role_kills_that_page_only(adapter, gateway):
    """R-C6, R-D8"""
    grant = signed_in(adapter, VISIT, NORA)
    yoga, bakery = named(grant, "Fjord Yoga"), named(grant, "Corner Bakery")
    gateway.revoke("facebook", yoga.external_id, "role")
    with pytest.raises(AuthExpired, match="no role on its Page"):
        adapter.inspect(yoga.token, profile(yoga))
    assert adapter.inspect(bakery.token, profile(bakery)).granted


def test_revoking_ends_all_pages_of_the_person(adapter):
    """R-D8"""
    grant = signed_in(adapter, VISIT, NORA)
    yoga, bakery = named(grant, "Fjord Yoga"), named(grant, "Corner Bakery")
    adapter.revoke(yoga.token, profile(yoga))
    with pytest.raises(AuthExpired):
        adapter.inspect(bakery.token, profile(bakery))


def test_a_busy_facebook_says_until_when(adapter, gateway):
    identity = named(signed_in(adapter, VISIT, NORA), "Fjord Yoga")
    gateway.fault(
        "rate_limited", platform="facebook", step="debug_token", retry_after=720
    )
    with pytest.raises(RateLimited):
        adapter.inspect(identity.token, profile(identity))


@pytest.mark.parametrize("step", ["exchange", "accounts", "debug_token", "permissions"])
def test_an_outage_on_the_way_back_is_no_refusal(adapter, gateway, step):
    query = consent(adapter, VISIT).decide("allow", identity=NORA)
    gateway.fault("error", platform="facebook", step=step, status=500)
    with pytest.raises(Unavailable):
        adapter.finish(VISIT, {}, query)


def test_the_picture_is_there(adapter, gateway):
    identity = named(signed_in(adapter, VISIT, NORA), "Fjord Yoga")
    answer = adapter.http.request("GET", identity.picture_url)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.body[:2] == b"\xff\xd8"
