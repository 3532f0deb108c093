"""LinkedIn in a browser: a member and Pages, roles, and a sign-in that just runs out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core import clock
from profiles import tasks
from profiles.actions.expiry import look_at_ends
from profiles.models import Connection, SocialProfile
from profiles.states import ConnectionState as S

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEY = "linkedin"
ONLY = "Connect only: Later doesn't publish to LinkedIn yet"
BAKERY, OSLO = "corner-bakery", "fjord-yoga-oslo"


def go_there(page: Page) -> None:
    page.get_by_role("button", name="Continue to LinkedIn").click()
    page.wait_for_url(re.compile(r"/www\.linkedin\.com/oauth/v2/authorization"))


def leave(page: Page, way: str = "Profile and Pages") -> None:
    page.get_by_role("link", name="Connect LinkedIn").first.click()
    page.get_by_role("link", name=way).click()
    go_there(page)


def allow(page: Page, who: str = "ada-example") -> None:
    page.get_by_role("radio", name=re.compile(who)).check()
    page.get_by_role("button", name="Allow").click()


def pick(page: Page, *names: str) -> None:
    expect(page.get_by_role("heading", name="Choose profiles")).to_be_visible()
    for name in names:
        page.get_by_role("checkbox", name=re.compile(name)).check()
    page.get_by_role("button", name="Connect", exact=True).click()


def back_home(page: Page) -> Connection:
    page.get_by_role("link", name="See all profiles").click()
    expect(page.get_by_text(ONLY)).to_be_visible()
    return Connection.objects.select_related("profile").get()


@pytest.fixture
def bakery(desk: Page) -> Connection:
    """A Page, connected; the browser is back at the settings."""
    leave(desk)
    allow(desk)
    pick(desk, BAKERY)
    return back_home(desk)


@pytest.fixture
def alone(desk: Page) -> Connection:
    """Only the member, by the app that gets no refresh token."""
    leave(desk, "Profile only")
    allow(desk)
    expect(desk.get_by_role("heading", name="Ada Example")).to_be_visible()
    return back_home(desk)


def test_a_member_and_two_pages_at_once(desk, shoot):
    """R-C3, R-C5, R-C6, R-C9: reasons, there, back, roles, three slots."""
    desk.get_by_role("link", name="Connect LinkedIn").click()
    expect(desk.get_by_text(ONLY)).to_be_visible()
    expect(desk.get_by_text("To list the Pages you administer")).to_be_visible()
    shoot(desk, "linkedin-connect")
    go_there(desk)
    shoot(desk, "linkedin-dialog")
    allow(desk)
    expect(desk.get_by_text("Your own profile")).to_be_visible()
    expect(desk.get_by_text("Content admin", exact=True)).to_be_visible()
    shoot(desk, "linkedin-pick")
    pick(desk, "Ada Example", BAKERY, OSLO)
    expect(desk.get_by_text(ONLY)).to_have_count(3)
    shoot(desk, "linkedin-done")
    found = SocialProfile.objects.order_by("name")
    assert [(p.name, p.kind) for p in found] == [
        ("Ada Example", "member"),
        ("Corner Bakery", "page"),
        ("Fjord Yoga", "page"),
    ]
    assert found.values("social_set").distinct().count() == 3


def test_a_page_without_an_admin_role_says_whom_to_ask(desk):
    """R-C6: listed, not to be chosen."""
    leave(desk)
    allow(desk)
    row = desk.get_by_role("listitem").filter(has_text="Old Town Books")
    expect(row.get_by_role("checkbox")).to_be_disabled()
    expect(row.get_by_text("Analyst")).to_be_visible()
    expect(row.get_by_text("Ask a super admin of the Page")).to_be_visible()


def test_a_sign_in_that_nothing_renews_says_when_it_ends(desk, alone, shoot):
    """R-D4: from the first day on, and no word of renewing itself."""
    facts = desk.locator(".slot__facts")
    expect(facts.get_by_text("Expires on")).to_be_visible()
    expect(facts.get_by_text("renews itself")).to_have_count(0)
    shoot(desk, "linkedin-alone")
    assert alone.refresh_at is None
    assert alone.ends_at is not None
    assert timedelta(days=59) < alone.ends_at - clock.now() <= timedelta(days=60)


def test_near_its_end_a_person_signs_in_once_more(desk, alone, shoot):
    """R-D1, R-D4: Expiring soon, one button, sixty days more."""
    alone.end_on(clock.now() + timedelta(days=10))
    alone.save(update_fields=["ends_at", "warn_at"])
    assert look_at_ends() == 1
    desk.reload()
    expect(desk.get_by_text("Expiring soon")).to_be_visible()
    expect(desk.get_by_text("Sign in once more before the day")).to_be_visible()
    expect(desk.get_by_text(ONLY)).to_have_count(1)
    shoot(desk, "linkedin-expiring")
    desk.get_by_role("link", name="Refresh").click()
    go_there(desk)
    allow(desk)
    expect(desk.get_by_text(ONLY)).to_be_visible()
    alone.refresh_from_db()
    assert alone.state == S.CONNECTED
    assert alone.ends_at is not None
    assert alone.ends_at - clock.now() > timedelta(days=59)


def test_a_lost_role_shows_with_its_cause(desk, bakery, installation, shoot):
    """R-C6, R-D1: by the daily look; the token is not called dead."""
    expect(desk.locator(".slot__facts").get_by_text("Expires on")).to_be_visible()
    page = bakery.profile.external_id.rpartition(":")[2]
    installation.sandbox.revoke(KEY, page, "role")
    tasks.inspect_one(str(bakery.pk))
    desk.reload()
    expect(desk.get_by_text("Permissions missing")).to_be_visible()
    cause = "You are no longer super admin or content admin of this Page."
    expect(desk.locator(".slot__trouble").get_by_text(cause)).to_be_visible()
    shoot(desk, "linkedin-role")


def test_a_removed_app_shows_and_a_new_sign_in_mends_it(desk, bakery, installation):
    """R-D1, R-D8: the slot's own Page is found among all of the sign-in."""
    installation.sandbox.revoke(KEY, "ada-example")
    tasks.inspect_one(str(bakery.pk))
    desk.reload()
    expect(desk.get_by_text("Refresh needed")).to_be_visible()
    expect(desk.get_by_text("Our access was removed at LinkedIn.")).to_be_visible()
    desk.get_by_role("link", name="Refresh").click()
    go_there(desk)
    allow(desk)
    expect(desk.get_by_role("heading", name="Corner Bakery")).to_be_visible()
    bakery.refresh_from_db()
    assert bakery.state == S.CONNECTED


def test_another_member_on_refresh_changes_nothing(desk, alone, shoot):
    """R-C10"""
    base = desk.url.partition("/settings")[0]
    desk.goto(f"{base}/connect/{KEY}/?profile={alone.profile_id}")
    go_there(desk)
    allow(desk, "ben-freelance")
    said = "You signed in as Ben Freelance; this slot is Ada Example."
    expect(desk.get_by_text(said)).to_be_visible()
    shoot(desk, "linkedin-wrong")
    alone.refresh_from_db()
    assert alone.version == 1


def test_cancelling_there_says_so_here(desk):
    leave(desk)
    desk.get_by_role("button", name="Cancel").click()
    expect(desk.get_by_text("You chose not to allow access")).to_be_visible()
    assert not SocialProfile.objects.exists()
