"""A thread written in the composer: added, counted, kept, seen before it goes out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from scheduling.models import Post, Target
from tests.factories import PostFactory, TargetFactory
from tests.journeys.writing import (
    FAR_AWAY,
    choose,
    middle_of_a_coming_month,
    profiles,
    set_time,
)
from tests.support.plugin_browser import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BLUESKY = "@lena.example on Bluesky"
SECOND = "Second: what the light does at six."
THIRD = "Third: and what is left of it at seven."


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, **SIZES["desktop"], **FAR_AWAY}


@pytest.fixture
def composer(enter, cast):
    profiles(cast)
    page = enter(cast.alice, f"/g/{cast.group.pk}/posts/new/")
    page.locator("#composer-text").fill("First: a quiet morning by the lake.")
    return page


def part(page, number):
    return page.get_by_role("textbox", name=f"Thread, part {number}", exact=True)


def write_thread(page):
    choose(page, BLUESKY)
    page.get_by_role("button", name="Thread for @lena.example on Bluesky").click()
    part(page, 2).fill(SECOND)
    page.get_by_role("button", name="Add another for @lena.example").click()
    part(page, 3).fill(THIRD)


def test_a_thread_is_offered_only_where_it_is_declared(composer):
    button = composer.get_by_role("button", name="Thread for")
    expect(button).to_be_hidden()
    choose(composer, BLUESKY)
    expect(button).to_be_visible()


def test_each_part_is_counted_and_shown_in_the_preview(composer, shoot):
    """R-F6: by the platform's own limit, while typing."""
    write_thread(composer)
    left = composer.locator("[data-follow-left]").first
    expect(left).to_have_text(str(300 - len(SECOND)))
    shown = composer.locator("[data-preview-follows] li")
    expect(shown).to_have_text([SECOND, THIRD])
    part(composer, 3).fill("x" * 301)
    message = "Bluesky (thread, part 3) takes 300 characters; this is 1 too many."
    expect(composer.get_by_text(message)).to_be_visible()
    shoot(composer, "composer-thread")


def test_a_removed_part_is_gone_and_the_rest_move_up(composer):
    write_thread(composer)
    composer.get_by_role("button", name="Remove Thread, part 2").click()
    expect(part(composer, 2)).to_have_value(THIRD)
    expect(part(composer, 2)).to_be_focused()
    expect(part(composer, 3)).to_have_count(0)


def test_a_reload_loses_nothing_and_the_post_keeps_its_parts(composer):
    write_thread(composer)
    expect(composer.locator("[data-saved]")).to_contain_text("Saved")
    composer.reload()
    expect(part(composer, 3)).to_have_value(THIRD)
    set_time(composer, middle_of_a_coming_month())
    composer.get_by_role("button", name="Schedule", exact=True).click()
    composer.wait_for_url("**/posts/*-*/")
    assert Target.objects.get().options == {"follow_ups": [SECOND, THIRD]}


def test_half_a_thread_shows_what_is_out_and_how_to_go_on(cast, enter, shoot):
    """The words, a link to each part that is out, and Try again."""
    reason = "The post is out; what follows it isn't yet. Bluesky refused the text."
    out = [{"id": f"{n}", "url": f"https://bsky.app/{n}", "data": {}} for n in (1, 2)]
    post = PostFactory(group=cast.group, author=cast.alice, text="First part.")
    TargetFactory(
        post=post,
        profile=profiles(cast)[0],
        state="failed",
        next_at=None,
        permalink="https://bsky.app/1",
        parts_out=out,
        options={"follow_ups": [SECOND, THIRD]},
        reason=reason,
    )
    page = enter(cast.alice, f"/g/{cast.group.pk}/posts/{Post.objects.get().pk}/")
    expect(page.get_by_text(reason)).to_be_visible()
    link = page.get_by_role("link", name="View part 2 on Bluesky")
    expect(link).to_have_attribute("href", "https://bsky.app/2")
    expect(page.locator(".parts__one").nth(2)).to_contain_text("To follow")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    shoot(page, "post-thread")
