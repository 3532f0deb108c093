"""A post is a moment, not an hour: shortly before midnight it stands on its day only."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.writing import (
    FAR_AWAY,
    calendar_path,
    cell,
    middle_of_a_coming_month,
    planned,
    profiles,
)
from tests.support.plugin_browser import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, **SIZES["desktop"], **FAR_AWAY}


@pytest.fixture
def late():
    return middle_of_a_coming_month().replace(hour=23, minute=59)


@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_last_minute_of_a_day_is_shown_once(enter, cast, late, view):
    """R-E1: once in every view, and nowhere on the next day."""
    post = planned(cast, profiles(cast)[0], late)
    page = enter(cast.alice, calendar_path(cast.group, late, view))
    chips = page.locator(f"a[data-post='{post.pk}'], .fc-event [data-post='{post.pk}']")
    expect(chips.first).to_be_visible()
    expect(chips).to_have_count(1)


def test_last_minute_of_a_day_is_as_wide_as_its_day(enter, cast, late):
    post = planned(cast, profiles(cast)[0], late)
    page = enter(cast.alice, calendar_path(cast.group, late))
    inside = cell(page, late).locator(f"a[data-post='{post.pk}']")
    expect(inside).to_be_visible()
    box, day = inside.bounding_box(), cell(page, late).bounding_box()
    assert box and day
    assert box["width"] <= day["width"]
