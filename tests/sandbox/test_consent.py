"""The consent page as every OAuth platform shows it."""

from __future__ import annotations

import pytest
import requests

from tests.sandbox.browserless import ConsentPage

BACK = "http://127.0.0.1:8000/back?tenant=1"
ASKED = {
    "client_id": "app-1",
    "redirect_uri": BACK,
    "response_type": "code",
    "scope": "instagram_business_basic instagram_business_content_publish",
}


def open_page(sandbox, **changes):
    address = f"{sandbox.url}/www.instagram.com/oauth/authorize"
    return ConsentPage(address, {**ASKED, **changes})


def test_a_redirect_address_may_have_a_query_of_its_own(sandbox):
    back = open_page(sandbox).decide("allow", identity="17841400000000001")
    assert back["tenant"] == "1"
    assert back["code"]
    assert "state" not in back


def test_scopes_may_be_parted_by_blanks_or_commas(sandbox):
    blanks = open_page(sandbox).values("scope")
    commas = open_page(sandbox, scope=ASKED["scope"].replace(" ", ",")).values("scope")
    assert blanks == commas
    assert len(blanks) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": ""},
        {"redirect_uri": ""},
        {"redirect_uri": "javascript:alert(1)"},
        {"response_type": "token"},
    ],
)
def test_a_wrong_request_is_told_and_not_redirected(sandbox, change):
    answer = open_page(sandbox, **change).answer
    assert answer.status_code == 400
    assert "cannot go on" in answer.text


def test_somebody_unknown_cannot_sign_in(sandbox):
    page = open_page(sandbox)
    form = {"identity": "123", "decision": "allow"}
    answer = requests.post(page.address, params=page.query, data=form, timeout=10)
    assert answer.status_code == 400


def test_names_of_apps_are_escaped(sandbox):
    page = open_page(sandbox, client_id="<script>alert(1)</script>")
    assert "<script>alert" not in page.answer.text


def test_scopes_that_were_not_asked_for_cannot_be_granted(sandbox):
    page = open_page(sandbox, scope="instagram_business_basic")
    more = ["instagram_business_basic", "instagram_business_manage_comments"]
    code = page.decide("allow", identity="17841400000000001", scope=more)["code"]
    form = {
        "client_id": "app-1",
        "client_secret": "secret",
        "grant_type": "authorization_code",
        "redirect_uri": BACK,
        "code": code,
    }
    address = f"{sandbox.url}/api.instagram.com/oauth/access_token"
    answer = requests.post(address, data=form, timeout=10).json()
    assert answer["data"][0]["permissions"] == "instagram_business_basic"
