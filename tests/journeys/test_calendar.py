"""The calendar in a browser whose clock is on the other side of the world."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from core import clock
from scheduling.models import Target
from scheduling.states import TargetState
from tests.journeys.writing import (
    FAR_AWAY,
    calendar_path,
    cell,
    chip,
    drag,
    middle_of_a_coming_month,
    planned,
    profiles,
    toast,
    wall_of,
)
from tests.support.plugin_browser import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, **SIZES["desktop"], **FAR_AWAY}


@pytest.fixture
def at():
    return middle_of_a_coming_month()


@pytest.fixture
def post(cast, at):
    return planned(cast, profiles(cast)[0], at)


@pytest.fixture
def month(enter, cast, post, at):
    return enter(cast.alice, calendar_path(cast.group, at))


def test_time_is_of_the_group_wherever_the_browser_is(month, post, at):
    """R-E1: 10:00 in Berlin stands at 10:00 on its day, also in Auckland."""
    inside = cell(month, at).locator(f"a[data-post='{post.pk}']")
    expect(inside).to_contain_text("10:00")
    expect(inside).to_contain_text("Scheduled")
    expect(month.get_by_text("Europe/Berlin")).to_be_visible()


def test_first_paint_needs_no_second_question(page, enter, cast, post, at):
    """R-E1: the month's posts come with the page."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    enter(cast.alice, calendar_path(cast.group, at))
    expect(chip(page, post)).to_be_visible()
    assert not [url for url in asked if "/calendar/posts/" in url]


def test_drag_moves_the_post_and_undo_brings_it_back(month, post, at):
    """R-E1: drag and drop keeps the clock time; 8 seconds to take it back."""
    there = at + timedelta(days=2)
    drag(month, chip(month, post), cell(month, there))
    message = toast(month, f"Moved to {there:%a} {there.day} {there:%b}")
    expect(cell(month, there).locator(f"a[data-post='{post.pk}']")).to_be_visible()
    assert wall_of(post) == f"{there:%Y-%m-%dT%H:%M}"
    message.get_by_role("button", name="Undo").click()
    expect(cell(month, at).locator(f"a[data-post='{post.pk}']")).to_be_visible()
    expect(month.locator("[data-announce]")).to_contain_text("Back at")
    assert wall_of(post) == f"{at:%Y-%m-%dT%H:%M}"


def test_refused_drag_goes_back_with_the_reason(month, post, at):
    """R-E1: somebody else's worker was quicker; the person is told why."""
    Target.objects.filter(post=post).update(
        state=TargetState.PUBLISHED, published_at=clock.now(), next_at=None
    )
    drag(month, chip(month, post), cell(month, at + timedelta(days=1)))
    toast(month, "This post is out: its time can't be changed.")
    expect(cell(month, at).locator(f"a[data-post='{post.pk}']")).to_be_visible()
    assert wall_of(post) == f"{at:%Y-%m-%dT%H:%M}"


def test_drag_in_the_week_sets_the_hour(enter, cast, post, at):
    """R-E1: down two hours in the week's grid."""
    page = enter(cast.alice, calendar_path(cast.group, at, "week"))
    what = chip(page, post)
    expect(what).to_be_visible()
    start = what.bounding_box()
    x, y = start["x"] + 60, start["y"] + 10
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + top_of(page, "12:00") - top_of(page, "10:00"), steps=10)
    page.mouse.up()
    toast(page, "12:00")
    assert wall_of(post) == f"{at:%Y-%m-%d}T12:00"


def top_of(page, hour):
    return page.locator(
        f".fc-timegrid-slot-lane[data-time='{hour}:00']"
    ).bounding_box()["y"]


