"""Google's double: tick boxes, refresh tokens, revocation, accounts and locations."""

from __future__ import annotations

import pytest
import requests

from tests.sandbox.browserless import ConsentPage

BACK = "https://later.example.test/connect/google_business/callback/"
MANAGE = "https://www.googleapis.com/auth/business.manage"
ASKED = {
    "client_id": "345-app",
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": f"{MANAGE} openid",
    "state": "xyz",
    "access_type": "offline",
    "prompt": "consent",
}
KEYS = {"client_id": "345-app", "client_secret": "secret"}
ROSA, IDA = "rosa@corner.example", "ida@bakes.example"
ROSA_ID = "100000000000000000001"
API = {
    "accounts": "mybusinessaccountmanagement.googleapis.com/v1/accounts",
    "places": "mybusinessbusinessinformation.googleapis.com/v1",
    "merchant": "mybusinessverifications.googleapis.com/v1",
}
MASK = {"readMask": "name,title,storefrontAddress,metadata"}


@pytest.fixture
def dialog(sandbox):
    def act(**changes):
        query = {**ASKED, **changes}
        address = f"{sandbox.url}/accounts.google.com/o/oauth2/v2/auth"
        return ConsentPage(address, {k: v for k, v in query.items() if v})

    return act


@pytest.fixture
def give(sandbox):
    def act(path="token", **form):
        url = f"{sandbox.url}/oauth2.googleapis.com/{path}"
        return requests.post(url, data={**KEYS, **form}, timeout=30)

    return act


@pytest.fixture
def exchange(give):
    def act(code):
        kind = "authorization_code"
        return give(grant_type=kind, code=code, redirect_uri=BACK)

    return act


@pytest.fixture
def ask(sandbox):
    def act(place, token, path="", **params):
        url = f"{sandbox.url}/{API[place]}{path}"
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(url, headers=headers, params=params, timeout=30)

    return act


def refreshed(give, token):
    return give(grant_type="refresh_token", refresh_token=token)


def minted(sandbox, who=ROSA, **wish):
    return sandbox.token("google_business", who, app="345-app", **wish)


def places(sandbox):
    found = sandbox.identities("google_business")
    return {i["name"]: i["id"] for i in found if i["kind"] == "location"}


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": ""},
        {"response_type": "token"},
        {"scope": f"{MANAGE},openid"},
        {"scope": f"{MANAGE} https://www.googleapis.com/auth/drive"},
        {"scope": ""},
    ],
)
def test_another_dialect_is_refused(dialog, changes):
    assert dialog(**changes).answer.status_code == 400


def test_signing_in_scopes_have_no_box_of_their_own(dialog, exchange):
    back = dialog().decide("allow", identity=ROSA_ID, scope=[])
    answer = exchange(back["code"]).json()
    assert answer["scope"] == "openid"
    assert back["state"] == "xyz"


def test_a_single_scope_is_all_or_nothing(dialog, exchange):
    back = dialog(scope=MANAGE).decide("allow", identity=ROSA_ID, scope=[])
    answer = exchange(back["code"]).json()
    assert answer["scope"] == MANAGE
    assert "id_token" not in answer


def test_cancelling(dialog):
    assert dialog().decide("cancel")["error"] == "access_denied"


def test_a_refresh_token_comes_with_consent_or_the_first_time(dialog, exchange):
    def came(**changes):
        code = dialog(**changes).decide("allow", identity=ROSA_ID)["code"]
        return "refresh_token" in exchange(code).json()

    assert not came(access_type="")
    assert not came(prompt="select_account")
    assert came()


def test_a_code_works_once(dialog, exchange):
    code = dialog().decide("allow", identity=ROSA_ID)["code"]
    assert "/" in code
    first = exchange(code).json()
    assert (first["expires_in"], first["token_type"]) == (3_599, "Bearer")
    second = exchange(code)
    assert (second.status_code, second.json()["error"]) == (400, "invalid_grant")


def test_renewing_brings_no_refresh_token_and_uses_none_up(sandbox, give):
    token = minted(sandbox)["refresh_token"]
    for _ in range(2):
        answer = refreshed(give, token).json()
        assert answer["access_token"].startswith("ya29.")
        assert "refresh_token" not in answer


def test_another_apps_keys_are_refused(sandbox, give):
    token = minted(sandbox)["refresh_token"]
    kind = {"grant_type": "refresh_token", "refresh_token": token}
    assert give(**kind, client_id="other").json()["error"] == "unauthorized_client"
    assert give(**kind, client_secret="").status_code == 401


