"""The window of a sign-in at a real Bluesky server, with its own headers (R-C2)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from profiles.models import Connection, SocialProfile
from tests.support.pds import Account, Pds
from tests.support.pds_pages import sign_in
from tests.support.plugin_pds import PDS_MARKS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    *PDS_MARKS,
]


@pytest.fixture
def blocker() -> None:
    """Pop-ups are allowed here."""


@pytest.fixture
def start(page, cast, enter, at_the_real_server) -> Page:
    desk: Page = enter(cast.alice, f"/g/{cast.group.pk}/settings/profiles/")
    desk.get_by_role("link", name="Connect Bluesky").click()
    return desk


def at_the_server(page: Page, account: Account) -> Page:
    """Signed in there, before the server's question."""
    page.get_by_label("Handle or server").fill(account.handle)
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Continue to Bluesky").click()
    sign_in(opened.value, account)
    return opened.value


def answer(window: Page, button: str) -> None:
    with window.expect_event("close"):
        window.get_by_role("button", name=button).click(no_wait_after=True)


def test_the_page_that_waited_ends_connected(start, at_the_real_server: Pds):
    """R-C9"""
    author = at_the_real_server.account("lena")
    answer(at_the_server(start, author), "Authorize")
    expect(start.get_by_text("go out by themselves")).to_be_visible()
    assert SocialProfile.objects.get().external_id == author.did


def test_denying_access_there_is_said_here(start, at_the_real_server: Pds):
    answer(at_the_server(start, at_the_real_server.account("lena")), "Deny access")
    expect(start.get_by_text("You chose not to allow access")).to_be_visible()
    expect(start.get_by_role("link", name="Try again")).to_be_visible()
    assert not SocialProfile.objects.exists()


def test_somebody_else_on_refresh_changes_nothing(start, at_the_real_server: Pds):
    """R-C10"""
    author, other = (at_the_real_server.account(name) for name in ("lena", "ada"))
    answer(at_the_server(start, author), "Authorize")
    expect(start.get_by_text("go out by themselves")).to_be_visible()
    profile = SocialProfile.objects.get()
    base = start.url.partition("/connect/")[0]
    start.goto(f"{base}/connect/bluesky/?profile={profile.pk}")
    answer(at_the_server(start, other), "Authorize")
    said = f"You signed in as @{other.handle}; this slot is @{author.handle}."
    expect(start.get_by_text(said)).to_be_visible()
    assert Connection.objects.get().version == 1
