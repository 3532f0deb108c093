"""Pictures of profiles lie at the platforms, which take them away after a while."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from profiles.models import SocialProfile
from tests.factories import ProfileFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DOT = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'>"
    "<rect width='8' height='8' fill='teal'/></svg>"
)


@pytest.fixture
def lena(cast) -> SocialProfile:
    return ProfileFactory(
        group=cast.group,
        social_set=cast.social_set,
        platform="instagram",
        name="Lena",
        handle="lena",
        picture_url="https://cdn.example/lena.svg",
    )


def settings_page(enter, cast, page: Page, answer) -> Page:
    def serve(route: Route) -> None:
        route.fulfill(**answer)

    page.route("https://cdn.example/**", serve)
    return enter(cast.alice, f"/g/{cast.group.pk}/settings/profiles/")


def test_a_picture_covers_the_initial(enter, cast, lena, page):
    there = {"status": 200, "body": DOT, "content_type": "image/svg+xml"}
    shown = settings_page(enter, cast, page, there)
    picture = shown.locator(".slot .avatar__image")
    expect(picture).to_have_attribute("data-there", "")
    box, avatar = picture.bounding_box(), shown.locator(".slot .avatar").bounding_box()
    assert box == avatar


def test_one_that_is_gone_leaves_the_initial(enter, cast, lena, page):
    """Not an empty circle: one still sees whose row it is."""
    shown = settings_page(enter, cast, page, {"status": 403, "body": "expired"})
    expect(shown.locator(".slot .avatar__image")).to_have_count(0)
    expect(shown.locator(".slot .avatar")).to_have_text("L")


def test_the_switcher_opens_on_the_page_of_all_groups(enter, cast, lena):
    """R-B4: both list groups; neither stands in the other's way."""
    page = enter(cast.alice, f"/g/{cast.group.pk}/settings/profiles/")
    page.keyboard.press("g")
    expect(page.get_by_role("dialog", name="Access Groups")).to_be_visible()