@pytest.mark.parametrize(
    ("reason", "error", "subtype"),
    [
        ("", "invalid_grant", None),
        ("rapt", "invalid_grant", "invalid_rapt"),
        ("admin", "admin_policy_enforced", None),
    ],
)
def test_a_withdrawn_access_says_so_at_the_renewal(
    sandbox, give, reason, error, subtype
):
    token = minted(sandbox)["refresh_token"]
    sandbox.revoke("google_business", ROSA, reason)
    answer = refreshed(give, token).json()
    assert (answer["error"], answer.get("error_subtype")) == (error, subtype)


def test_half_a_year_unused_is_the_end(sandbox, give):
    token = minted(sandbox)["refresh_token"]
    sandbox.advance(120 * 86_400)
    assert refreshed(give, token).ok
    sandbox.advance(120 * 86_400)
    assert refreshed(give, token).ok
    sandbox.advance(184 * 86_400)
    assert refreshed(give, token).json()["error"] == "invalid_grant"


def test_in_testing_a_week_is_the_end(sandbox, give):
    sandbox.set(**{"google_business.testing_mode": True})
    answer = minted(sandbox)
    assert answer["refresh_token_expires_in"] == 604_800
    sandbox.advance(604_801)
    assert refreshed(give, answer["refresh_token"]).status_code == 400


def test_the_hundred_and_first_token_drops_the_oldest(sandbox, give):
    first = minted(sandbox)["refresh_token"]
    others = [minted(sandbox)["refresh_token"] for _ in range(100)]
    assert refreshed(give, first).json()["error"] == "invalid_grant"
    assert refreshed(give, others[0]).ok


def test_revoking_one_ends_all_of_the_app(sandbox, give, ask):
    first, second = minted(sandbox), minted(sandbox)
    foreign = sandbox.token("google_business", ROSA, app="other")
    assert give("revoke", token=first["access_token"]).json() == {}
    assert refreshed(give, second["refresh_token"]).status_code == 400
    assert ask("accounts", foreign["access_token"]).ok
    again = give("revoke", token=first["access_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_token")


def test_a_personal_account_names_no_role(sandbox, ask):
    found = ask("accounts", minted(sandbox)["access_token"]).json()["accounts"]
    roles = {each["type"]: each.get("role") for each in found}
    assert roles["PERSONAL"] is None
    assert [e["role"] for e in found[1:]] == ["OWNER", "MANAGER", "SITE_MANAGER"]


def test_pages_follow_each_other(sandbox, ask):
    sandbox.set(**{"google_business.page_size": 3})
    token = minted(sandbox)["access_token"]
    first = ask("accounts", token).json()
    assert len(first["accounts"]) == 3
    rest = ask("accounts", token, pageToken=first["nextPageToken"]).json()
    assert len(rest["accounts"]) == 1
    assert "nextPageToken" not in rest


def account_named(ask, token, title):
    found = ask("accounts", token).json()["accounts"]
    return next(each["name"] for each in found if each["accountName"] == title)


def test_locations_need_a_read_mask(sandbox, ask):
    token = minted(sandbox)["access_token"]
    path = f"/{account_named(ask, token, 'Corner Coffee')}/locations"
    for params in ({}, {"readMask": "name,canOperateLocalPost"}):
        refused = ask("places", token, path, **params)
        assert refused.json()["error"]["status"] == "INVALID_ARGUMENT"
    found = ask("places", token, path, **MASK).json()["locations"]
    assert len(found) == 4
    assert found[0]["storefrontAddress"]["addressLines"] == ["12 Harbour St"]
    assert "websiteUri" not in found[2]


def test_what_is_false_or_empty_isnt_there(sandbox, ask):
    token = minted(sandbox)["access_token"]
    path = f"/{account_named(ask, token, 'Corner Coffee')}/locations"
    found = ask("places", token, path, **MASK).json()["locations"]
    catering, roastery = found[2], found[3]
    assert "storefrontAddress" not in catering
    assert "hasVoiceOfMerchant" not in roastery["metadata"]
    own = f"/{account_named(ask, token, 'Rosa Alvarez')}/locations"
    assert ask("places", token, own, **MASK).json() == {}


def test_ten_a_page_unless_more_are_asked_for(sandbox, ask):
    extra = {"owner": "tom@nothing.example"}
    for number in range(12):
        name = f"Stand {number}"
        sandbox.identity("google_business", kind="location", name=name, extra=extra)
    token = minted(sandbox, "tom@nothing.example")["access_token"]
    path = f"/{account_named(ask, token, 'Tom Nowhere')}/locations"
    assert len(ask("places", token, path, **MASK).json()["locations"]) == 10
    whole = ask("places", token, path, pageSize=500, **MASK).json()
    assert len(whole["locations"]) == 12


def test_a_wildcard_lists_each_once(sandbox, ask):
    token = minted(sandbox, IDA)["access_token"]
    found = ask("places", token, "/accounts/-/locations", **MASK).json()["locations"]
    assert sorted(each["title"] for each in found) == ["Fjord Yoga", "Ida Bakes"]


def test_others_accounts_and_locations_are_closed(sandbox, ask):
    rosa, ida = minted(sandbox)["access_token"], minted(sandbox, IDA)["access_token"]
    theirs = account_named(ask, rosa, "Corner Coffee")
    assert ask("places", ida, f"/{theirs}/locations", **MASK).status_code == 403
    roastery = f"/locations/{places(sandbox)['Corner Roastery']}"
    assert ask("places", ida, roastery, **MASK).status_code == 403
    assert ask("places", rosa, roastery, **MASK).ok
    assert ask("places", rosa, "/locations/1", **MASK).status_code == 404


def test_a_lost_role_closes_the_location(sandbox, ask):
    token, place = minted(sandbox)["access_token"], places(sandbox)["Corner Catering"]
    sandbox.revoke("google_business", place, "role")
    assert ask("places", token, f"/locations/{place}", **MASK).status_code == 403
    assert ask("accounts", token).ok


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Corner Catering", {"hasVoiceOfMerchant": True, "hasBusinessAuthority": True}),
        ("Old Town Inn", {"verify": {}}),
        (
            "Corner Roastery",
            {
                "complyWithGuidelines": {
                    "recommendationReason": "BUSINESS_LOCATION_SUSPENDED"
                }
            },
        ),
    ],
)
def test_a_location_tells_what_it_lacks(sandbox, ask, name, told):
    token = minted(sandbox)["access_token"]
    path = f"/locations/{places(sandbox)[name]}/VoiceOfMerchantState"
    assert ask("merchant", token, path).json() == told


