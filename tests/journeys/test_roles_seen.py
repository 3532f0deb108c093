"""A role that changes while its person is at work in another browser (R-A6)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from accounts.models import Membership, Role
from scheduling.models import Post
from tests.journeys.writing import (
    FAR_AWAY,
    choose,
    middle_of_a_coming_month,
    press,
    profiles,
    set_time,
    text,
)
from tests.support.plugin_browser import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BLUESKY = "@lena.example on Bluesky"
WORDS = "A morning that nobody shall type twice"


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, **SIZES["desktop"], **FAR_AWAY}


@pytest.fixture
def bobs(enter, cast) -> Page:
    """Bob's browser, with a post typed that he didn't send yet."""
    profiles(cast)
    page = enter(cast.bob, f"/g/{cast.group.pk}/posts/new/")
    choose(page, BLUESKY)
    text(page).fill(WORDS)
    set_time(page, middle_of_a_coming_month())
    return page


@pytest.fixture
def alices(browser: Browser, bobs: Page, enter, cast) -> Iterator[Page]:
    """The owner's own browser, at Bob's roles."""
    context = browser.new_context()
    enter(cast.alice, "/settings/users/", at=context.new_page())
    page = context.pages[0]
    page.get_by_role("link", name="Bob").click()
    yield page
    context.close()


def make_viewer(page: Page, cast) -> None:
    page.get_by_label(cast.group.name).select_option("Viewer")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"{cast.group.name} (viewer)")).to_be_visible()


def test_a_lost_right_is_told_and_nothing_typed_is_lost(bobs, alices, cast):
    """R-A6: the right is asked for when it is used, in the session that is open."""
    make_viewer(alices, cast)
    press(bobs, "Schedule")
    expect(bobs.get_by_text("Your role in Alice Studio doesn't allow")).to_be_visible()
    expect(text(bobs)).to_have_value(WORDS)
    assert not Post.objects.exists()


def test_the_next_page_offers_what_the_new_role_may(installation, bobs, alices, cast):
    url = f"{installation.url}/g/{cast.group.pk}/calendar/"
    bobs.goto(url)
    new = bobs.get_by_role("link", name="New post")
    expect(new.first).to_be_visible()
    make_viewer(alices, cast)
    bobs.goto(url)
    expect(bobs.get_by_role("heading", level=1)).to_contain_text("Calendar")
    expect(new).to_have_count(0)


def test_who_was_removed_finds_nothing_any_more(installation, bobs, alices, cast):
    """R-B1: for who isn't in it, a group isn't there."""
    alices.get_by_role("button", name="Remove from account").click()
    alices.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(alices.get_by_text("no longer in your account")).to_be_visible()
    assert not Membership.objects.filter(user=cast.bob).exists()
    answer = bobs.goto(f"{installation.url}/g/{cast.group.pk}/calendar/")
    assert answer is not None
    assert answer.status == 404


def test_a_given_right_is_there_at_once(installation, enter, browser, cast):
    """R-A6: a viewer who becomes a member can write without signing in anew."""
    Membership.objects.filter(user=cast.bob).update(role=Role.VIEWER)
    page = enter(cast.bob, f"/g/{cast.group.pk}/calendar/")
    expect(page.get_by_role("link", name="New post")).to_have_count(0)
    context = browser.new_context()
    owners = enter(cast.alice, "/settings/users/", at=context.new_page())
    owners.get_by_role("link", name="Bob").click()
    owners.get_by_label(cast.group.name).select_option("Member")
    owners.get_by_role("button", name="Save").click()
    expect(owners.get_by_text(f"{cast.group.name} (member)")).to_be_visible()
    context.close()
    page.reload()
    expect(page.get_by_role("link", name="New post")).to_be_visible()
