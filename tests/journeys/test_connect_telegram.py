"""Telegram in a browser: a code for the bot, a right in a channel, the picker."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from profiles.actions.updates import pull_all
from profiles.models import Connection, SocialProfile
from profiles.states import ConnectionState as S

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def steps(desk: Page) -> Page:
    """Alice has asked for the steps; what she does in Telegram is another page."""
    desk.get_by_role("link", name="Connect Telegram").click()
    desk.get_by_role("button", name="Show me the steps").click()
    expect(desk.get_by_role("heading", name="Do this in Telegram")).to_be_visible()
    return desk


def start(steps: Page, who: str = "Maya Lindqvist") -> None:
    with steps.expect_popup() as opened:
        steps.get_by_role("link", name="Open @later_sandbox_bot").click()
    chat = opened.value
    chat.get_by_text(who, exact=True).click()
    chat.get_by_role("button", name="Start").click()
    chat.wait_for_url("**/later_sandbox_bot?as=*")
    pull_all()


def add(steps: Page, channel: str, *, without: str = "") -> None:
    with steps.expect_popup() as opened:
        steps.get_by_role("link", name="Add it to a channel").click()
    dialog = opened.value
    dialog.get_by_role("radio", name="Maya Lindqvist").check()
    dialog.get_by_text(channel, exact=True).click()
    if without:
        dialog.get_by_role("switch", name=without).uncheck()
    dialog.get_by_role("button", name="Add as administrator").click()
    expect(dialog.get_by_role("button", name="Add as administrator")).to_have_count(0)
    pull_all()


def test_a_channel_is_connected_by_bot(steps, shoot):
    """R-C5, R-C6, R-C9: proven by two acts of one person, then Connected."""
    expect(steps.get_by_text("Waiting for your message")).to_be_visible()
    shoot(steps, "wait")
    start(steps)
    expect(steps.get_by_text("We know you as Maya Lindqvist.")).to_be_visible()
    add(steps, "Maya Cooks")
    expect(steps.get_by_text("Maya Cooks is ready.")).to_be_visible()
    shoot(steps, "wait-ready")
    steps.get_by_role("link", name="Choose and connect").click()
    expect(steps.get_by_role("checkbox")).to_be_checked()
    shoot(steps, "pick-one")
    steps.get_by_role("button", name="Connect").click()
    expect(steps.get_by_text("go out by themselves")).to_be_visible()
    assert Connection.objects.get().state == S.CONNECTED
    assert SocialProfile.objects.get().handle == "mayacooks"


def test_two_channels_go_to_two_sets(steps):
    """R-C5: several at once."""
    start(steps)
    add(steps, "Maya Cooks")
    add(steps, "Maya's test kitchen")
    expect(steps.get_by_text("Maya's test kitchen is ready.")).to_be_visible()
    steps.get_by_role("link", name="Choose and connect").click()
    expect(steps.get_by_role("checkbox")).to_have_count(2)
    for box in steps.get_by_role("checkbox").all():
        box.check()
    steps.get_by_role("button", name="Connect").click()
    expect(steps.get_by_text("go out by themselves")).to_have_count(2)
    assert SocialProfile.objects.values("social_set").distinct().count() == 2


def test_a_right_left_out_is_missing_and_heals_when_given(steps, shoot):
    """R-C4, R-D8: told by the platform, without a sign-in."""
    start(steps)
    add(steps, "Maya Cooks", without="Post messages")
    steps.get_by_role("link", name="Choose and connect").click()
    steps.get_by_role("button", name="Connect").click()
    expect(steps.get_by_text("Permissions missing")).to_be_visible()
    shoot(steps, "done-right-missing")
    assert Connection.objects.get().missing == ["can_post_messages"]


def test_check_now_works_without_scripts(browser, installation, desk, cast):
    """Everything here is a link or a form first."""
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(desk.context.cookies())
    page = context.new_page()
    page.goto(desk.url)
    page.get_by_role("link", name="Connect Telegram").click()
    page.get_by_role("button", name="Show me the steps").click()
    start(page)
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_text("We know you as Maya Lindqvist.")).to_be_visible()
    context.close()
