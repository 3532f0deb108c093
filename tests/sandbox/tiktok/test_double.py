"""TikTok's double: dialect, envelopes, rotation, creators, videos."""

from __future__ import annotations

import hashlib

import pytest
import requests

from tests.sandbox.browserless import ConsentPage

BACK = "https://later.example.test/connect/tiktok/callback/"
ASKED = {
    "client_key": "aw1",
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "user.info.basic,user.info.profile,video.publish,video.list",
    "state": "xyz",
}
KEYS = {"client_key": "aw1", "client_secret": "secret"}
MIRA, PETE, LOU = "mirabakes", "quiet.pete", "loud.lou"
MIRA_ID = "6800000000000000001"
API = "open.tiktokapis.com/v2"


@pytest.fixture
def dialog(sandbox):
    def act(**changes):
        query = {**ASKED, **changes}
        address = f"{sandbox.url}/www.tiktok.com/v2/auth/authorize/"
        return ConsentPage(address, {k: v for k, v in query.items() if v})

    return act


@pytest.fixture
def ask(sandbox):
    def act(method, path, token="", **how):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = f"{sandbox.url}/{API}/{path}"
        return requests.request(method, url, headers=headers, timeout=30, **how)

    return act


@pytest.fixture
def exchange(ask):
    def act(code, **more):
        form = {"grant_type": "authorization_code", "redirect_uri": BACK, **KEYS}
        return ask("POST", "oauth/token/", data={**form, "code": code, **more})

    return act


def code_of(answer):
    return answer.json()["error"]["code"]


def creator(ask, token):
    return ask("POST", "post/publish/creator_info/query/", token)


@pytest.mark.parametrize(
    "changes",
    [
        {"client_key": "", "client_id": "aw1"},
        {"scope": "user.info.basic video.publish"},
        {"scope": "video.publish"},
        {"scope": "user.info.basic,video.comments"},
        {"redirect_uri": BACK + "?tenant=1"},
    ],
)
def test_another_dialect_is_refused(dialog, changes):
    assert dialog(**changes).answer.status_code == 400


def test_the_way_back_tells_the_granted_scopes(dialog):
    back = dialog().decide("allow", identity=MIRA_ID, scope=["video.list"])
    assert back["scopes"] == "user.info.basic,video.list"
    assert back["code"].endswith("*0!4521.va")
    assert back["state"] == "xyz"


def test_cancelling(dialog):
    assert dialog().decide("cancel")["error"] == "access_denied"


def test_the_exchange_gives_a_pair(dialog, exchange):
    answer = exchange(dialog().decide("allow", identity=MIRA_ID)["code"]).json()
    assert answer["scope"] == ASKED["scope"]
    assert answer["access_token"].startswith("act.")
    assert answer["refresh_token"].startswith("rft.")
    assert (answer["expires_in"], answer["refresh_expires_in"]) == (7_200, 15_552_000)


def test_refusals_of_tokens_come_with_200(dialog, exchange, sandbox):
    answer = exchange("never")
    assert (answer.status_code, answer.json()["error"]) == (200, "invalid_grant")
    sandbox.set(**{"tiktok.token_error_status": 400})
    assert exchange("never").status_code == 400


def test_only_forms_are_taken(ask):
    answer = ask("POST", "oauth/token/", json={**KEYS, "grant_type": "refresh_token"})
    assert answer.json()["error"] == "invalid_request"


def test_a_verifier_is_compared_in_hexadecimal(dialog, exchange):
    digest = hashlib.sha256(b"verifier").hexdigest()
    more = {"code_challenge": digest, "code_challenge_method": "S256"}
    code = dialog(**more).decide("allow", identity=MIRA_ID)["code"]
    assert "access_token" in exchange(code, code_verifier="verifier").json()
    code = dialog(**more).decide("allow", identity=MIRA_ID)["code"]
    assert exchange(code, code_verifier="other").json()["error"] == "invalid_request"


def test_fields_need_their_scopes(sandbox, ask):
    minted = sandbox.token("tiktok", MIRA, scopes=["user.info.basic"])
    fields = {"fields": "open_id,display_name"}
    answer = ask("GET", "user/info/", minted["access_token"], params=fields)
    assert answer.json()["data"]["user"]["display_name"] == "Mira Bakes"
    fields = {"fields": "open_id,username"}
    answer = ask("GET", "user/info/", minted["access_token"], params=fields)
    assert (answer.status_code, code_of(answer)) == (401, "scope_not_authorized")
    answer = ask("GET", "user/info/", minted["access_token"])
    assert (answer.status_code, code_of(answer)) == (400, "invalid_params")


