"""Sign-in without Facebook: consent, exchange, long token, refresh, endings."""

from __future__ import annotations

import pytest
import requests

from tests.sandbox.browserless import ConsentPage
from tests.sandbox.instagram.graph import Graph, good, profile, refusal

BACK = "http://127.0.0.1:8000/connect/instagram/callback"
BASIC, PUBLISH = "instagram_business_basic", "instagram_business_content_publish"
LENA = "17841400000000001"
DAY = 86_400


@pytest.fixture
def consent(sandbox):
    """The consent page with both scopes asked for."""
    query = {
        "client_id": "app-1",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": f"{BASIC},{PUBLISH}",
        "state": "s t/a&te",
    }
    return ConsentPage(f"{sandbox.url}/www.instagram.com/oauth/authorize", query)


def exchange(sandbox, code, /, **changes):
    form = {
        "client_id": "app-1",
        "client_secret": "secret",
        "grant_type": "authorization_code",
        "redirect_uri": BACK,
        "code": code,
        **changes,
    }
    # The guide sends multipart, which requests makes of `files`.
    files = {name: (None, value) for name, value in form.items()}
    address = f"{sandbox.url}/api.instagram.com/oauth/access_token"
    return requests.post(address, files=files, timeout=30)


def graph(sandbox, path, **query):
    address = f"{sandbox.url}/graph.instagram.com/{path}"
    return requests.get(address, params=query, timeout=30)


def lengthen(sandbox, token):
    query = {"grant_type": "ig_exchange_token", "client_secret": "secret"}
    return graph(sandbox, "access_token", access_token=token, **query)


def refresh(sandbox, token):
    query = {"grant_type": "ig_refresh_token", "access_token": token}
    return graph(sandbox, "refresh_access_token", **query)


def test_allow_brings_a_code_the_state_and_the_odd_fragment(consent):
    back = consent.decide("allow", identity=LENA)
    assert back["address"] == BACK
    assert back["state"] == "s t/a&te"
    assert back["#"] == "_"
    assert back["code"]


def test_cancel_brings_the_documented_parameters(consent):
    back = consent.decide("cancel")
    assert back["error"] == "access_denied"
    assert back["error_reason"] == "user_denied"
    assert back["error_description"] == "The user denied your request"
    assert back["state"] == "s t/a&te"


def test_the_page_offers_every_account_and_permission(consent):
    assert LENA in consent.values("identity")
    assert consent.values("scope") == [BASIC, PUBLISH]
    assert consent.values("decision") == ["allow", "cancel"]


def test_the_guide_s_answer_wraps_the_token_in_a_list(sandbox, consent):
    code = consent.decide("allow", identity=LENA)["code"]
    [row] = good(exchange(sandbox, code))["data"]
    assert row["user_id"] == LENA
    assert row["permissions"] == f"{BASIC},{PUBLISH}"
    assert row["access_token"].startswith("IGAA")


def test_the_field_s_answer_is_flat_with_a_bare_number(sandbox, consent):
    sandbox.set(**{"instagram.token_shape": "flat"})
    code = consent.decide("allow", identity=LENA)["code"]
    answer = good(exchange(sandbox, code))
    assert answer["user_id"] == int(LENA)
    assert answer["permissions"] == [BASIC, PUBLISH]


def test_an_unticked_permission_is_missing_from_the_answer(sandbox, consent):
    """R-C4, acceptance case 11."""
    code = consent.decide("allow", identity=LENA, scope=[BASIC])["code"]
    [row] = good(exchange(sandbox, code))["data"]
    assert row["permissions"] == BASIC
    lena = Graph(sandbox, row["access_token"])
    answer = lena.post(f"{LENA}/media", image_url="http://127.0.0.1/x.jpg")
    assert refusal(answer) == (10, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": BACK + "/"},
        {"client_id": "app-2"},
        {"code": "AQBwrong"},
        {"client_secret": ""},
        {"grant_type": "password"},
    ],
)
def test_an_exchange_must_fit_the_request(sandbox, consent, change):
    code = consent.decide("allow", identity=LENA)["code"]
    answer = exchange(sandbox, code, **change)
    assert answer.status_code == 400
    assert set(answer.json()) == {"error_type", "code", "error_message"}


def test_a_code_is_good_once_and_for_an_hour(sandbox, consent):
    first = consent.decide("allow", identity=LENA)["code"]
    assert exchange(sandbox, first).status_code == 200
    assert exchange(sandbox, first).status_code == 400
    second = consent.decide("allow", identity=LENA)["code"]
    sandbox.advance(3601)
    assert exchange(sandbox, second).status_code == 400


def test_a_short_token_lives_an_hour_and_becomes_a_long_one(sandbox, consent):
    code = consent.decide("allow", identity=LENA)["code"]
    short = good(exchange(sandbox, code))["data"][0]["access_token"]
    long = good(lengthen(sandbox, short))
    assert long["token_type"] == "bearer"
    assert 59 * DAY < long["expires_in"] <= 60 * DAY
    sandbox.advance(3601)
    assert refusal(lengthen(sandbox, short)) == (190, 463)
    assert good(graph(sandbox, "me", access_token=long["access_token"]))


