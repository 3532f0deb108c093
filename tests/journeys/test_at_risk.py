"""A post that something will stop, seen on the calendar and mended from its page."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.writing import (
    FAR_AWAY,
    calendar_path,
    chip,
    middle_of_a_coming_month,
    planned,
    profiles,
)
from tests.support.plugin_browser import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "Bluesky takes 300 characters; this is 4 too many."


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, **SIZES["desktop"], **FAR_AWAY}


def test_at_risk_is_seen_and_leads_to_its_fix(cast, enter, shoot):
    """R-F9: on the calendar's chip, on the page with words and the one next step."""
    at = middle_of_a_coming_month()
    columns = {"reason_code": "text_too_long", "reason": WORDS}
    post = planned(cast, profiles(cast)[0], at, **columns)
    page = enter(cast.alice, calendar_path(cast.group, at))
    marked = chip(page, post).locator(".chip-post[data-state='attention']")
    expect(marked).to_contain_text("At risk")
    shoot(page, "calendar-at-risk")
    page.goto(page.url.split("/calendar/")[0] + f"/posts/{post.pk}/")
    expect(page.locator("#post-state")).to_contain_text("At risk")
    expect(page.get_by_text(WORDS)).to_be_visible()
    shoot(page, "post-at-risk")
    page.get_by_role("link", name="Edit the post").click()
    page.wait_for_url("**/edit/")