def test_published_post_can_not_be_picked_up(enter, cast, at):
    """R-E1: what is out stays where it went out."""
    columns = {"state": "published", "published_at": clock.now(), "next_at": None}
    out = planned(cast, profiles(cast)[0], at, **columns)
    page = enter(cast.alice, calendar_path(cast.group, at))
    drag(page, chip(page, out), cell(page, at + timedelta(days=1)))
    expect(cell(page, at).locator(f"a[data-post='{out.pk}']")).to_be_visible()
    assert wall_of(out) == f"{at:%Y-%m-%dT%H:%M}"


def test_keys_move_about(month, post, at):
    """ui.md: arrows, T, N and E."""
    title = month.locator("[data-period]")
    expect(title).to_have_text(f"{at:%B %Y}")
    month.keyboard.press("t")
    expect(title).to_have_text(f"{clock.now():%B %Y}")
    month.keyboard.press("ArrowLeft")
    expect(title).not_to_have_text(f"{clock.now():%B %Y}")
    month.keyboard.press("n")
    expect(month.get_by_role("dialog", name="New post")).to_be_visible()
    month.keyboard.press("Escape")
    expect(month.get_by_role("dialog", name="New post")).to_be_hidden()


def test_key_e_edits_the_post_in_hand(month, post):
    """ui.md: E opens the post that has the focus."""
    chip(month, post).focus()
    month.keyboard.press("e")
    dialog = month.get_by_role("dialog", name="Edit post")
    expect(dialog.locator("#composer-text")).to_have_value("A quiet morning")


def test_alt_and_arrows_move_the_post_in_hand(month, post, at):
    """WCAG 2.5.7: nobody needs to drag."""
    there = at + timedelta(days=1)
    chip(month, post).focus()
    month.keyboard.press("Alt+ArrowRight")
    toast(month, "Moved to")
    assert wall_of(post) == f"{there:%Y-%m-%dT%H:%M}"
    expect(chip(month, post)).to_be_focused()


