"""Bluesky in a browser: the sign-in of its own server, and an app password."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from profiles.models import Connection
from profiles.states import ConnectionState as S

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def start(desk: Page) -> Page:
    desk.get_by_role("link", name="Connect Bluesky").click()
    expect(desk.get_by_label("Handle or server")).to_be_visible()
    return desk


def account(installation) -> dict:
    return installation.sandbox.identities("bluesky")[0]


def test_its_own_sign_in_ends_connected(start, installation, shoot):
    """R-C2, R-C9: PAR, PKCE and DPoP behind one button."""
    who = account(installation)
    shoot(start, "bluesky")
    start.get_by_label("Handle or server").fill(who["handle"])
    start.get_by_role("button", name="Continue to Bluesky").click()
    start.wait_for_url(re.compile(re.escape(installation.sandbox.url)))
    start.get_by_role("button", name="Allow").click()
    expect(start.get_by_text("go out by themselves")).to_be_visible()
    connection = Connection.objects.get()
    assert connection.state == S.CONNECTED
    assert connection.profile.external_id == who["id"]
    assert connection.refresh_at is not None


def test_a_wrong_handle_is_told_beside_the_field(start, shoot):
    start.get_by_label("Handle or server").fill("nobody.at.all.example")
    start.get_by_role("button", name="Continue to Bluesky").click()
    field = start.get_by_label("Handle or server")
    expect(field).to_have_value("nobody.at.all.example")
    expect(start.locator(".field__error, .banner[data-tone=bad]")).to_be_visible()
    shoot(start, "bluesky-wrong")


def test_an_app_password_ends_connected(start, installation, shoot):
    who = account(installation)
    start.get_by_role("link", name="Use an app password").click()
    expect(start.get_by_label("App password")).to_be_visible()
    shoot(start, "bluesky-password")
    start.get_by_label("Handle").fill(who["handle"])
    start.get_by_label("App password").fill(who["extra"]["app_passwords"][0])
    start.get_by_role("button", name="Connect", exact=True).click()
    expect(start.get_by_text("go out by themselves")).to_be_visible()
    assert Connection.objects.get().method == "app_password"


def test_a_wrong_app_password_is_told_and_not_shown_again(start, installation):
    who = account(installation)
    start.get_by_role("link", name="Use an app password").click()
    start.get_by_label("Handle").fill(who["handle"])
    start.get_by_label("App password").fill("aaaa-bbbb-cccc-dddd")
    start.get_by_role("button", name="Connect", exact=True).click()
    expect(start.locator(".field__error, .banner[data-tone=bad]")).to_be_visible()
    expect(start.get_by_label("Handle")).to_have_value(who["handle"])
    expect(start.get_by_label("App password")).to_have_value("")
    assert not Connection.objects.exists()
