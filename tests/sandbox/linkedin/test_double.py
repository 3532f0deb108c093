"""LinkedIn's double: two kinds of apps, tokens, versions, members, roles."""

from __future__ import annotations

import pytest
import requests

from tests.sandbox.browserless import ConsentPage

BACK = "https://later.example.test/connect/linkedin/callback/"
MEMBER = "openid profile w_member_social"
PAGES = "r_basicprofile r_organization_admin w_member_social w_organization_social"
ASKED = {
    "client_id": "86app",
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": PAGES,
    "state": "xyz",
}
KEYS = {"client_id": "86app", "client_secret": "secret"}
ADA, ADA_ID, BEN = "ada-example", "li000001", "ben-freelance"
REST = {"Linkedin-Version": "202609", "X-Restli-Protocol-Version": "2.0.0"}
DAY_S = 86_400


@pytest.fixture
def dialog(sandbox):
    def act(**changes):
        query = {**ASKED, **changes}
        address = f"{sandbox.url}/www.linkedin.com/oauth/v2/authorization"
        return ConsentPage(address, {k: v for k, v in query.items() if v})

    return act


@pytest.fixture
def give(sandbox):
    def act(path="accessToken", **form):
        url = f"{sandbox.url}/www.linkedin.com/oauth/v2/{path}"
        sent = {**KEYS, **form}
        return requests.post(url, data=sent, timeout=30)

    return act


@pytest.fixture
def exchange(give):
    def act(code):
        kind = "authorization_code"
        return give(grant_type=kind, code=code, redirect_uri=BACK)

    return act


@pytest.fixture
def ask(sandbox):
    def act(path, token, headers=REST, **params):
        url = f"{sandbox.url}/api.linkedin.com/{path}"
        sent = {"Authorization": f"Bearer {token}", **headers}
        return requests.get(url, headers=sent, params=params, timeout=30)

    return act


def minted(sandbox, who=ADA, scopes=PAGES, app="86app"):
    return sandbox.token("linkedin", who, app=app, scopes=scopes.split())


def refreshed(give, token):
    return give(grant_type="refresh_token", refresh_token=token)


def organization(sandbox, handle):
    found = sandbox.identities("linkedin")
    return next(each["id"] for each in found if each["handle"] == handle)


def roles_of(ask, token, **params):
    return ask("rest/organizationAcls", token, q="roleAssignee", **params)


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": ""},
        {"response_type": "token"},
        {"scope": "openid,profile,w_member_social"},
        {"redirect_uri": ""},
    ],
)
def test_another_dialect_is_refused(dialog, changes):
    assert dialog(**changes).answer.status_code == 400


@pytest.mark.parametrize("scope", [f"{MEMBER} {PAGES}", "r_ads"])
def test_a_scope_the_app_lacks_ends_the_flow(sandbox, scope):
    answer = requests.get(
        f"{sandbox.url}/www.linkedin.com/oauth/v2/authorization",
        params={**ASKED, "scope": scope},
        allow_redirects=False,
        timeout=30,
    )
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"{BACK}?error=unauthorized_scope")
    assert "state=xyz" in answer.headers["Location"]


def test_cancelling(dialog):
    back = dialog().decide("cancel")
    assert (back["error"], back["state"]) == ("user_cancelled_authorize", "xyz")


def test_there_are_no_boxes(dialog, exchange):
    code = dialog(scope=MEMBER).decide("allow", identity=ADA_ID, scope=[])["code"]
    assert exchange(code).json()["scope"] == MEMBER.replace(" ", ",")


def test_only_an_app_for_pages_gets_a_refresh_token(dialog, exchange, sandbox):
    def given(scope):
        code = dialog(scope=scope).decide("allow", identity=ADA_ID)["code"]
        return exchange(code).json()

    assert "refresh_token" not in given(MEMBER)
    answer = given(PAGES)
    assert answer["expires_in"] == 60 * DAY_S
    assert answer["refresh_token_expires_in"] == 365 * DAY_S
    sandbox.set(**{"linkedin.refresh_tokens": False})
    assert "refresh_token" not in given(PAGES)


