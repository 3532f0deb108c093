"""Consent and public pages in Chromium: by their labels, and by axe's rules."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.sandbox.bluesky.atproto import MAYA, NOAH, Account, Client, good
from tests.support.files import small_jpeg
from tests.support.plugin_browser import SIZES, axe, overflow

pytestmark = pytest.mark.browser
LOOKS: dict[str, Any] = SIZES


def consent(sandbox):
    """A client that comes back to a page of the sandbox, and its consent page."""
    client, back = Client(sandbox), f"{sandbox.url}/_/calls"
    query = urlencode({"redirect_uri": back, "scope": client.scope})
    client.client_id = f"http://localhost/?{query}"
    pushed = client.par(redirect_uri=back, login_hint=NOAH).json()
    return client, back, client.page(pushed["request_uri"])


def test_one_signs_in_by_labels(sandbox, page: Page):
    client, back, address = consent(sandbox)
    page.goto(address)
    page.get_by_label(MAYA).check()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url("**/_/calls?**")
    query = parse_qs(urlsplit(page.url).query)
    tokens = good(client.exchange(query["code"][0], redirect_uri=back))
    assert query["iss"] == ["https://bsky.social"]
    assert tokens["sub"] == Account(sandbox, MAYA).did


def test_one_says_no(sandbox, page: Page):
    _, _, address = consent(sandbox)
    page.goto(address)
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_url("**/_/calls?**")
    assert parse_qs(urlsplit(page.url).query)["error"] == ["access_denied"]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_fit(sandbox, browser: Browser, look, scheme):
    maya = Account(sandbox)
    image = {"image": maya.blob(small_jpeg()), "alt": "A gradient"}
    embed = {"$type": "app.bsky.embed.images", "images": [image] * 3}
    made = good(maya.create("News " + "long" * 60, "3n2u5hgbu222b", embed=embed))
    sandbox.post_directly("bluesky", NOAH, text="Lovely!", reply_to=made["uri"])
    context = browser.new_context(**LOOKS[look], color_scheme=scheme)
    page = context.new_page()
    profile = f"{sandbox.url}/bsky.app/profile/{MAYA}"
    for address in (
        profile,
        f"{profile}/post/3n2u5hgbu222b",
        f"{sandbox.url}/bsky.app/profile/nobody.example",
        consent(sandbox)[2],
    ):
        page.goto(address)
        assert axe(page) == [], address
        assert overflow(page) == 0, address
    context.close()
