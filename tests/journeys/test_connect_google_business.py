"""Google locations in a browser: same names, boxes left empty, roles, what breaks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from profiles import tasks
from profiles.models import Connection, SocialProfile
from profiles.states import ConnectionState as S

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME = "Google Business Profile"
KEY = "google_business"
ONLY = f"Connect only: Later doesn't publish to {NAME} yet"
MANAGE = "https://www.googleapis.com/auth/business.manage"
HARBOUR, MILL = "12 Harbour St, Salem, US", "5 Mill Lane, Salem, US"


def leave(page: Page) -> None:
    page.get_by_role("link", name=f"Connect {NAME}").first.click()
    page.get_by_role("button", name=f"Continue to {NAME}").click()
    page.wait_for_url(re.compile(r"/accounts\.google\.com/o/oauth2/v2/auth"))


def allow(page: Page, who: str = "rosa", *, without: str = "") -> None:
    page.get_by_role("radio", name=re.compile(who)).check()
    if without:
        page.locator(f'input[name="scope"][value="{without}"]').uncheck()
    page.get_by_role("button", name="Allow").click()


def pick(page: Page, *addresses: str) -> None:
    expect(page.get_by_role("heading", name="Choose profiles")).to_be_visible()
    for address in addresses:
        page.get_by_role("checkbox", name=re.compile(address)).check()
    page.get_by_role("button", name="Connect", exact=True).click()


@pytest.fixture
def harbour(desk: Page) -> Connection:
    """One of the two stores, connected; the browser is back at the settings."""
    leave(desk)
    allow(desk)
    pick(desk, HARBOUR)
    expect(desk.get_by_role("heading", name="Corner Coffee")).to_be_visible()
    desk.get_by_role("link", name="See all profiles").click()
    return Connection.objects.select_related("profile").get()


def test_two_stores_of_one_name_are_told_apart_by_address(desk, shoot):
    """R-C3, R-C5, R-C9: reasons, there, back, two at once, each with its address."""
    desk.get_by_role("link", name=f"Connect {NAME}").first.click()
    expect(desk.get_by_text(ONLY)).to_be_visible()
    expect(desk.get_by_text("To list your locations")).to_be_visible()
    shoot(desk, "google-connect")
    desk.get_by_role("button", name=f"Continue to {NAME}").click()
    shoot(desk, "google-dialog")
    allow(desk)
    stores = desk.get_by_role("checkbox", name=re.compile("Corner Coffee"))
    expect(stores).to_have_count(2)
    shoot(desk, "google-pick")
    pick(desk, HARBOUR, MILL)
    for address in (HARBOUR, MILL):
        expect(desk.get_by_text(address)).to_be_visible()
    shoot(desk, "google-done")
    found = SocialProfile.objects.order_by("address")
    assert [profile.address for profile in found] == [HARBOUR, MILL]
    assert found[0].social_set_id != found[1].social_set_id
    states = Connection.objects.values_list("state", flat=True)
    assert list(states) == [S.CONNECTED, S.CONNECTED]


def test_without_the_role_or_in_bad_standing_one_sees_why(desk):
    """R-C6: listed, not to be chosen, and what to do about it."""
    leave(desk)
    allow(desk)
    expect(desk.get_by_role("heading", name="Choose profiles")).to_be_visible()
    for name, words in (
        ("Fjord Yoga", "Ask an owner of it to make you an owner or manager"),
        ("Corner Roastery", "Google has suspended this location"),
        ("Old Town Inn", "Google hasn't verified this location yet"),
    ):
        row = desk.get_by_role("listitem").filter(has_text=name)
        expect(row.get_by_role("checkbox")).to_be_disabled()
        expect(row.get_by_text(words)).to_be_visible()


def test_a_box_left_empty_is_told_and_ticked_the_next_time(desk, shoot):
    """R-C4: nothing is connected without it, and the page says which box."""
    leave(desk)
    allow(desk, "ida", without=MANAGE)
    said = "The box for managing your Business Profiles was left empty"
    expect(desk.get_by_text(said)).to_be_visible()
    shoot(desk, "google-unticked")
    assert not SocialProfile.objects.exists()
    desk.get_by_role("link", name="Try again").click()
    desk.get_by_role("button", name=f"Continue to {NAME}").click()
    allow(desk, "ida")
    pick(desk, "7 Mill St, Oslo, NO")
    expect(desk.get_by_role("heading", name="Ida Bakes")).to_be_visible()


def test_a_login_without_locations_is_told_whom_to_ask(desk, shoot):
    """R-C5, R-C6"""
    leave(desk)
    allow(desk, "tom")
    expect(desk.get_by_text("Google shows us no location of yours")).to_be_visible()
    shoot(desk, "google-none")
    assert not SocialProfile.objects.exists()


def test_a_lost_role_shows_with_its_cause(desk, harbour, installation, shoot):
    """R-C4, R-C6, R-D1: by the daily look; the token is not called dead."""
    installation.sandbox.revoke(KEY, harbour.profile.external_id, "role")
    tasks.inspect_one(str(harbour.pk))
    desk.reload()
    expect(desk.get_by_text("Permissions missing")).to_be_visible()
    cause = "Ask an owner to make you an owner or manager of it"
    expect(desk.locator(".slot__trouble").get_by_text(cause)).to_be_visible()
    shoot(desk, "google-role")
    assert Connection.objects.get().state == S.PERMISSIONS_MISSING


def test_removed_access_shows_and_a_new_sign_in_mends_it(
    desk, harbour, installation, shoot
):
    """R-D1, R-D8: with its cause, and the slot's own location is found by itself."""
    installation.sandbox.revoke(KEY, "rosa@corner.example")
    tasks.inspect_one(str(harbour.pk))
    desk.reload()
    expect(desk.get_by_text("Refresh needed")).to_be_visible()
    shoot(desk, "google-removed")
    desk.get_by_role("link", name="Refresh").click()
    desk.get_by_role("button", name=f"Continue to {NAME}").click()
    allow(desk)
    expect(desk.get_by_text(ONLY)).to_be_visible()
    assert Connection.objects.get().state == S.CONNECTED


def test_another_google_account_on_refresh_changes_nothing(desk, harbour):
    """R-C10: posts for one store never move to another."""
    base = desk.url.partition("/settings")[0]
    desk.goto(f"{base}/connect/{KEY}/?profile={harbour.profile_id}")
    desk.get_by_role("button", name=f"Continue to {NAME}").click()
    allow(desk, "ida")
    expect(desk.get_by_text("this slot is Corner Coffee")).to_be_visible()
    harbour.refresh_from_db()
    assert harbour.version == 1
