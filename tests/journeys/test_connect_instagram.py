"""Instagram in a browser: its own sign-in, permissions, kinds of accounts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from profiles.models import Connection, SocialProfile
from profiles.states import ConnectionState as S

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLISH = "instagram_business_content_publish"


def leave(page: Page) -> None:
    """From the settings to the platform's own sign-in."""
    page.get_by_role("link", name="Connect Instagram").click()
    page.get_by_role("button", name="Continue to Instagram").click()
    page.wait_for_url(re.compile(r"/www\.instagram\.com/oauth/authorize"))


def allow(page: Page, handle: str, *, without: str = "") -> None:
    page.get_by_role("radio", name=re.compile(handle)).check()
    if without:
        page.locator(f'input[name="scope"][value="{without}"]').uncheck()
    page.get_by_role("button", name="Allow").click()


def test_with_every_permission_it_ends_connected(desk, installation, shoot):
    """R-C2, R-C3, R-C9: there, back, Enable, Connected."""
    shoot(desk, "settings-empty")
    desk.get_by_role("link", name="Connect Instagram").click()
    expect(desk.get_by_text("To publish the posts that you schedule")).to_be_visible()
    shoot(desk, "connect")
    desk.get_by_role("button", name="Continue to Instagram").click()
    allow(desk, "lena.studio")
    expect(desk.get_by_text("Enable needed")).to_be_visible()
    shoot(desk, "done-enable")
    desk.get_by_role("button", name="Enable Auto Publish for @lena.studio").click()
    expect(desk.get_by_text("go out by themselves")).to_be_visible()
    shoot(desk, "done-connected")
    connection = Connection.objects.get()
    assert connection.state == S.CONNECTED
    assert connection.profile.handle == "lena.studio"
    asked = installation.sandbox.calls("instagram")
    assert connection.token().access not in str(asked)


def test_one_unticked_is_missing_until_it_is_reviewed(desk, shoot):
    """R-C4: named, kept, reviewed, healed."""
    leave(desk)
    allow(desk, "lena.studio", without=PUBLISH)
    expect(desk.get_by_text("Permissions missing")).to_be_visible()
    expect(desk.get_by_text("Posts can't be published.")).to_be_visible()
    shoot(desk, "done-missing")
    assert Connection.objects.get().missing == [PUBLISH]
    desk.get_by_role("link", name="Review permissions").click()
    expect(desk.get_by_text("1 permission was left out")).to_be_visible()
    shoot(desk, "review")
    desk.get_by_role("button", name="Continue to Instagram").click()
    allow(desk, "lena.studio")
    desk.get_by_role("button", name="Enable").click()
    expect(desk.get_by_text("go out by themselves")).to_be_visible()
    assert Connection.objects.get().state == S.CONNECTED
    assert SocialProfile.objects.count() == 1


def test_a_personal_account_is_refused_with_how_to_switch(desk, shoot):
    """R-C7."""
    leave(desk)
    allow(desk, "juno.diary")
    refusal = desk.get_by_text("Switch to professional account")
    expect(refusal).to_be_visible()
    expect(desk.get_by_role("checkbox")).to_be_disabled()
    shoot(desk, "pick-refused")
    assert not SocialProfile.objects.exists()


def test_cancelling_there_says_so_here(desk, shoot):
    leave(desk)
    desk.get_by_role("button", name="Cancel").click()
    expect(desk.get_by_text("You chose not to allow access")).to_be_visible()
    shoot(desk, "declined")
    desk.get_by_role("link", name="Try again").click()
    expect(desk.get_by_role("button", name="Continue to Instagram")).to_be_visible()


def test_somebody_else_on_refresh_changes_nothing(desk, cast, shoot):
    """R-C10."""
    leave(desk)
    allow(desk, "lena.studio")
    expect(desk.get_by_text("Enable needed")).to_be_visible()
    profile = SocialProfile.objects.get()
    desk.goto(
        desk.url.split("/connect/")[0] + f"/connect/instagram/?profile={profile.pk}"
    )
    desk.get_by_role("button", name="Continue to Instagram").click()
    allow(desk, "miro.cooks")
    said = "You signed in as @miro.cooks; this slot is @lena.studio."
    expect(desk.get_by_text(said)).to_be_visible()
    shoot(desk, "pick-wrong")
    assert Connection.objects.get().version == 1


def test_facebooks_sign_in_lists_the_accounts_of_all_pages(desk, shoot):
    """R-C5, R-C6: pick several; those without the right say why."""
    desk.get_by_role("link", name="Connect Instagram").click()
    desk.get_by_role("link", name="Instagram through Facebook").click()
    desk.get_by_role("button", name="Continue to Instagram").click()
    desk.get_by_role("radio", name=re.compile("lena.martins")).check()
    desk.get_by_role("button", name="Allow").click()
    expect(desk.get_by_role("heading", name="Choose profiles")).to_be_visible()
    shoot(desk, "pick-several")
    for handle in ("lena.studio", "northtrail.gear"):
        desk.get_by_role("checkbox", name=re.compile(handle)).check()
    desk.get_by_role("button", name="Connect").click()
    expect(desk.get_by_text("Enable needed")).to_have_count(2)
    shoot(desk, "done-several")
    sets = {p.social_set.name for p in SocialProfile.objects.all()}
    assert len(sets) == 2
