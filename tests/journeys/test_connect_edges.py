"""What happens to a sign-in on its way, in a browser: each ends somewhere sensible."""

from __future__ import annotations

import functools
import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import AccessGroup, Membership, Role
from core.patience import patience
from profiles.actions.sets import create_set
from profiles.models import Connection, SocialProfile
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLATFORM = re.compile(r"/www\.instagram\.com/oauth/authorize")


@pytest.fixture
def away(desk: Page) -> Page:
    """At Instagram's own sign-in, on the whole page."""
    desk.get_by_role("link", name="Connect Instagram").click()
    desk.get_by_role("button", name="Continue to Instagram").click()
    desk.wait_for_url(PLATFORM)
    desk.get_by_role("radio", name=re.compile("lena.studio")).check()
    return desk


def allow(page: Page) -> None:
    page.get_by_role("button", name="Allow").click()


def test_the_back_button_at_the_platform_leads_to_where_one_left(away):
    away.go_back()
    button = away.get_by_role("button", name="Continue to Instagram")
    expect(button).to_be_visible()
    expect(button).not_to_have_attribute("aria-busy", "true")
    button.click()
    away.wait_for_url(PLATFORM)


def test_the_back_button_after_the_end_uses_no_answer_twice(away):
    """Back to the platform and Allow once more: the result again, nothing anew."""
    allow(away)
    expect(away.get_by_text("Enable needed")).to_be_visible()
    away.go_back()
    away.wait_for_url(PLATFORM)
    away.get_by_role("radio", name=re.compile("miro.cooks")).check()
    allow(away)
    expect(away.get_by_role("heading", name="@lena.studio")).to_be_visible()
    assert Connection.objects.get().version == 1


def test_without_cookies_it_says_so_and_how_to_mend_it(away, shoot):
    """R-C12"""
    away.context.clear_cookies()
    allow(away)
    expect(away.get_by_text("Allow cookies for this site")).to_be_visible()
    shoot(away, "no-cookies")
    assert not SocialProfile.objects.exists()


def test_signed_out_meanwhile_one_signs_in_and_goes_on(away, cast, shoot):
    """R-C2: the same slot, by the same method."""
    away.context.clear_cookies(name="sessionid")
    allow(away)
    expect(away.get_by_text("You were signed out while you were away")).to_be_visible()
    shoot(away, "signed-out")
    away.get_by_role("link", name="Sign in and go on").click()
    away.get_by_label("E-mail").fill(cast.alice.email)
    away.locator("input[name=password]").fill(PASSWORD)
    away.get_by_role("button", name=re.compile("sign in", re.I)).click()
    away.get_by_role("button", name="Continue to Instagram").click()
    away.get_by_role("radio", name=re.compile("lena.studio")).check()
    allow(away)
    expect(away.get_by_role("heading", name="@lena.studio")).to_be_visible()


def test_a_platform_in_trouble_is_called_so(away, installation, shoot):
    """R-C12: it isn't the person's fault, and Try again is there."""
    installation.sandbox.fault(
        "error", platform="instagram", step="exchange", status=503
    )
    allow(away)
    expect(away.get_by_text("The trouble is on its side.")).to_be_visible()
    shoot(away, "platform-trouble")
    away.get_by_role("link", name="Try again").click()
    expect(away.get_by_role("button", name="Continue to Instagram")).to_be_visible()


def test_a_platform_that_keeps_silent_holds_nobody_for_long(
    away, installation, monkeypatch
):
    short = functools.partial(patience, 0.5)
    monkeypatch.setattr("profiles.actions.come_back.patience", short)
    installation.sandbox.fault("hang", platform="instagram", step="exchange")
    allow(away)
    expect(away.get_by_text("Instagram didn't answer.")).to_be_visible()
    expect(away.get_by_role("link", name="Try again")).to_be_visible()


def test_a_creator_connects_from_the_calendar_and_is_back_there(
    installation, enter, cast, shoot
):
    """R-C11: in a group of their own on an agency's roster, by an empty icon."""
    group = AccessGroup.objects.create(account=cast.group.account, name="Bob Bakes")
    Membership.objects.create(user=cast.bob, group=group, role=Role.MEMBER)
    create_set(group=group, actor=cast.bob, name="Bob Bakes")
    page = enter(cast.bob, f"/g/{group.pk}/calendar/?view=month")
    page.get_by_role("link", name="Connect TikTok").click()
    shoot(page, "creator-connect")
    page.get_by_role("button", name="Continue to TikTok").click()
    page.get_by_role("radio", name=re.compile("mirabakes")).check()
    allow(page)
    page.get_by_role("button", name="Enable Auto Publish for @mirabakes").click()
    page.get_by_role("link", name="Go on").click()
    expect(page).to_have_url(re.compile(f"/g/{group.pk}/calendar/"))
    expect(page.get_by_role("button", name="TikTok, @mirabakes")).to_be_visible()
    assert SocialProfile.objects.get().group == group
