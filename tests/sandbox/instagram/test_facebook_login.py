"""Sign-in with Facebook: Pages, assets, Page tokens, permissions, inspection."""

from __future__ import annotations

import pytest
import requests

from tests.sandbox.browserless import ConsentPage
from tests.sandbox.instagram.graph import (
    FBL,
    Graph,
    good,
    page_profile,
    refusal,
)

BACK = "https://later.example.test/connect/facebook/callback"
SCOPES = [
    "instagram_basic",
    "instagram_content_publish",
    "pages_show_list",
    "pages_read_engagement",
]
LENA, MIRO = "100200000000001", "100200000000002"
LENA_STUDIO, NORTHTRAIL = "17841400000000001", "17841400000000003"
LINKED = "instagram_business_account{id,username,followers_count}"
ACCOUNTS = f"id,name,access_token,tasks,{LINKED}"
APP = {"client_id": "app-1", "client_secret": "secret"}


@pytest.fixture
def dialog(sandbox):
    """Opens the dialog, with further parameters if wished."""

    def open_it(**more):
        query = {
            "client_id": "app-1",
            "redirect_uri": BACK,
            "response_type": "code",
            "scope": ",".join(SCOPES),
            "state": "xyz",
            **more,
        }
        address = f"{sandbox.url}/www.facebook.com/v26.0/dialog/oauth"
        return ConsentPage(address, query)

    return open_it


def token_call(sandbox, **query):
    address = f"{sandbox.url}/{FBL}/oauth/access_token"
    return requests.get(address, params={**APP, **query}, timeout=30)


def exchange(sandbox, code):
    return token_call(sandbox, code=code, redirect_uri=BACK)


def signed_in(sandbox, page, **choices):
    """A graph client with the long user token of a finished sign-in."""
    code = page.decide("allow", **{"identity": LENA, **choices})["code"]
    short = good(exchange(sandbox, code))["access_token"]
    form = {"grant_type": "fb_exchange_token", "fb_exchange_token": short}
    return Graph(sandbox, good(token_call(sandbox, **form))["access_token"], FBL)


def pages(user):
    rows = good(user.get("me/accounts", fields=ACCOUNTS, limit=100))["data"]
    return {row["name"]: row for row in rows}


def test_refusal_in_facebook_s_words(dialog):
    back = dialog().decide("cancel")
    assert back["error_description"] == "Permissions error"
    assert (back["error_reason"], back["state"]) == ("user_denied", "xyz")


@pytest.mark.parametrize("place", ["params", "data"])
def test_the_code_is_exchanged_by_get_and_by_post(sandbox, dialog, place):
    code = dialog().decide("allow", identity=LENA)["code"]
    form = {**APP, "code": code, "redirect_uri": BACK}
    graph = Graph(sandbox, "", FBL)
    method = "GET" if place == "params" else "POST"
    answer = good(graph.call(method, "oauth/access_token", **{place: form}))
    assert answer["access_token"].startswith("EAA")
    assert answer["expires_in"] <= 5177


def test_a_code_works_once(sandbox, dialog):
    code = dialog().decide("allow", identity=LENA)["code"]
    good(exchange(sandbox, code))
    assert refusal(exchange(sandbox, code))[0] == 100


def test_accounts_show_pages_tasks_and_linked_accounts(sandbox, dialog):
    found = pages(signed_in(sandbox, dialog()))
    studio = found["Lena Studio"]["instagram_business_account"]
    assert (studio["id"], studio["username"]) == (LENA_STUDIO, "lena.studio")
    assert found["Northtrail Gear"]["tasks"] == ["CREATE_CONTENT", "ANALYZE"]
    assert "instagram_business_account" not in found["Lena's Old Page"]
    assert "Miro Cooks" not in found


def test_a_personal_account_is_not_listed(sandbox, dialog):
    """R-C7: by Facebook a personal account does not even appear."""
    found = pages(signed_in(sandbox, dialog(), identity=MIRO))
    assert "instagram_business_account" not in found["Juno's Diary"]
    assert "instagram_business_account" in found["Miro Cooks"]


def test_a_role_without_content_cannot_publish(sandbox, dialog):
    user = signed_in(sandbox, dialog())
    harbor = pages(user)["Harbor Coffee"]
    account = harbor["instagram_business_account"]["id"]
    answer = user.post(f"{account}/media", image_url="http://127.0.0.1/x.jpg")
    assert refusal(answer) == (200, 0)


def test_left_out_assets_are_neither_listed_nor_reached(sandbox, dialog):
    page = dialog()
    keep = [asset for asset in page.values("asset") if asset != NORTHTRAIL]
    user = signed_in(sandbox, page, asset=keep)
    assert "instagram_business_account" not in pages(user)["Northtrail Gear"]
    assert refusal(user.get(NORTHTRAIL, fields="username")) == (100, 33)


def test_lists_come_in_pages(sandbox, dialog):
    user = signed_in(sandbox, dialog())
    first = good(user.get("me/accounts", fields="name", limit=3))
    assert len(first["data"]) == 3
    address = first["paging"]["next"].replace("https:/", sandbox.url)
    second = good(requests.get(address, timeout=30))
    assert len(second["data"]) == 1
    assert "next" not in second["paging"]


