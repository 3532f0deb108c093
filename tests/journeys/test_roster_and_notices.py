"""Roster and notices in Chromium: both sizes, both themes, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import AccessGroup, Membership, User
from core import clock
from notifications.actions import notify
from platforms import registry
from profiles.actions.sets import create_set
from profiles.states import ConnectionState
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.people import Cast
from tests.support.plugin_browser import SIZES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("redis_cache"),
]
Enter = Callable[[User, str], Page]
Shoot = Callable[[Page, str], None]


def creator(cast: Cast, name: str, state: str) -> AccessGroup:
    group = AccessGroup.objects.create(account=cast.group.account, name=name)
    Membership.objects.create(user=cast.alice, group=group, role="owner")
    social_set = create_set(group=group, actor=cast.alice, name=name)
    profile = ProfileFactory(
        group=group,
        social_set=social_set,
        connection__state=state,
        connection__method=registry.get("bluesky").methods[0].key,
    )
    post = PostFactory(
        group=group,
        text="A walk in the hills before the rain comes over the ridge again",
        scheduled_at=clock.now() + timedelta(days=1),
    )
    TargetFactory(post=post, profile=profile)
    return group


def told(cast: Cast, title: str) -> None:
    notify(
        user=cast.alice,
        code="target.failed",
        title=title,
        text="The photo is too wide.\n\nThe post: A walk in the hills",
        path=f"/g/{cast.group.pk}/media/",
    )


def test_a_roster_leads_to_the_creator_who_needs_a_hand(
    enter: Enter, cast: Cast, shoot: Shoot
) -> None:
    """R-G1, R-G5, R-J3."""
    creator(cast, "Maya Lindqvist", ConnectionState.CONNECTED)
    creator(cast, "Zoë Aurelia Montgomery-Featherstone", ConnectionState.REFRESH_NEEDED)
    page = enter(cast.alice, "/")
    rail = page.get_by_role("navigation", name="Sections", exact=True)
    rail.get_by_role("link", name="Roster").click()
    first = page.get_by_role("row").nth(1)
    expect(first).to_contain_text("Zoë")
    expect(first).to_contain_text("Refresh needed")
    shoot(page, "roster")
    page.set_viewport_size(SIZES["phone"]["viewport"])
    wrap = page.locator(".table-wrap")
    assert wrap.evaluate("box => box.scrollWidth - box.clientWidth") == 0
    page.set_viewport_size(SIZES["desktop"]["viewport"])
    first.get_by_role("link", name="1 needs attention").click()
    expect(page.get_by_text("Refresh needed").first).to_be_visible()


def test_notices_are_read_one_by_one_and_all_at_once(
    enter: Enter, cast: Cast, shoot: Shoot
) -> None:
    """R-F4."""
    for name in ("Bluesky", "Telegram", "Instagram"):
        told(cast, f"Your post to @hills on {name} failed")
    page = enter(cast.alice, "/user/email/")
    page.get_by_role("link", name="Notices, 3 unread").click()
    expect(page.get_by_role("heading", name="Notices")).to_be_visible()
    shoot(page, "notices")
    page.get_by_role("link", name="on Telegram failed").click()
    expect(page.get_by_role("heading", name="Media")).to_be_visible()
    page.get_by_role("link", name="Notices, 2 unread").click()
    page.get_by_role("button", name="Mark all read").click()
    expect(page.get_by_role("link", name="Notices", exact=True)).to_be_visible()
    expect(page.get_by_role("img", name="Unread")).to_have_count(0)


def test_notices_and_roster_work_without_scripts(
    browser: Browser, enter: Enter, cast: Cast
) -> None:
    told(cast, "Your post failed")
    creator(cast, "Maya Lindqvist", ConnectionState.CONNECTED)
    page = enter(cast.alice, "/roster/")
    state = page.context.storage_state()
    context = browser.new_context(java_script_enabled=False, storage_state=state)
    plain = context.new_page()
    plain.goto(page.url)
    expect(plain.get_by_role("rowheader", name="Maya Lindqvist")).to_be_visible()
    plain.get_by_role("link", name="Notices, 1 unread").click()
    plain.get_by_role("button", name="Mark all read").click()
    expect(plain.get_by_role("link", name="Notices", exact=True)).to_be_visible()
    context.close()