def test_arrows_go_from_post_to_post(cast, enter, at):
    profile, _ = profiles(cast)
    first = planned(cast, profile, at, "First")
    second = planned(cast, profile, at + timedelta(days=1), "Second")
    page = enter(cast.alice, calendar_path(cast.group, at))
    chip(page, first).focus()
    page.keyboard.press("ArrowRight")
    expect(chip(page, second)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(chip(page, first)).to_be_focused()


def test_empty_day_opens_the_composer_with_that_day(month, at):
    """R-E1: a press on an empty slot."""
    there = at + timedelta(days=5)
    cell(month, there).click(position={"x": 60, "y": 80})
    expect(month.locator("#composer-date")).to_have_value(f"{there:%Y-%m-%d}")
    expect(month.locator("#composer-time")).to_have_value("10:00")


def test_post_is_looked_at_without_leaving(month, post):
    chip(month, post).click()
    peek = month.locator("#peek")
    expect(peek).to_contain_text("A quiet morning")
    expect(peek).to_contain_text("@lena.example")
    peek.get_by_role("link", name="Edit").click()
    expect(month.get_by_role("dialog", name="Edit post")).to_be_visible()


def test_saved_post_appears_at_once(month, at):
    """R-E1: what was written in the drawer stands in the calendar below it."""
    month.keyboard.press("n")
    month.locator("#composer-text").fill("Fresh from the drawer")
    month.get_by_role("checkbox", name="@lena.example").check(force=True)
    month.locator("#composer-date").fill(f"{at:%Y-%m-%d}")
    month.locator("#composer-time").fill("18:45")
    month.get_by_role("button", name="Schedule", exact=True).click()
    toast(month, "Scheduled for")
    fresh = cell(month, at).locator("a[data-post]", has_text="Fresh from the drawer")
    expect(fresh).to_contain_text("18:45")


def test_filters_are_in_the_address(cast, enter, at):
    """R-E1: by profile; a reload shows the same."""
    bluesky, instagram = profiles(cast)
    one, other = planned(cast, bluesky, at, "One"), planned(cast, instagram, at, "Two")
    page = enter(cast.alice, calendar_path(cast.group, at))
    page.get_by_role("button", name="All profiles").click()
    page.get_by_role("checkbox", name="@lena.example").check()
    expect(chip(page, other)).to_have_count(0)
    assert f"profile={bluesky.pk}" in page.url
    page.reload()
    expect(chip(page, one)).to_be_visible()
    expect(chip(page, other)).to_have_count(0)


def test_full_day_hides_nothing_without_a_way(cast, enter, at):
    """ui.md: no `+9 more` that leads nowhere."""
    profile, _ = profiles(cast)
    for number in range(9):
        planned(cast, profile, at + timedelta(minutes=15 * number), f"No {number}")
    page = enter(cast.alice, calendar_path(cast.group, at))
    cell(page, at).get_by_text("more").click()
    shown = page.locator(".fc-popover a[data-post]")
    expect(shown).to_have_count(9)


def test_month_and_week_show_the_same_post(month, post):
    """R-E1: same post, same clock time."""
    month.get_by_role("button", name="Week").click()
    expect(chip(month, post)).to_contain_text("10:00")
    month.get_by_role("button", name="List").click()
    expect(chip(month, post)).to_contain_text("10:00")


def test_nothing_planned_says_what_to_do(enter, cast):
    page = enter(cast.alice, f"/g/{cast.group.pk}/calendar/?view=month")
    expect(page.get_by_text("Nothing planned in this time.")).to_be_visible()


def test_every_view_stands_the_bars(cast, enter, at, shoot):
    """WCAG 2.2 AA, light and dark, both sizes: axe finds nothing."""
    bluesky, instagram = profiles(cast)
    planned(cast, bluesky, at, "Scheduled")
    hours = [at + timedelta(hours=number) for number in range(1, 4)]
    planned(cast, instagram, hours[0], "Failed", state="failed", next_at=None)
    planned(cast, bluesky, hours[1], "Draft", state="draft", next_at=None, due_at=None)
    columns = {"state": "published", "published_at": clock.now(), "next_at": None}
    out = planned(cast, instagram, hours[2], "Published", **columns)
    for view in ("month", "week", "list", "agenda"):
        page = enter(cast.alice, calendar_path(cast.group, at, view))
        expect(page.locator(f"main a[href*='{out.pk}']")).to_be_visible()
        shoot(page, f"calendar-{view}")


class TestPhone:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, **SIZES["phone"]}

    def test_list_is_what_a_phone_shows_first(self, cast, enter, context):
        """ui.md: no month grid squeezed onto the phone."""
        now = clock.now() + timedelta(minutes=30)
        post = planned(cast, profiles(cast)[0], now)
        page = enter(cast.alice, f"/g/{cast.group.pk}/calendar/")
        expect(page.get_by_role("button", name="List")).to_have_attribute(
            "aria-pressed", "true"
        )
        expect(chip(page, post)).to_have_count(1)
        chip(page, post).tap()
        expect(page.locator("#peek")).to_be_visible()

    def test_composer_fills_the_screen(self, cast, enter):
        page = enter(cast.alice, f"/g/{cast.group.pk}/calendar/")
        page.emulate_media(reduced_motion="reduce")
        page.get_by_role("link", name="New post").tap()
        dialog = page.get_by_role("dialog", name="New post")
        expect(dialog.locator("#composer-text")).to_be_focused()
        box = dialog.bounding_box()
        assert (box["x"], box["width"]) == (0, 390)


class TestWithoutScripts:
    @pytest.fixture
    def browser_context_args(self, browser_context_args):
        return {**browser_context_args, "java_script_enabled": False}

    def test_calendar_is_a_list_with_links(self, cast, enter, post, at):
        """Works with JavaScript off for reading."""
        page = enter(cast.alice, calendar_path(cast.group, at))
        page.wait_for_url(re.compile("view=agenda"))
        page.get_by_role("link", name="A quiet morning").click()
        page.wait_for_url(re.compile(str(post.pk)))
