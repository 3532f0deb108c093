"""Mastodon in a browser: the server first, wrong ones, permissions, old and new."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from profiles.client_registration import ClientRegistration
from profiles.models import Connection, SocialProfile
from profiles.states import ConnectionState as S

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CURRENT, OLD = "mastodon.social", "old.masto.example"
ONLY = "Connect only: Later doesn't publish to Mastodon yet"


@pytest.fixture
def start(desk: Page) -> Page:
    desk.get_by_role("link", name="Connect Mastodon").click()
    expect(desk.get_by_label("Your server")).to_be_visible()
    return desk


def leave(page: Page, server: str) -> None:
    page.get_by_label("Your server").fill(server)
    page.get_by_role("button", name="Continue to Mastodon").click()


def allow(page: Page, handle: str) -> None:
    page.wait_for_url(re.compile(r"/oauth/authorize"))
    page.get_by_role("radio", name=re.compile(re.escape(handle))).check()
    page.get_by_role("button", name="Allow").click()


def narrow(url: str) -> str:
    """The same sign-in page without one of the scopes that we ask for."""
    return url.replace("+write%3Amedia", "")


def test_a_server_by_its_name_ends_connected(start, installation, shoot):
    """R-C1, R-C2, R-C3, R-C9: reasons, the server's own sign-in, connected."""
    expect(start.get_by_text("To publish the posts that you schedule")).to_be_visible()
    shoot(start, "mastodon-connect")
    leave(start, CURRENT)
    start.wait_for_url(re.compile(rf"/{CURRENT}/oauth/authorize"))
    allow(start, f"ada@{CURRENT}")
    expect(start.get_by_text(ONLY)).to_be_visible()
    shoot(start, "mastodon-connected")
    profile = SocialProfile.objects.get()
    assert (profile.handle, profile.connection.state) == (f"ada@{CURRENT}", S.CONNECTED)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("localhost", "such as mastodon.social"),
        ("http://169.254.169.254/latest/meta-data", "begin with https://"),
        ("https://mastodon.social:8443", "have no port"),
        ("2130706433", "such as mastodon.social"),
        ("plain.masto.example", "no Mastodon server at plain.masto.example"),
        ("nobody.masto.example", "nobody.masto.example doesn't answer"),
    ],
)
def test_a_wrong_server_is_told_beside_its_field(start, shoot, typed, said):
    """Bad input: names that are none, inner addresses, and what is no Mastodon."""
    leave(start, typed)
    field = start.get_by_label("Your server")
    expect(start.locator(".field__error")).to_contain_text(said)
    expect(field).to_have_value(typed)
    expect(field).to_have_attribute("aria-invalid", "true")
    shoot(start, "mastodon-wrong-server")
    assert not ClientRegistration.objects.exists()


def test_a_full_name_at_an_old_server_will_do(start):
    """Sheet case 2: asked for the older scope, and all is granted all the same."""
    leave(start, f"@ben@{OLD}")
    allow(start, f"ben@{OLD}")
    expect(start.get_by_text(ONLY)).to_be_visible()
    assert Connection.objects.get().missing == []


def test_a_permission_that_is_missing_is_named_until_it_is_reviewed(start, shoot):
    """R-C4: the grant is narrower than what was asked for; reviewing mends it."""
    leave(start, CURRENT)
    start.wait_for_url(re.compile(r"/oauth/authorize"))
    start.goto(narrow(start.url))
    allow(start, f"ada@{CURRENT}")
    expect(start.get_by_text("Permissions missing").first).to_be_visible()
    expect(start.get_by_text("Upload media").first).to_be_visible()
    shoot(start, "mastodon-missing")
    assert Connection.objects.get().missing == ["write:media"]
    start.get_by_role("link", name="Review permissions").click()
    leave(start, CURRENT)
    allow(start, f"ada@{CURRENT}")
    expect(start.get_by_text(ONLY)).to_be_visible()
    assert Connection.objects.get().state == S.CONNECTED


def test_the_server_is_registered_at_once_and_once(start, installation):
    """The second sign-in uses what the first one's server made."""
    leave(start, CURRENT)
    allow(start, f"ada@{CURRENT}")
    expect(start.get_by_text(ONLY)).to_be_visible()
    base = start.url.partition("/connect/")[0]
    profile = SocialProfile.objects.get()
    start.goto(f"{base}/connect/mastodon/?profile={profile.pk}")
    leave(start, CURRENT)
    allow(start, f"ada@{CURRENT}")
    expect(start.get_by_text(ONLY)).to_be_visible()
    assert len(installation.sandbox.calls("mastodon", "register")) == 1
    assert Connection.objects.get().version == 2


def test_a_server_that_forgot_us_is_asked_anew(start, installation):
    """Sheet 2.1: the kept registration was cleared away meanwhile."""
    leave(start, CURRENT)
    start.wait_for_url(re.compile(r"/oauth/authorize"))
    installation.sandbox.set(**{"mastodon.apps_live_s": 86_400})
    installation.sandbox.advance(86_401)
    start.go_back()
    leave(start, CURRENT)
    allow(start, f"ada@{CURRENT}")
    expect(start.get_by_text(ONLY)).to_be_visible()
    assert len(installation.sandbox.calls("mastodon", "register")) == 2


def test_declining_there_says_so_here(start):
    leave(start, CURRENT)
    start.get_by_role("button", name="Cancel").click()
    expect(start.get_by_text("You chose not to allow access")).to_be_visible()
    assert not SocialProfile.objects.exists()
