"""Access removed in the platform's own settings, told by its callback, and the way back."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from profiles.models import Connection, SocialProfile
from profiles.states import ConnectionState as S
from tests.journeys.conftest import Installation
from tests.journeys.test_connect_facebook import ONLY, allow, leave, pick

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOTH = ("^Fjord Yoga (?!Retreats)", "Corner Bakery")


def told(installation: Installation, name: str) -> dict[str, Any]:
    """Facebook calls us about Nora; what it was answered."""
    (answer,) = installation.sandbox.call_back(
        "facebook",
        "nora.quist",
        f"{installation.url}/hooks/facebook/{name}/",
        name=name,
        secret=os.environ["PLATFORM_FACEBOOK_CLIENT_SECRET"],
    )
    assert answer["status"] == 200
    found: dict[str, Any] = json.loads(answer["body"])
    return found


@pytest.fixture
def pages(desk: Page) -> Page:
    """Three Pages of Nora's, connected; the browser is back at the settings."""
    leave(desk)
    allow(desk)
    pick(desk, *BOTH)
    expect(desk.get_by_text(ONLY)).to_have_count(3)
    desk.get_by_role("link", name="See all profiles").click()
    expect(desk.get_by_text("Fjord Yoga").first).to_be_visible()
    return desk


def test_all_pages_of_the_person_need_a_refresh_and_get_it(pages, installation, shoot):
    """R-D8: shown at once with its cause; one sign-in away from working again."""
    told(installation, "deauthorize")
    pages.reload()
    expect(pages.get_by_text("Refresh needed").first).to_be_visible()
    expect(pages.get_by_text("was removed at Facebook").first).to_be_visible()
    shoot(pages, "withdrawn-settings")
    states = Connection.objects.values_list("state", "sealed")
    assert set(states) == {(S.REFRESH_NEEDED, "")}
    pages.get_by_role("link", name="Refresh").first.click()
    pages.get_by_role("button", name="Continue to Facebook").click()
    allow(pages)
    expect(pages.get_by_text(ONLY).first).to_be_visible()
    assert Connection.objects.filter(state=S.CONNECTED).exists()


def test_who_asked_to_be_forgotten_is(pages, installation):
    """R-I3: gone from the settings, and told at the address that Facebook shows."""
    receipt = told(installation, "data-deletion")
    pages.reload()
    expect(pages.get_by_text("Fjord Yoga")).to_have_count(0)
    pages.goto(receipt["url"])
    expect(pages.get_by_text("Deleted for 3 profiles")).to_be_visible()
    assert not SocialProfile.objects.active().exists()
