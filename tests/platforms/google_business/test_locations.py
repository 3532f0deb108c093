"""The picker's rows: all of them, once, told apart, and those that can't be chosen."""

from __future__ import annotations

import pytest

from platforms.errors import OperatorTrouble, RateLimited, Rejected, Unavailable
from platforms.google_business.locations import EXPLAINED, NO_ROLE, UNFIT, WANTS
from platforms.types import Identity
from tests.platforms.fakes import FakeHttp, reply
from tests.platforms.google_business.world import (
    ACCOUNTS,
    CODE,
    HARBOUR,
    MERCHANT,
    OLD_TOWN,
    PERSON,
    PLACES,
    VISIT,
    account,
    google,
    place,
    refusal,
    world,
)


def offered(http: FakeHttp) -> list[Identity]:
    return list(google(http).finish(VISIT, {}, {"code": CODE}).identities)


def holding(*places: object, role: str = "OWNER") -> FakeHttp:
    """One account with these locations."""
    http = world().on("GET", ACCOUNTS, reply({"accounts": [account("12", role)]}))
    return http.on("GET", f"{PLACES}/accounts/12/loc", reply({"locations": places}))


def test_all_locations_of_all_accounts_are_offered_once():
    """Each account lists other ones, and some are in two."""
    found = offered(world())
    assert [each.external_id for each in found] == ["991", "992", "993"]
    assert {each.kind for each in found} == {"location"}


def test_stores_of_one_name_are_told_apart_by_address():
    """R-C5"""
    first, second, _ = offered(world())
    assert first.name == second.name == "Mira Bakes"
    assert first.address == "1 Mill St, Salem, US"
    assert second.address == "9 Quay, Salem, US · Store code S-2"


def test_one_that_visits_its_customers_has_no_address():
    assert offered(world())[2].address == "No shop address · vans.mira.example"


def test_of_two_ways_the_stronger_role_is_kept():
    """Posts go to account and location together; a personal account names no role."""
    first, second, _ = offered(world())
    assert (first.role, first.data["account"]) == ("Owner", "accounts/11")
    assert (second.role, second.data["account"]) == ("Manager", "accounts/12")


def test_both_ids_are_kept():
    """The older API knows a location only below its account."""
    assert offered(world())[0].data == {
        "account": "accounts/11",
        "location": "locations/991",
        "language": "en",
        "login_id": PERSON,
    }


def test_a_read_mask_and_large_pages_are_asked_for():
    http = world()
    offered(http)
    assert http.to(ACCOUNTS)[0].query == {"pageSize": "20"}
    sent = http.to("accounts/12/locations")[0]
    assert sent.query["pageSize"] == "100"
    assert "metadata" in sent.query["readMask"].split(",")


def test_every_page_of_both_listings_is_read():
    """A naive one reads ten locations."""
    http = world()
    rest = {"accounts": [account("14")]}
    first = {"accounts": [account("13")], "nextPageToken": "p2"}
    http.on("GET", f"{ACCOUNTS}.*pageToken=p2", reply(rest))
    http.on("GET", f"{ACCOUNTS}\\?pageSize=20$", reply(first))
    http.on("GET", "accounts/13/loc", reply({}))
    page = {"locations": [OLD_TOWN], "nextPageToken": "p9"}
    http.on("GET", "accounts/14/loc", reply(page), reply({"locations": [HARBOUR]}))
    assert [each.external_id for each in offered(http)] == ["991", "992"]
    assert http.last.query["pageToken"] == "p9"


def test_a_listing_without_an_end_holds_nobody():
    endless = reply({"locations": [OLD_TOWN], "nextPageToken": "again"})
    http = world().on("GET", "accounts/1[12]/locations", endless)
    assert len(offered(http)) == 1
    assert len(http.sent) == 2 + 2 * 50


@pytest.mark.parametrize("role", ["SITE_MANAGER", "SOMETHING_NEW", ""])
def test_without_the_role_one_sees_why(role):
    """R-C6: and what to ask for."""
    (only,) = offered(holding(OLD_TOWN, role=role))
    assert only.refused == NO_ROLE
    assert "Ask an owner" in only.refused


