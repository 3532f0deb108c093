"""A plan in a browser: a story that needs a larger one, the reminder instead, and what
becomes of it; the plan's page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from accounts.actions.plans import set_plan
from core import clock
from scheduling.models import Post, Target
from tests.journeys.writing import (
    FAR_AWAY,
    choose,
    middle_of_a_coming_month,
    press,
    profiles,
    ready,
    saved_post,
    set_time,
    upload,
)
from tests.publishing.conftest import work_off
from tests.support import files
from tests.support.plugin_browser import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

INSTAGRAM = "@lena on Instagram"
LINK = "https://www.instagram.com/stories/lena/1/"


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, **SIZES["desktop"], **FAR_AWAY}


@pytest.fixture
def on_free(cast):
    set_plan(cast.group.account, "free")
    return profiles(cast)[1]


def path(post: Post) -> str:
    return f"/g/{post.group_id}/posts/{post.pk}/"


def test_a_story_on_free_becomes_a_reminder_and_is_posted_by_hand(
    on_free, enter, cast, shoot, tmp_path, live_server
):
    """R-B7, R-E5: said before scheduling, with the alternative; told at its time."""
    page = enter(cast.alice, f"/g/{cast.group.pk}/posts/new/")
    choose(page, INSTAGRAM)
    upload(page, files.photo(tmp_path / "story.jpg", (1080, 1920)))
    ready(page, 1)
    page.get_by_role("button", name="Story", exact=True).click()
    said = page.locator("[data-problems]")
    expect(said).to_contain_text("The Free plan doesn't Auto Publish Instagram stories")
    shoot(page, "plan-composer")
    press(page, "Remind me instead")
    expect(page.get_by_label("Who posts it as @lena on Instagram")).to_have_value(
        "reminder"
    )
    expect(said).to_be_hidden()
    shoot(page, "plan-composer-reminder")
    set_time(page, middle_of_a_coming_month())
    press(page, "Schedule")
    post = saved_post(page)
    expect(page.locator("#post-state")).to_contain_text("Reminder")

    now = clock.now()
    Target.objects.update(due_at=now, next_at=now)
    work_off()
    page.reload()
    expect(page.locator("#post-state")).to_contain_text("Time to post")
    shoot(page, "plan-reminder")
    page.get_by_label("Its address").fill(LINK)
    press(page, "Mark as posted")
    expect(page.locator("#post-state")).to_contain_text("Posted by hand")
    shoot(page, "plan-posted")
    assert post.targets.get().permalink == LINK


def test_pressed_without_reading_it_is_said_beside_the_choice(
    on_free, enter, cast, tmp_path
):
    page = enter(cast.alice, f"/g/{cast.group.pk}/posts/new/")
    choose(page, INSTAGRAM)
    upload(page, files.photo(tmp_path / "story.jpg", (1080, 1920)))
    ready(page, 1)
    page.get_by_role("button", name="Story", exact=True).click()
    set_time(page, middle_of_a_coming_month())
    press(page, "Schedule")
    beside = page.locator("[data-by-box] .field__error")
    expect(beside).to_contain_text("needs the Starter plan")
    page.get_by_label("Who posts it as @lena on Instagram").select_option("reminder")
    press(page, "Schedule")
    assert saved_post(page).targets.get().publish_by == "reminder"


@pytest.fixture
def for_sale(settings):
    settings.STRIPE_SECRET_KEY = "sk_test_nothing"
    settings.STRIPE_WEBHOOK_SECRET = "whsec_tests_only"
    settings.STRIPE_PRICES = {"starter": "p1", "growth": "p2", "agency": "p3"}
    settings.DEFAULT_PLAN = "free"


def test_the_plan_page_shows_use_and_what_is_for_sale(
    for_sale, on_free, enter, cast, shoot
):
    """R-B2: before anybody runs into a bound."""
    page = enter(cast.alice, "/settings/plan/")
    expect(page.get_by_text("1 of 1 Social Set")).to_be_visible()
    expect(page.get_by_role("button", name="Choose Growth")).to_be_visible()
    shoot(page, "plan-page")
    page.goto(re.sub("/settings/plan/", "/settings/users/", page.url))
    expect(page.get_by_text("2 of 1 person: that is all of your plan")).to_be_visible()
    page.get_by_role("link", name="See larger plans").click()
    expect(page).to_have_url(re.compile("/settings/plan/$"))


def test_without_billing_the_page_explains(enter, cast, shoot):
    page = enter(cast.alice, "/settings/plan/")
    expect(page.get_by_text("set up on this installation")).to_be_visible()
    shoot(page, "plan-unlimited")