def test_refreshing_needs_a_day_of_age_and_counts_anew(sandbox):
    token = sandbox.token("instagram", "lena.studio")["access_token"]
    assert refusal(refresh(sandbox, token)) == (100, 0)
    sandbox.advance(30 * DAY)
    new = good(refresh(sandbox, token))
    assert new["access_token"] != token
    assert 59 * DAY < new["expires_in"] <= 60 * DAY
    assert PUBLISH in new["permissions"]
    sandbox.advance(31 * DAY)
    assert refusal(refresh(sandbox, token)) == (190, 463)
    assert good(graph(sandbox, "me", access_token=new["access_token"]))


def test_refreshing_needs_the_basic_permission(sandbox):
    token = sandbox.token("instagram", "lena.studio", age_s=2 * DAY)["access_token"]
    sandbox.remove_permissions("instagram", "lena.studio", BASIC)
    assert refusal(refresh(sandbox, token)) == (10, 0)


@pytest.mark.parametrize(
    ("reason", "subcode"), [("", 458), ("removed", 458), ("password", 460)]
)
def test_a_revoked_token_tells_why(sandbox, lena, reason, subcode):
    assert sandbox.revoke("instagram", "lena.studio", reason) == 1
    assert refusal(lena.get("me")) == (190, subcode)


def test_an_expired_token(sandbox, lena):
    """Acceptance case 10."""
    sandbox.expire("instagram", "lena.studio")
    assert refusal(lena.get("me")) == (190, 463)


@pytest.mark.parametrize("token", ["", "IGAAinvented"])
def test_no_and_unknown_tokens(sandbox, token):
    assert refusal(Graph(sandbox, token).get("me")) == (190, 0)


def test_the_lifetime_of_tokens_is_a_setting(sandbox):
    sandbox.set(token_lifetime_s=120)
    assert sandbox.token("instagram", "lena.studio")["expires_in"] <= 120


def test_both_ids_and_the_account_type_are_read_from_me(lena):
    fields = "id,user_id,username,account_type,followers_count"
    me = good(lena.get("me", fields=fields))
    assert me["user_id"] == lena.id != me["id"]
    assert (me["username"], me["account_type"]) == ("lena.studio", "BUSINESS")


def test_a_personal_account_is_known_by_its_type_and_may_nothing(sandbox):
    """R-C7: business or creator only."""
    juno = profile(sandbox, "juno.diary")
    fields = "account_type"
    assert good(juno.get("me", fields=fields))["account_type"] == "PERSONAL"
    form = {"image_url": "http://127.0.0.1/x.jpg"}
    assert refusal(juno.post(f"{juno.id}/media", **form)) == (10, 0)


@pytest.mark.parametrize("version", ["v21.0/", "v26.0/", "v99.9/", ""])
def test_any_version_will_do(sandbox, lena, version):
    assert good(graph(sandbox, f"{version}me", access_token=lena.token))


def test_a_bearer_header_is_as_good_as_a_parameter(sandbox, lena):
    headers = {"Authorization": f"Bearer {lena.token}"}
    address = f"{sandbox.url}/graph.instagram.com/v26.0/me"
    assert good(requests.get(address, headers=headers, timeout=30))


def test_tokens_are_for_their_own_dialect(sandbox, lena, lena_page):
    by_facebook = Graph(sandbox, lena.token, "graph.facebook.com/v26.0")
    assert refusal(by_facebook.get(lena.id)) == (190, 0)
    assert refusal(Graph(sandbox, lena_page.token).get(lena.id)) == (190, 0)


def test_one_account_s_token_does_not_see_another(sandbox, lena):
    other = profile(sandbox, "northtrail.gear")
    assert refusal(lena.get(other.id, fields="username")) == (100, 33)


def test_answers_carry_usage_headers(sandbox, lena):
    sandbox.set(**{"instagram.usage_percent": 91})
    headers = lena.get(lena.id, fields="username").headers
    assert '"call_count": 91' in headers["X-App-Usage"]
    assert lena.id in headers["X-Business-Use-Case-Usage"]


def test_rate_limits_come_in_meta_s_own_shape(sandbox, lena):
    rule = {"platform": "instagram", "step": "me", "retry_after": 700}
    sandbox.fault("rate_limited", **rule)
    answer = lena.get("me")
    assert refusal(answer) == (80002, 0)
    usage = answer.headers["X-Business-Use-Case-Usage"]
    assert '"estimated_time_to_regain_access": 12' in usage
    assert "Retry-After" not in answer.headers


def test_a_generic_rate_limit_is_http_s(sandbox, lena):
    rule = {"platform": "instagram", "retry_after": 37, "generic": True}
    sandbox.fault("rate_limited", **rule)
    answer = lena.get("me")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "37")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"status": 500}, (500, 2)),
        ({"status": 400, "detail": {"code": 4, "subcode": 2207051}}, (400, 4)),
        ({"status": 200, "detail": {"code": 1}}, (200, 1)),
    ],
)
def test_errors_wear_the_graph_s_envelope(sandbox, lena, rule, expected):
    sandbox.fault("error", platform="instagram", step="me", **rule)
    answer = lena.get("me")
    assert (answer.status_code, answer.json()["error"]["code"]) == expected
