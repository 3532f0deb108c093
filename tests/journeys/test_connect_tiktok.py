"""TikTok in a browser: the rule of public videos, the Enable step, permissions."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from profiles.models import Connection, SocialProfile
from profiles.states import ConnectionState as S

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ONLY = "Connect only: Later doesn't publish to TikTok yet"
PUBLISH = "video.publish"


def leave(page: Page) -> None:
    page.get_by_role("link", name="Connect TikTok").click()
    page.get_by_role("button", name="Continue to TikTok").click()
    page.wait_for_url(re.compile(r"/www\.tiktok\.com/v2/auth/authorize"))


def allow(page: Page, handle: str, *, without: str = "") -> None:
    page.get_by_role("radio", name=re.compile(handle)).check()
    if without:
        page.locator(f'input[name="scope"][value="{without}"]').uncheck()
    page.get_by_role("button", name="Allow").click()


def press_enable(page: Page, label: str) -> None:
    page.get_by_role("button", name=f"Enable Auto Publish for {label}").click()


def test_without_a_public_video_it_waits_until_there_is_one(desk, installation, shoot):
    """R-C8, R-C9: *Enable* with the explanation, refused, mended, enabled."""
    leave(desk)
    shoot(desk, "tiktok-dialog")
    allow(desk, "sami.starts")
    expect(desk.get_by_text("Enable needed")).to_be_visible()
    expect(desk.get_by_text("no public video yet")).to_be_visible()
    shoot(desk, "tiktok-no-video")
    press_enable(desk, "@sami.starts")
    expect(desk.get_by_text("Auto Publish is still off")).to_be_visible()
    expect(desk.get_by_text("no public video yet")).to_be_visible()
    assert Connection.objects.get().state == S.ENABLE_NEEDED
    shoot(desk, "tiktok-refused")
    installation.sandbox.post_directly("tiktok", "sami.starts", kind="video")
    press_enable(desk, "@sami.starts")
    expect(desk.get_by_text(ONLY)).to_be_visible()
    shoot(desk, "tiktok-enabled")
    row = Connection.objects.get()
    assert (row.state, row.cause) == (S.CONNECTED, "Auto Publish was turned on.")


def test_the_usual_account_is_enabled_with_one_press(desk, shoot):
    """R-C3, R-C9: reasons, there, back, Enable, Connected."""
    desk.get_by_role("link", name="Connect TikTok").click()
    expect(desk.get_by_text(ONLY)).to_be_visible()
    expect(
        desk.get_by_text("To see that the profile has a public video")
    ).to_be_visible()
    shoot(desk, "tiktok-connect")
    desk.get_by_role("button", name="Continue to TikTok").click()
    allow(desk, "mirabakes")
    expect(desk.get_by_text("Enable needed")).to_be_visible()
    press_enable(desk, "@mirabakes")
    expect(desk.get_by_text(ONLY)).to_be_visible()
    desk.get_by_role("link", name="See all profiles").click()
    expect(desk.get_by_text("@mirabakes").first).to_be_visible()
    expect(desk.get_by_text(ONLY)).to_be_visible()
    shoot(desk, "tiktok-settings")
    profile = SocialProfile.objects.get()
    assert (profile.handle, profile.name) == ("mirabakes", "Mira Bakes")


def test_one_unticked_is_missing_until_it_is_reviewed(desk, shoot):
    """R-C4"""
    leave(desk)
    allow(desk, "mirabakes", without=PUBLISH)
    expect(desk.get_by_text("Permissions missing")).to_be_visible()
    assert Connection.objects.get().missing == [PUBLISH]
    desk.get_by_role("link", name="Review permissions").click()
    expect(desk.get_by_text("1 permission was left out")).to_be_visible()
    shoot(desk, "tiktok-review")
    desk.get_by_role("button", name="Continue to TikTok").click()
    allow(desk, "mirabakes")
    press_enable(desk, "@mirabakes")
    expect(desk.get_by_text(ONLY)).to_be_visible()
    assert Connection.objects.get().state == S.CONNECTED


def test_somebody_else_on_refresh_changes_nothing(desk, shoot):
    """R-C10"""
    leave(desk)
    allow(desk, "mirabakes")
    expect(desk.get_by_text("Enable needed")).to_be_visible()
    profile = SocialProfile.objects.get()
    base = desk.url.partition("/connect/")[0]
    desk.goto(f"{base}/connect/tiktok/?profile={profile.pk}")
    desk.get_by_role("button", name="Continue to TikTok").click()
    allow(desk, "northtrail")
    said = "You signed in as @northtrail; this slot is @mirabakes."
    expect(desk.get_by_text(said)).to_be_visible()
    shoot(desk, "tiktok-wrong")
    assert Connection.objects.get().version == 1


def test_cancelling_there_says_so_here(desk):
    leave(desk)
    desk.get_by_role("button", name="Cancel").click()
    expect(desk.get_by_text("You chose not to allow access")).to_be_visible()
    assert not SocialProfile.objects.exists()
