"""The app's dialogs in Chromium: by their labels, and by axe's rules."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.sandbox.telegram.bot import CHANNEL, STRANGER, Bot
from tests.support.plugin_browser import SIZES, axe, overflow

pytestmark = pytest.mark.browser
PAGES = (
    "later_sandbox_bot?start=abc",
    "later_sandbox_bot?startchannel&admin=post_messages",
    "later_sandbox_bot?as=500000101",
    "mayacooks",
    "nobody_here",
)
LOOKS: dict[str, Any] = SIZES


def test_one_starts_the_bot_and_adds_it_to_a_channel(sandbox, page: Page):
    page.goto(f"{sandbox.url}/t.me/later_sandbox_bot?start=abc")
    page.get_by_label("Noah Okafor").check()
    page.get_by_role("button", name="Start").click()
    page.get_by_role("link", name="Add to a channel").click()
    expect(page.get_by_role("radio", name="Noah Okafor")).to_be_checked()
    expect(page.get_by_role("radio", name="Trail notes")).to_be_checked()
    page.get_by_label("Delete messages of others").uncheck()
    page.get_by_role("button", name="Add as administrator").click()
    expect(page.get_by_role("heading")).to_contain_text("administrator of Trail notes")
    start, added = Bot(sandbox).updates()
    assert start["message"]["from"]["id"] == STRANGER
    new = added["my_chat_member"]["new_chat_member"]
    assert (new["can_post_messages"], new["can_delete_messages"]) == (True, False)


def test_channels_show_for_the_chosen_person_only(sandbox, page: Page):
    page.goto(f"{sandbox.url}/t.me/later_sandbox_bot?startchannel&admin=post_messages")
    expect(page.get_by_role("radio", name="Maya Cooks")).to_be_visible()
    page.locator("input[name=identity][value='500000103']").check()
    expect(page.get_by_role("radio", name="Maya Cooks")).to_be_hidden()
    page.get_by_role("radio", name="Harbor news").check()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("status")).to_have_text("Nothing was sent.")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_accessible_and_fit(sandbox, browser: Browser, look, scheme):
    Bot(sandbox)
    sandbox.token("telegram", CHANNEL)
    sandbox.token("telegram", "500000101", start="abc")
    text = "News with #tag and https://example.org/" + "long" * 60
    Bot(sandbox).ok("sendMessage", chat_id=CHANNEL, text=text)
    context = browser.new_context(**LOOKS[look], color_scheme=scheme)
    page = context.new_page()
    for path in PAGES:
        page.goto(f"{sandbox.url}/t.me/{path}")
        assert axe(page) == [], path
        assert overflow(page) == 0, path
    context.close()