def test_page_tokens_of_a_long_user_token_have_no_end(sandbox, dialog):
    user = signed_in(sandbox, dialog())
    token = pages(user)["Lena Studio"]["access_token"]
    assert token == pages(user)["Lena Studio"]["access_token"]
    sandbox.advance(61 * 86_400)
    by_page = Graph(sandbox, token, FBL)
    assert good(by_page.get(LENA_STUDIO, fields="username"))
    assert refusal(user.get("me")) == (190, 463)


def test_a_page_token_may_be_the_wrong_one_for_reads(sandbox, web):
    """Fact sheet 2.2: some reads give 100/33 with the Page token."""
    lena = page_profile(sandbox, "lena.studio")
    by_page = Graph(sandbox, lena.minted["page_access_token"], FBL)
    sandbox.set(fetch_media=False, **{"instagram.page_token_reads": False})
    form = {"image_url": "http://127.0.0.1/x.jpg"}
    container = good(by_page.post(f"{lena.id}/media", **form))["id"]
    assert refusal(by_page.get(container, fields="status_code")) == (100, 33)
    assert lena.status(container)["status_code"] == "FINISHED"


def test_permissions_tell_granted_and_declined(sandbox, dialog):
    kept = [name for name in SCOPES if name != "instagram_content_publish"]
    user = signed_in(sandbox, dialog(), scope=kept)
    rows = good(user.get("me/permissions"))["data"]
    found = {row["permission"]: row["status"] for row in rows}
    assert found["instagram_basic"] == "granted"
    assert found["instagram_content_publish"] == "declined"


def test_a_declined_permission_stays_so_without_rerequest(sandbox, dialog):
    kept = [name for name in SCOPES if name != "instagram_content_publish"]
    signed_in(sandbox, dialog(), scope=kept)
    again = signed_in(sandbox, dialog())
    assert statuses(again)["instagram_content_publish"] == "declined"
    asked_anew = signed_in(sandbox, dialog(auth_type="rerequest"))
    assert statuses(asked_anew)["instagram_content_publish"] == "granted"


def statuses(user):
    rows = good(user.get("me/permissions"))["data"]
    return {row["permission"]: row["status"] for row in rows}


def test_login_for_business_is_all_or_nothing(sandbox, dialog):
    user = signed_in(sandbox, dialog(config_id="77"), scope=SCOPES[1:])
    assert set(statuses(user).values()) == {"declined"}


def test_withdrawing_one_permission_and_then_the_app(sandbox, dialog):
    user = signed_in(sandbox, dialog())
    page_token = pages(user)["Lena Studio"]["access_token"]
    good(user.delete("me/permissions/instagram_basic"))
    assert refusal(user.get(LENA_STUDIO, fields="username")) == (10, 0)
    assert good(user.delete("me/permissions")) == {"success": True}
    assert refusal(user.get("me")) == (190, 458)
    assert refusal(Graph(sandbox, page_token, FBL).get("me")) == (190, 458)


def inspect(user, token):
    query = {"input_token": token, "access_token": "app-1|secret"}
    return good(user.call("GET", "debug_token", params=query))["data"]


def test_debug_token_tells_scopes_targets_and_dates(sandbox, dialog):
    page = dialog()
    user = signed_in(sandbox, page)
    facts = inspect(user, user.token)
    assert facts["is_valid"] is True
    assert (facts["app_id"], facts["type"], facts["user_id"]) == ("app-1", "USER", LENA)
    assert facts["scopes"] == SCOPES
    assert LENA_STUDIO in facts["granular_scopes"][0]["target_ids"]
    assert facts["expires_at"] > facts["issued_at"]
    page_token = pages(user)["Lena Studio"]["access_token"]
    assert inspect(user, page_token)["expires_at"] == 0


def test_debug_token_tells_why_a_token_is_dead(sandbox, dialog):
    user = signed_in(sandbox, dialog())
    sandbox.revoke("facebook", LENA, "password")
    facts = inspect(user, user.token)
    assert (facts["is_valid"], facts["error"]["subcode"]) == (False, 460)
    assert inspect(user, "EAAnever")["error"]["code"] == 190


def test_killing_the_account_s_tokens_reaches_facebook_s_too(sandbox, lena_page):
    assert sandbox.revoke("instagram", "lena.studio") >= 2
    assert refusal(lena_page.get(lena_page.id)) == (190, 458)


def test_an_account_without_page_gets_one_with_its_token(sandbox):
    sandbox.identity("instagram", handle="new.here", kind="creator")
    new = page_profile(sandbox, "new.here")
    assert good(new.get(new.id, fields="username"))["username"] == "new.here"
    answer = new.get(new.id, fields="account_type")
    assert refusal(answer) == (100, 0)


def test_places_are_found_for_locations(sandbox, lena_page):
    rows = good(lena_page.get("pages/search", q="blue door", fields="id,name,location"))
    assert [row["name"] for row in rows["data"]] == [
        "Blue Door Cafe",
        "Blue Door Bakery",
    ]


def test_the_page_itself_can_be_read(sandbox, dialog):
    user = signed_in(sandbox, dialog())
    ident = pages(user)["Lena Studio"]["id"]
    node = good(user.get(ident, fields=f"name,{LINKED}"))
    assert node["instagram_business_account"]["username"] == "lena.studio"
