"""Facebook's double for Pages: fields, granular scopes, listings, pictures."""

from __future__ import annotations

import pytest
import requests

from tests.sandbox.browserless import ConsentPage
from tests.sandbox.instagram.graph import FBL, Graph, good, refusal

BACK = "https://later.example.test/connect/facebook/callback"
SCOPES = ["pages_show_list", "pages_read_engagement", "pages_manage_posts"]
POSTS = "pages_manage_posts"
NORA = "100200000000003"
APP = {"client_id": "app-1", "client_secret": "secret"}
FIELDS = "id,name,username,category,followers_count,is_published,tasks,picture{url}"


@pytest.fixture
def dialog(sandbox):
    query = {
        "client_id": "app-1",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": ",".join(SCOPES),
    }
    address = f"{sandbox.url}/www.facebook.com/v26.0/dialog/oauth"
    return ConsentPage(address, query)


@pytest.fixture
def sign_in(sandbox, dialog):
    def act(**choices):
        code = dialog.decide("allow", **{"identity": NORA, **choices})["code"]
        token = f"{sandbox.url}/{FBL}/oauth/access_token"
        form = {**APP, "code": code, "redirect_uri": BACK}
        short = good(requests.post(token, data=form, timeout=30))["access_token"]
        form = {**APP, "grant_type": "fb_exchange_token", "fb_exchange_token": short}
        long = good(requests.post(token, data=form, timeout=30))["access_token"]
        return Graph(sandbox, long, FBL)

    return act


def listed(user, **asked):
    return good(user.get("me/accounts", fields=FIELDS, **asked))


def targets(user, token=""):
    query = {"input_token": token or user.token, "access_token": "app-1|secret"}
    facts = good(user.call("GET", "debug_token", params=query))["data"]
    return {
        row["scope"]: row.get("target_ids", "all") for row in facts["granular_scopes"]
    }


def test_pages_tell_what_tells_them_apart(sign_in):
    rows = listed(sign_in())["data"]
    bakeries = [row for row in rows if row["name"] == "Corner Bakery"]
    assert {row["category"] for row in bakeries} == {"Bakery", "Wholesale supplier"}
    assert len({row["username"] for row in bakeries}) == 2
    assert {row["name"] for row in rows if not row["is_published"]} == {
        "Fjord Yoga Retreats"
    }


def test_rights_on_single_pages_are_offered_where_they_are_asked_for(sandbox, dialog):
    asked = [value for value in dialog.values("asset") if value.endswith(f":{POSTS}")]
    assert asked
    query = {**dialog.query, "scope": "pages_show_list"}
    other = ConsentPage(dialog.address, query)
    assert not [value for value in other.values("asset") if ":" in value]


def test_a_right_left_out_for_a_page_isnt_among_its_targets(sign_in, dialog):
    kept = [value for value in dialog.values("asset") if ":" not in value]
    first = kept[-1]
    found = targets(sign_in(asset=[*kept, f"{first}:{POSTS}"]))
    assert found[POSTS] == [first]
    assert first in found["pages_show_list"]
    assert len(found["pages_show_list"]) > 1


def test_a_minted_token_is_good_for_all_pages(sandbox):
    minted = sandbox.token("facebook", "nora.quist", scopes=SCOPES)
    user = Graph(sandbox, minted["access_token"], FBL)
    assert targets(user) == dict.fromkeys(SCOPES, "all")


def test_a_listing_may_begin_with_an_empty_one(sandbox, sign_in):
    sandbox.set(**{"facebook.empty_listing": True})
    user = sign_in()
    first = listed(user, limit=4)
    assert first["data"] == []
    second = listed(user, limit=4, after=first["paging"]["cursors"]["after"])
    assert len(second["data"]) == 4
    third = listed(user, limit=4, after=second["paging"]["cursors"]["after"])
    assert len(third["data"]) == 1
    assert "next" not in third["paging"]


def test_a_lost_role_ends_that_pages_token(sandbox, sign_in):
    user = sign_in()
    rows = good(user.get("me/accounts", fields="id,access_token"))["data"]
    lost, kept = rows[0], rows[1]
    sandbox.revoke("facebook", lost["id"], "role")
    assert refusal(Graph(sandbox, lost["access_token"], FBL).get("me")) == (190, 492)
    assert good(Graph(sandbox, kept["access_token"], FBL).get("me"))


def test_a_page_has_a_picture(sandbox, sign_in):
    url = listed(sign_in())["data"][0]["picture"]["data"]["url"]
    address = url.replace("https:/", sandbox.url)
    answer = requests.get(address, timeout=30)
    assert answer.headers["Content-Type"] == "image/jpeg"
    missing = address.rpartition("/")[0] + "/1.jpg"
    assert requests.get(missing, timeout=30).status_code == 404


def test_a_page_can_be_made_on_the_spot(sandbox):
    extra = {"tasks": {"nora.quist": ["MANAGE"]}, "category": "Florist"}
    sandbox.identity("facebook", kind="page", name="Petal", extra=extra)
    minted = sandbox.token("facebook", "nora.quist", scopes=SCOPES)
    user = Graph(sandbox, minted["access_token"], FBL)
    found = {row["name"]: row for row in listed(user)["data"]}
    assert found["Petal"]["category"] == "Florist"
    assert found["Petal"]["is_published"] is True
