"""Social Sets & Access Groups, the strip and disconnecting, in Chromium."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.actions.groups import create_group
from core import clock
from profiles.actions.mark import mark
from profiles.actions.sets import create_set
from profiles.models import SocialProfile, SocialSet
from profiles.states import ConnectionState as S
from tests.factories import ProfileFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def profile(cast, platform: str, state: str, cause: str, **fields) -> SocialProfile:
    place = fields.pop("social_set", cast.social_set)
    method = {"telegram": "bot", "bluesky": "oauth", "instagram": "instagram_login"}
    made: SocialProfile = ProfileFactory(
        group=cast.group,
        social_set=place,
        platform=platform,
        connection__method=method[platform],
        **fields,
    )
    made.connection.ends_at = clock.now() + timedelta(days=9)
    made.connection.save()
    mark(made.connection, S.REFRESH_NEEDED, "The password was changed.")
    mark(made.connection, state, cause, missing=fields.get("missing"), actor=cast.alice)
    return made


@pytest.fixture
def studio(cast) -> SocialSet:
    """Two sets in every state that a page can show."""
    profile(cast, "telegram", S.CONNECTED, "Connected.", handle="mayacooks")
    profile(cast, "instagram", S.ENABLE_NEEDED, "Signed in.", handle="lena.studio")
    profile(cast, "bluesky", S.REFRESH_NEEDED, "Access was withdrawn at Bluesky.")
    second = create_set(group=cast.group, actor=cast.alice, name="Northtrail Gear")
    broken = profile(
        cast,
        "instagram",
        S.CONNECTED,
        "Connected.",
        handle="northtrail.gear",
        name="Northtrail Gear with a rather long name that goes on",
        social_set=second,
    )
    mark(
        broken.connection,
        S.PERMISSIONS_MISSING,
        "1 permission was not given at Instagram.",
        missing=["instagram_business_content_publish"],
    )
    return second


def test_states_and_actions_at_a_glance(studio, desk: Page, shoot):
    """R-B3, R-D1."""
    desk.reload()
    expect(desk.get_by_text("2 need attention")).to_be_visible()
    shoot(desk, "settings")


def test_the_history_of_a_connection_in_plain_words(studio, desk: Page, shoot):
    """R-D1: each entry with its cause, its time and who did it."""
    desk.reload()
    desk.get_by_role("link", name="History of @lena.studio").click()
    history = desk.get_by_role("region", name="History of the connection")
    expect(history.get_by_text("The password was changed.")).to_be_visible()
    expect(history.get_by_text("By Alice.")).to_be_visible()
    shoot(desk, "profile")


def history(page: Page, label: str) -> Locator:
    return page.get_by_role("link", name=f"History of {label}")


def test_many_groups_are_searched_and_narrowed(studio, desk: Page, cast, shoot):
    """R-B3: what needs somebody first, in every group of the person."""
    for name in ("Harbour", "Lighthouse", "Northwind"):
        group = create_group(account=cast.group.account, actor=cast.alice, name=name)
        place = create_set(group=group, actor=cast.alice, name=name)
        ProfileFactory(group=group, social_set=place, handle=f"{name.lower()}.example")
    desk.reload()
    shoot(desk, "settings-groups")
    desk.get_by_label("Find a group, set or profile").press_sequentially("harb")
    expect(desk.get_by_role("heading", name="Lighthouse")).to_have_count(0)
    expect(history(desk, "@harbour.example")).to_be_visible()
    desk.get_by_label("Find a group, set or profile").fill("")
    desk.get_by_label("Show", exact=True).select_option("attention")
    expect(history(desk, "@harbour.example")).to_have_count(0)
    expect(history(desk, "@lena.studio")).to_be_visible()
    shoot(desk, "settings-attention")
    desk.get_by_label("Find a group, set or profile").fill("nobody")
    expect(desk.get_by_text("Nothing is called that")).to_be_visible()
    desk.go_back()
    expect(desk.get_by_role("heading", name="Social Sets & Access")).to_be_visible()


def test_the_strip_connects_and_offers_the_fix(studio, desk: Page, cast, shoot):
    """R-C11: an empty icon connects, one with trouble says what."""
    desk.goto(desk.url.replace("/settings/profiles/", f"/calendar/?set={studio.pk}"))
    desk.get_by_role("button", name="northtrail.gear: Permissions missing").click()
    expect(desk.get_by_role("link", name="Review permissions")).to_be_visible()
    shoot(desk, "strip")
    desk.keyboard.press("Escape")
    desk.get_by_role("link", name="Connect Telegram").click()
    heading = desk.get_by_role("heading", name="Telegram for Northtrail Gear")
    expect(heading).to_be_visible()
    desk.get_by_role("link", name="Cancel").click()
    desk.wait_for_url(f"**/calendar/?set={studio.pk}")


def test_a_social_set_is_made_and_renamed(desk: Page, shoot):
    desk.get_by_role("link", name="New Social Set").click()
    desk.get_by_role("button", name="Create").click()
    expect(desk.get_by_text("Give the Social Set a name.")).to_be_visible()
    desk.get_by_label("Name").fill("Harbor")
    shoot(desk, "set")
    desk.get_by_role("button", name="Create").click()
    desk.get_by_role("link", name="Rename Harbor").click()
    desk.get_by_label("Name").fill("Harbour")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_role("heading", name="Harbour")).to_be_visible()
