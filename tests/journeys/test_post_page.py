"""A post's page while its publication is under way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from core import clock
from publishing.models import Attempt
from scheduling.models import Post, Target
from tests.journeys.writing import (
    FAR_AWAY,
    middle_of_a_coming_month,
    planned,
    profiles,
)
from tests.support.plugin_browser import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINK = "https://words.example/1"


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, **SIZES["desktop"], **FAR_AWAY}


@pytest.fixture
def under_way(cast):
    now = clock.now()
    columns = {"state": "sending", "intent_at": now, "lease_until": now}
    return planned(cast, profiles(cast)[0], now, "On its way", **columns)


def path(post):
    return f"/g/{post.group_id}/posts/{post.pk}/"


def publish(post):
    Target.objects.filter(post=post).update(
        state="published", published_at=clock.now(), permalink=LINK, next_at=None
    )


def note(post, step, outcome, **columns):
    target = post.targets.get()
    Attempt.objects.create(
        target=target, fence=1, step=step, outcome=outcome, **columns
    )


def test_page_turns_live_by_itself_and_then_is_still(cast, enter, under_way):
    """R-F11: the story grows while one looks; asking stops when it is final."""
    page = enter(cast.alice, path(under_way))
    expect(page.locator("#post-state")).to_contain_text("Publishing")
    note(under_way, "send", "ok", http_status=200)
    publish(under_way)
    expect(page.get_by_role("link", name=re.compile("View on"))).to_have_attribute(
        "href", LINK
    )
    expect(page.locator("#post-state")).to_contain_text("Published")
    expect(page.get_by_text("Live on Bluesky")).to_be_visible()
    expect(page.locator("#targets[hx-trigger]")).to_have_count(0)


def test_what_a_person_opened_stays_open(cast, enter, under_way):
    """ui.md: a page never jumps."""
    note(under_way, "check", "ok", http_status=200, request_id="Req-1")
    page = enter(cast.alice, path(under_way))
    page.get_by_text("Details").click()
    expect(page.get_by_text("Req-1")).to_be_visible()
    note(under_way, "send", "intent")
    expect(page.get_by_text("Sending to Bluesky")).to_be_visible()
    expect(page.get_by_text("Req-1")).to_be_visible()


def test_person_says_it_is_out(cast, enter):
    """R-F4: Needs check, decided with a link."""
    now = clock.now()
    columns = {"state": "unconfirmed", "intent_at": now, "next_at": None}
    post = planned(cast, profiles(cast)[0], now, **columns)
    page = enter(cast.alice, path(post))
    page.get_by_label("Its address").fill(LINK)
    page.get_by_role("button", name="It is out").click()
    expect(page.locator("#post-state")).to_contain_text("Published")
    assert post.targets.get().permalink == LINK


def test_deleting_is_asked_first(cast, enter):
    post = planned(cast, profiles(cast)[0], middle_of_a_coming_month())
    page = enter(cast.alice, path(post))
    page.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog", name="Delete this post?")
    dialog.get_by_role("button", name="Cancel").click()
    assert Post.objects.alive().exists()
    page.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete").click()
    page.wait_for_url(re.compile("/calendar/"))
    assert not Post.objects.alive().exists()


def test_all_of_it_stands_the_bars(cast, enter, shoot):
    """WCAG 2.2 AA, light and dark, both sizes: axe finds nothing."""
    bluesky, instagram = profiles(cast)
    columns = {"state": "failed", "next_at": None, "reason": "Bluesky refused it."}
    post = planned(cast, bluesky, clock.now(), details="code 1", **columns)
    post.targets.create(
        profile=instagram, kind="image", state="unconfirmed", intent_at=clock.now()
    )
    note_all(post)
    page = enter(cast.alice, path(post))
    page.get_by_text("Details").first.click()
    shoot(page, "post")


def note_all(post):
    target = post.targets.get(profile__platform="bluesky")
    for step, outcome in (("check", "ok"), ("prepare", "waiting"), ("send", "refused")):
        Attempt.objects.create(
            target=target,
            fence=1,
            step=step,
            outcome=outcome,
            http_status=400,
            request_id="Req-1",
            details="their words",
        )