def test_creators_have_the_options_of_their_account(sandbox, ask):
    public = creator(ask, sandbox.token("tiktok", MIRA)["access_token"]).json()
    private = creator(ask, sandbox.token("tiktok", PETE)["access_token"]).json()
    assert "PUBLIC_TO_EVERYONE" in public["data"]["privacy_level_options"]
    assert "PUBLIC_TO_EVERYONE" not in private["data"]["privacy_level_options"]


def test_some_refusals_of_creators_come_with_200(sandbox, ask):
    answer = creator(ask, sandbox.token("tiktok", LOU)["access_token"])
    assert answer.status_code == 200
    assert code_of(answer) == "spam_risk_user_banned_from_posting"
    sandbox.set(**{"tiktok.creator_refusal": "reached_active_user_cap"})
    answer = creator(ask, sandbox.token("tiktok", MIRA)["access_token"])
    assert (answer.status_code, code_of(answer)) == (200, "reached_active_user_cap")


def test_creator_info_is_for_twenty_times_a_minute(sandbox, ask):
    token = sandbox.token("tiktok", MIRA)["access_token"]
    codes = [code_of(creator(ask, token)) for _ in range(21)]
    assert codes == ["ok"] * 20 + ["rate_limit_exceeded"]
    sandbox.advance(61)
    assert code_of(creator(ask, token)) == "ok"


def listed(ask, token, **body):
    fields = {"fields": "id,title,share_url"}
    answer = ask("POST", "video/list/", token, params=fields, json=body)
    return answer.json()["data"]


def test_only_public_videos_are_listed_newest_first(sandbox, ask):
    token = sandbox.token("tiktok", MIRA)["access_token"]
    found = listed(ask, token, max_count=2)
    assert [video["title"] for video in found["videos"]] == ["Take 3", "Take 2"]
    assert found["has_more"] is True
    assert f"/@{MIRA}/video/" in found["videos"][0]["share_url"]
    sandbox.post_directly("tiktok", MIRA, privacy="SELF_ONLY", text="Hidden")
    sandbox.post_directly("tiktok", MIRA, text="Seen")
    assert listed(ask, token, max_count=1)["videos"][0]["title"] == "Seen"


def test_a_private_account_has_no_public_video(sandbox, ask):
    sandbox.post_directly("tiktok", PETE, text="Meant to be seen")
    assert listed(ask, sandbox.token("tiktok", PETE)["access_token"])["videos"] == []


def test_a_revoked_pair_is_dead_and_another_apps_lives(sandbox, ask):
    minted = sandbox.token("tiktok", MIRA, app="aw1")
    other = sandbox.token("tiktok", MIRA, app="aw2")
    form = {**KEYS, "token": minted["access_token"]}
    assert ask("POST", "oauth/revoke/", data=form).json() == {}
    assert code_of(creator(ask, minted["access_token"])) == "access_token_invalid"
    assert code_of(creator(ask, other["access_token"])) == "ok"


def test_accounts_are_told_apart_by_app(sandbox):
    one = sandbox.token("tiktok", MIRA, app="aw1")["open_id"]
    two = sandbox.token("tiktok", MIRA, app="aw2")["open_id"]
    assert one != two


@pytest.mark.parametrize(
    "wish", [{"handle": "Mira B"}, {"handle": MIRA}, {"kind": "page"}]
)
def test_odd_accounts_are_refused(sandbox, wish):
    with pytest.raises(AssertionError):
        sandbox.identity("tiktok", **wish)


def test_faults_have_the_shape_of_their_endpoint(sandbox, ask, exchange):
    sandbox.fault("error", platform="tiktok", step="creator_info", status=500)
    token = sandbox.token("tiktok", MIRA)["access_token"]
    assert code_of(creator(ask, token)) == "internal_error"
    sandbox.fault("error", platform="tiktok", step="exchange", status=500)
    assert exchange("x").json()["error"] == "server_error"
    sandbox.fault("rate_limited", platform="tiktok", step="video_list")
    answer = ask("POST", "video/list/", token, params={"fields": "id"}, json={})
    assert (answer.status_code, code_of(answer)) == (429, "rate_limit_exceeded")