def test_an_unknown_standing_is_refused(sandbox):
    wish = {"kind": "location", "extra": {"standing": "odd"}}
    with pytest.raises(AssertionError, match="standing must be"):
        sandbox.identity("google_business", **wish)
    with pytest.raises(AssertionError, match="no Google login"):
        sandbox.identity("google_business", kind="location", extra={"owner": "x"})


@pytest.mark.parametrize(
    ("switch", "status", "reason"),
    [
        ("approved", "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED"),
        ("enabled", "PERMISSION_DENIED", "SERVICE_DISABLED"),
    ],
)
def test_the_projects_own_troubles(sandbox, ask, switch, status, reason):
    sandbox.set(**{f"google_business.{switch}": False})
    error = ask("accounts", minted(sandbox)["access_token"]).json()["error"]
    assert (error["status"], error["details"][0]["reason"]) == (status, reason)


def test_the_scope_is_needed(sandbox, ask):
    token = minted(sandbox, scopes=["openid"])["access_token"]
    error = ask("accounts", token).json()["error"]
    assert error["details"][0]["reason"] == "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    sandbox.remove_permissions("google_business", ROSA, "openid")


def test_access_ends_after_an_hour(sandbox, ask):
    token = minted(sandbox)["access_token"]
    sandbox.advance(3_600)
    assert ask("accounts", token).json()["error"]["status"] == "UNAUTHENTICATED"
    assert ask("accounts", "").status_code == 401


def test_faults_have_googles_shapes(sandbox, give, ask):
    token = minted(sandbox)
    sandbox.fault("error", platform="google_business", step="accounts", status=503)
    error = ask("accounts", token["access_token"]).json()["error"]
    assert error["status"] == "UNAVAILABLE"
    sandbox.fault("error", platform="google_business", step="refresh", status=500)
    assert refreshed(give, token["refresh_token"]).json()["error"] == "internal_failure"
    sandbox.fault("rate_limited", platform="google_business", step="accounts")
    assert ask("accounts", token["access_token"]).status_code == 429


def test_only_logins_hold_tokens(sandbox):
    with pytest.raises(AssertionError, match="for logins"):
        minted(sandbox, places(sandbox)["Old Town Inn"])