def test_a_code_works_once(dialog, exchange):
    code = dialog().decide("allow", identity=ADA_ID)["code"]
    assert exchange(code).ok
    again = exchange(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_request")


def test_keys_come_in_the_form(give):
    refused = give(grant_type="refresh_token", client_secret="")
    assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
    assert give(grant_type="password").json()["error"] == "invalid_request"


def test_asking_for_other_scopes_ends_what_was_granted(dialog, exchange, ask):
    def given(scope):
        code = dialog(scope=scope).decide("allow", identity=ADA_ID)["code"]
        return exchange(code).json()["access_token"]

    first = given(PAGES)
    assert given(PAGES)
    assert ask("v2/me", first).ok
    given("r_basicprofile w_organization_social")
    assert ask("v2/me", first).json()["serviceErrorCode"] == 65601


def test_the_year_of_renewals_isnt_prolonged(sandbox, give):
    token = minted(sandbox)["refresh_token"]
    sandbox.advance(100 * DAY_S)
    answer = refreshed(give, token).json()
    assert answer["refresh_token"] == token
    assert 264 * DAY_S < answer["refresh_token_expires_in"] <= 265 * DAY_S
    sandbox.set(**{"linkedin.repeats_refresh_token": False})
    assert "refresh_token" not in refreshed(give, token).json()
    sandbox.advance(266 * DAY_S)
    assert refreshed(give, token).json()["error"] == "invalid_grant"


def test_another_app_cant_renew(sandbox, give):
    token = minted(sandbox)["refresh_token"]
    refused = give(grant_type="refresh_token", refresh_token=token, client_id="x")
    assert refused.json()["error"] == "unauthorized_client"


def test_introspection_tells_state_and_scopes(sandbox, give):
    token = minted(sandbox)["access_token"]
    told = give("introspectToken", token=token).json()
    assert (told["active"], told["status"]) == (True, "active")
    assert told["scope"] == PAGES.replace(" ", ",")
    assert told["expires_at"] - told["created_at"] == 60 * DAY_S
    sandbox.advance(61 * DAY_S)
    assert give("introspectToken", token=token).json()["status"] == "expired"
    assert give("introspectToken", token="x").json() == {"active": False}
    assert give("introspectToken", token=token, client_id="x").json() == {
        "active": False
    }


def test_revoking_ends_the_grant_and_says_nothing(sandbox, give, ask):
    given = minted(sandbox)
    answer = give("revoke", token=given["access_token"])
    assert (answer.status_code, answer.content) == (200, b"")
    assert ask("v2/me", given["access_token"]).status_code == 401
    assert refreshed(give, given["refresh_token"]).status_code == 400
    assert give("revoke", token="x").status_code == 400


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 400, "VERSION_MISSING"),
        ({**REST, "Linkedin-Version": "202401"}, 426, "NONEXISTENT_VERSION"),
        ({**REST, "Linkedin-Version": "209901"}, 426, "NONEXISTENT_VERSION"),
        ({**REST, "Linkedin-Version": "202613"}, 426, "NONEXISTENT_VERSION"),
        ({"Linkedin-Version": "202609"}, 400, "INVALID_VALUE_FOR_FIELD"),
    ],
)
def test_a_living_version_and_protocol_are_needed(sandbox, ask, headers, status, code):
    token = minted(sandbox)["access_token"]
    answer = roles_of(ask, token, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_version_dies_after_a_year(sandbox, ask):
    sandbox.advance(400 * DAY_S)
    token = minted(sandbox)["access_token"]
    assert roles_of(ask, token).status_code == 426


def test_each_app_knows_a_member_by_another_id(sandbox, ask):
    def told(scopes, path, app):
        token = minted(sandbox, scopes=scopes, app=app)["access_token"]
        return ask(path, token).json()

    one, other = (told(MEMBER, "v2/userinfo", app)["sub"] for app in ("a", "b"))
    assert one != other
    me = told(PAGES, "v2/me", "a")
    assert (me["id"], me["localizedFirstName"]) == (one, "Ada")


def test_userinfo_tells_what_was_granted(sandbox, ask):
    whole = minted(sandbox, scopes=MEMBER)["access_token"]
    assert ask("v2/userinfo", whole).json()["name"] == "Ada Example"
    bare = minted(sandbox, scopes="openid")["access_token"]
    assert list(ask("v2/userinfo", bare).json()) == ["sub"]
    assert ask("v2/me", whole).json()["code"] == "ACCESS_DENIED"


def test_roles_are_listed_in_pages(sandbox, ask):
    token = minted(sandbox)["access_token"]
    whole = roles_of(ask, token, count=100).json()
    assert whole["paging"]["total"] == 5
    first, second = whole["elements"][1:3]
    assert first["organization"] == second["organization"]
    assert (first["role"], second["role"]) == ("ANALYST", "ADMINISTRATOR")
    part = roles_of(ask, token, start=3, count=2).json()
    assert part["elements"] == whole["elements"][3:]
    assert ask("rest/organizationAcls", token).status_code == 400


def test_the_field_of_a_role_may_have_another_name(sandbox, ask):
    sandbox.set(**{"linkedin.role_field": "organizationTarget"})
    (role, *_) = roles_of(ask, minted(sandbox)["access_token"]).json()["elements"]
    assert "organization" not in role
    assert role["organizationTarget"].startswith("urn:li:organization:")


def test_names_are_looked_up_in_linkedins_grammar(sandbox, ask):
    token, yoga = minted(sandbox)["access_token"], organization(sandbox, "fjord-yoga")
    answer = ask(f"rest/organizationsLookup?ids=List({yoga},99)", token).json()
    assert answer["results"][yoga]["localizedName"] == "Fjord Yoga"
    assert answer["results"][yoga]["vanityName"] == "fjord-yoga"
    assert answer["statuses"] == {"99": 404}
    assert ask("rest/organizationsLookup", token, ids=yoga).status_code == 400


def test_a_lost_role_is_gone(sandbox, ask):
    token = minted(sandbox)["access_token"]
    sandbox.revoke("linkedin", organization(sandbox, "fjord-yoga"), "role")
    assert roles_of(ask, token).json()["paging"]["total"] == 4
    assert ask("v2/me", token).ok


def test_a_removed_app_is_revoked(sandbox, ask):
    token = minted(sandbox)["access_token"]
    sandbox.revoke("linkedin", ADA)
    assert ask("v2/me", token).json()["code"] == "REVOKED_ACCESS_TOKEN"
    assert ask("v2/me", "x").json()["code"] == "INVALID_ACCESS_TOKEN"


def test_sixty_days_are_the_end(sandbox, ask):
    token = minted(sandbox)["access_token"]
    sandbox.advance(60 * DAY_S + 1)
    assert ask("v2/me", token).json()["code"] == "EXPIRED_ACCESS_TOKEN"


def test_faults_have_linkedins_shapes(sandbox, give, ask):
    given = minted(sandbox)
    sandbox.fault("error", platform="linkedin", step="me", status=500)
    assert ask("v2/me", given["access_token"]).json()["status"] == 500
    sandbox.fault("error", platform="linkedin", step="refresh", status=500)
    assert refreshed(give, given["refresh_token"]).json()["error"] == "server_error"
    sandbox.fault("rate_limited", platform="linkedin", step="me", retry_after=7)
    answer = ask("v2/me", given["access_token"])
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")


def test_pages_and_roles_are_made_by_name(sandbox, ask):
    extra = {"roles": {BEN: ["CURATOR"]}}
    page = {"kind": "organization", "handle": "bens-barn", "extra": extra}
    sandbox.identity("linkedin", **page)
    token = minted(sandbox, BEN)["access_token"]
    (role,) = roles_of(ask, token).json()["elements"]
    assert role["role"] == "CURATOR"


@pytest.mark.parametrize(
    "wish",
    [
        {"handle": "No Spaces"},
        {"handle": "x1", "extra": {"roles": {"nobody": ["ANALYST"]}}},
        {"handle": "x2", "extra": {"roles": {ADA: ["BOSS"]}}},
    ],
)
def test_odd_organizations_are_refused(sandbox, wish):
    with pytest.raises(AssertionError):
        sandbox.identity("linkedin", kind="organization", **wish)


def test_only_members_hold_tokens(sandbox):
    with pytest.raises(AssertionError, match="for members"):
        minted(sandbox, organization(sandbox, "fjord-yoga"))


def test_a_members_picture_is_drawn(sandbox):
    base = f"{sandbox.url}/media.licdn.com/members"
    assert requests.get(f"{base}/{ADA_ID}.jpg", timeout=30).content[:2] == b"\xff\xd8"
    assert requests.get(f"{base}/nobody.jpg", timeout=30).status_code == 404
