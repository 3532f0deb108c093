"""Consent and control pages in Chromium: by their labels, and by axe's rules."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sandbox.instagram.graph import Profile, profile
from tests.support.plugin_browser import SIZES, axe, ours, overflow
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.browser
SCOPES = "instagram_business_basic,instagram_business_content_publish"
ASKED = {
    "client_id": "app-1",
    "response_type": "code",
    "scope": SCOPES,
    "state": "s1",
}
LOOKS: dict[str, Any] = SIZES
CONTROL = ("", "calls", "faults", "identities", "settings", "reset")


def consent_url(sandbox: Sandbox, host: str = "www.instagram.com/oauth/authorize"):
    # The way back ends on a page of the sandbox, which stands in for the app.
    query: dict[str, str] = {**ASKED, "redirect_uri": f"{sandbox.url}/_/calls"}
    return f"{sandbox.url}/{host}?{urlencode(query)}"


def way_back(page: Page) -> dict[str, list[str]]:
    page.wait_for_url("**/_/calls?**")
    return parse_qs(urlsplit(page.url).query)


def test_one_signs_in_by_labels_and_leaves_a_permission_out(sandbox, page: Page):
    page.goto(consent_url(sandbox))
    page.get_by_label("northtrail.gear").check()
    page.get_by_label("Publishing posts, reels and stories").uncheck()
    page.get_by_role("button", name="Allow").click()
    code = way_back(page)["code"][0]
    form: dict[str, str | float | bool] = {
        "client_id": "app-1",
        "client_secret": "secret",
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": f"{sandbox.url}/_/calls",
    }
    address = f"{sandbox.url}/api.instagram.com/oauth/access_token"
    row = page.request.post(address, form=form).json()["data"][0]
    assert row["user_id"] == "17841400000000003"
    assert row["permissions"] == "instagram_business_basic"


def test_cancel_leads_back_without_choosing(sandbox, page: Page):
    page.goto(consent_url(sandbox))
    page.get_by_role("button", name="Cancel").click()
    back = way_back(page)
    assert (back["error"], back["state"]) == (["access_denied"], ["s1"])


def test_the_page_works_by_keyboard_alone(sandbox, page: Page):
    """Enter presses a form's first button, so Cancel must not be that."""
    page.goto(consent_url(sandbox))
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("miro.cooks")).to_be_checked()
    page.keyboard.press("Enter")
    assert "code" in way_back(page)


def test_a_person_s_pages_show_when_the_person_is_chosen(sandbox, page: Page):
    page.goto(consent_url(sandbox, "www.facebook.com/v26.0/dialog/oauth"))
    expect(page.get_by_label("Miro Cooks")).to_be_hidden()
    page.get_by_label("miro.okafor").check()
    expect(page.get_by_label("Miro Cooks")).to_be_visible()


@pytest.fixture
def used(sandbox: Sandbox, web) -> Profile:
    """A sandbox with something on every page."""
    lena = profile(sandbox, "lena.studio")
    words = "Averylongwordwithoutanybreak" * 12
    lena.publish(lena.create(image_url=web("photo.jpg"), caption=words))
    sandbox.fault("latency", platform="instagram", step="me", times=None)
    return lena


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_pages_stand_axe_and_fit(browser: Browser, used: Profile, size, scheme):
    """R-J3: nothing for axe to find, nothing wider than the window."""
    sandbox = used.sandbox
    said: list[str] = []
    addresses = [f"{sandbox.url}/_/{name}" for name in CONTROL]
    addresses.append(consent_url(sandbox))
    addresses.append(consent_url(sandbox, "www.facebook.com/v26.0/dialog/oauth"))
    addresses.append(f"{sandbox.url}/www.instagram.com/lena.studio/")
    context = browser.new_context(**LOOKS[size], color_scheme=scheme)
    context.on("weberror", lambda error: said.append(str(error.error)))
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    for address in addresses:
        page.goto(address)
        assert (address, axe(page), overflow(page)) == (address, [], 0)
    assert ours(said) == []
    context.close()
