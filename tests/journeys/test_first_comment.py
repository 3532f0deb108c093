"""Instagram's first comment: written in the composer, seen on the post's page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from core import clock
from profiles.models import Connection
from scheduling.models import Post, Target
from tests.factories import PostFactory, PostMediaFactory, TargetFactory
from tests.journeys.writing import (
    FAR_AWAY,
    choose,
    middle_of_a_coming_month,
    profiles,
    set_time,
)
from tests.support import files
from tests.support.connected import a_photo
from tests.support.plugin_browser import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

INSTAGRAM = "@lena on Instagram"
TAGS = "#kiln #stoneware and thanks to @sam"
RIGHT = "instagram_business_manage_comments"


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, **SIZES["desktop"], **FAR_AWAY}


@pytest.fixture
def lena(cast):
    [made] = [row for row in profiles(cast) if row.platform == "instagram"]
    Connection.objects.filter(profile=made).update(method="instagram_login")
    return made


@pytest.fixture
def composer(enter, cast, lena, tmp_path):
    page = enter(cast.alice, f"/g/{cast.group.pk}/posts/new/")
    page.locator("#composer-text").fill("First out of the kiln.")
    choose(page, INSTAGRAM)
    photo = files.photo(tmp_path / "bowl.jpg", (1080, 1080))
    page.locator("[data-files]").set_input_files([str(photo)])
    expect(page.locator("[data-strip] .tile:not([data-uploading])")).to_have_count(1)
    return page


def add_button(page):
    return page.get_by_role("button", name=f"First comment for {INSTAGRAM}")


def field(page):
    return page.get_by_role("textbox", name="First comment", exact=True)


def test_one_is_added_seen_and_kept(composer, shoot):
    """R-E2: one field, counted, in the preview, kept with the post."""
    add_button(composer).click()
    field(composer).fill(TAGS)
    expect(add_button(composer)).to_be_hidden()
    shown = composer.locator("[data-preview-follows] li")
    expect(shown).to_have_text([TAGS])
    shoot(composer, "composer-first-comment")
    set_time(composer, middle_of_a_coming_month())
    composer.get_by_role("button", name="Schedule", exact=True).click()
    composer.wait_for_url("**/posts/*-*/")
    assert Target.objects.get().options == {"follow_ups": [TAGS]}


def test_a_story_takes_none_and_says_so(composer):
    """R-E3: what was typed stays in sight, with the reason beside it."""
    add_button(composer).click()
    field(composer).fill(TAGS)
    kinds = composer.get_by_role("group", name=re.compile("Instagram"))
    kinds.get_by_role("button", name="Story").click()
    words = "An Instagram story takes no first comment."
    expect(composer.locator("[data-problems]")).to_contain_text(words)
    expect(field(composer)).to_have_value(TAGS)


def test_a_story_is_offered_none(composer):
    kinds = composer.get_by_role("group", name=re.compile("Instagram"))
    kinds.get_by_role("button", name="Story").click()
    expect(add_button(composer)).to_be_hidden()


def test_a_right_that_was_left_out_is_named_beside_it(enter, cast, lena, shoot):
    """R-C4: known before a word is written, and nothing is scheduled that would wait."""
    Connection.objects.filter(profile=lena).update(
        state="permissions_missing", missing=[RIGHT]
    )
    page = enter(cast.alice, f"/g/{cast.group.pk}/posts/new/")
    choose(page, INSTAGRAM)
    box = page.locator(f"[data-follow='{lena.pk}']")
    expect(box).to_contain_text("didn't give the permission “Comments”")
    expect(box).to_contain_text(RIGHT)
    shoot(page, "composer-comment-permission")


def a_post(cast, lena, **columns):
    post = PostFactory(group=cast.group, author=cast.alice, text="Out of the kiln.")
    PostMediaFactory(post=post, item=a_photo(cast))
    options = {"follow_ups": [TAGS]}
    TargetFactory(post=post, profile=lena, kind="image", options=options, **columns)
    return f"/g/{cast.group.pk}/posts/{Post.objects.get().pk}/"


def out(*ids):
    return [{"id": each, "url": "", "data": {}} for each in ids]


def test_the_page_of_the_post_shows_both_out(cast, enter, lena, shoot):
    """R-F11: the link is the post's; the comment has none of its own."""
    link = "https://www.instagram.com/p/kiln/"
    published = {"state": "published", "next_at": None, "permalink": link}
    parts_out, at = out("1", "2"), clock.now()
    path = a_post(cast, lena, parts_out=parts_out, published_at=at, **published)
    page = enter(cast.alice, path)
    parts = page.locator(".parts__one")
    expect(page.get_by_text("Post and first comment")).to_be_visible()
    view = parts.nth(0).get_by_role("link", name="View part 1 on Instagram")
    expect(view).to_have_attribute("href", re.compile("/p/kiln/"))
    expect(parts.nth(1)).to_contain_text("Out")
    shoot(page, "post-first-comment")


def test_a_comment_that_waits_is_told_from_the_post_that_is_out(cast, enter, lena):
    """R-F4: nobody publishes the post again because its comment is held."""
    lead = "The post is out; what follows it isn't yet."
    held = {"state": "held", "next_at": None, "reason": f"{lead} No permission."}
    page = enter(cast.alice, a_post(cast, lena, parts_out=out("1"), **held))
    expect(page.get_by_text(lead)).to_be_visible()
    expect(page.locator(".parts__one").nth(1)).to_contain_text("To follow")