@pytest.mark.parametrize("role", ["PRIMARY_OWNER", "OWNER", "MANAGER"])
def test_owners_and_managers_can_be_chosen(role):
    """R-C6"""
    (only,) = offered(holding(OLD_TOWN, role=role))
    assert only.refused == ""
    assert only.role


@pytest.mark.parametrize(
    ("state", "wants"),
    [
        ({"verify": {"hasPendingVerification": True}}, "verify"),
        ({"waitForVoiceOfMerchant": {}}, "waitForVoiceOfMerchant"),
        ({"resolveOwnershipConflict": {}}, "resolveOwnershipConflict"),
        (
            {
                "complyWithGuidelines": {
                    "recommendationReason": "BUSINESS_LOCATION_SUSPENDED"
                }
            },
            "BUSINESS_LOCATION_SUSPENDED",
        ),
        (
            {
                "complyWithGuidelines": {
                    "recommendationReason": "BUSINESS_LOCATION_DISABLED"
                }
            },
            "BUSINESS_LOCATION_DISABLED",
        ),
    ],
)
def test_one_that_isnt_in_good_standing_says_what_google_wants(state, wants):
    """Sheet case 2: what is false isn't in the listing at all."""
    http = holding(place("991", "Mira", "1 Mill St", "Salem", good=False))
    http.on("GET", MERCHANT.format("991"), reply(state))
    (only,) = offered(http)
    assert only.refused == WANTS[wants]


@pytest.mark.parametrize(
    "answer",
    [
        reply({}),
        reply({"complyWithGuidelines": {}}),
        reply({"complyWithGuidelines": {"recommendationReason": "NEW"}}),
        refusal("PERMISSION_DENIED", 403, "SERVICE_DISABLED"),
        refusal("INTERNAL", 500),
    ],
)
def test_a_reason_nobody_tells_costs_the_reason_only(answer):
    """The code is used up by then; the others can still be chosen."""
    http = holding(OLD_TOWN, place("994", "Odd", good=False))
    http.on("GET", MERCHANT.format("994"), answer)
    good, odd = offered(http)
    assert (good.refused, odd.refused) == ("", UNFIT)


def test_good_standing_regained_a_moment_ago_counts():
    http = holding(place("994", "Odd", good=False))
    http.on("GET", MERCHANT.format("994"), reply({"hasVoiceOfMerchant": True}))
    (only,) = offered(http)
    assert only.refused == ""


def test_only_the_first_few_reasons_are_asked_for():
    """Each is a call while a person waits."""
    places = [place(f"9{n:02d}", f"Shop {n:02d}", good=False) for n in range(30)]
    http = holding(*places)
    found = offered(http)
    assert len(http.to("VoiceOfMerchantState")) == EXPLAINED
    assert found[0].refused == WANTS["verify"]
    assert found[-1].refused == UNFIT


def test_without_any_location_the_way_out_is_told():
    """R-C5: an empty list explains itself."""
    http = world().on("GET", "locations", reply({}))
    with pytest.raises(Rejected, match="sign in with the Google account") as caught:
        offered(http)
    assert caught.value.code == "no_locations"


def test_an_unapproved_project_is_the_operators():
    """Sheet case 12: a quota of nothing isn't retried for ever."""
    none = refusal("RESOURCE_EXHAUSTED", 429, "X", quota_limit_value="0")
    with pytest.raises(OperatorTrouble, match="request access"):
        offered(world().on("GET", ACCOUNTS, none))


def test_a_quota_that_is_used_up_passes():
    busy = refusal("RESOURCE_EXHAUSTED", 429, "X", quota_limit_value="300")
    with pytest.raises(RateLimited) as caught:
        offered(world().on("GET", ACCOUNTS, busy))
    assert caught.value.scope == "app"


@pytest.mark.parametrize("name", ["accounts/../x", "accounts/1/2", "locations/12", ""])
def test_a_name_that_would_change_the_address_isnt_followed(name):
    odd = {"accounts": [{**account("12"), "name": name}]}
    http = world().on("GET", ACCOUNTS, reply(odd))
    with pytest.raises(Unavailable):
        offered(http)
    assert len(http.sent) == 2
