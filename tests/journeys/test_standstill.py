"""What stands still and goes on again: the stop switch, held posts, the lateness rule."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core import clock
from profiles.models import Connection, SocialProfile
from profiles.states import ConnectionState
from scheduling.models import Post, Stop, Target
from tests.journeys.test_main_job import connect_bluesky
from tests.journeys.writing import (
    FAR_AWAY,
    calendar_path,
    choose,
    middle_of_a_coming_month,
    planned,
    profiles,
    set_time,
)
from tests.publishing.conftest import work_off
from tests.support.plugin_browser import SIZES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WHY = "The campaign is paused until the client has spoken"


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, **SIZES["desktop"], **FAR_AWAY}


@pytest.fixture
def due(cast) -> Post:
    """Its time has come a moment ago."""
    at = clock.now() - timedelta(seconds=5)
    return planned(cast, profiles(cast)[0], at, "Due while it was stopped")


def path(cast, *parts: str) -> str:
    return "/".join(["", "g", str(cast.group.pk), *parts, ""])


def stop_everything(page: Page) -> None:
    page.get_by_role("link", name="Stop publishing").click()
    page.get_by_label("Why").fill(WHY)
    page.get_by_role("button", name="Stop publishing").click()
    expect(
        page.get_by_text("Publishing is stopped for Alice Studio").first
    ).to_be_visible()


def test_a_stop_holds_what_falls_due_and_lifting_lets_it_go(
    cast, desk, due, shoot, installation
):
    """R-F10: who, why; held meanwhile; seen where one plans; lifted with a plan."""
    stop_everything(desk)
    work_off()
    target = due.targets.get()
    assert (target.state, target.reason_code) == ("held", "stopped")
    assert installation.sandbox.ledger() == []
    desk.reload()
    shoot(desk, "stops")
    desk.goto(installation.url + calendar_path(cast.group, clock.now()))
    banner = desk.locator(".stop")
    expect(banner).to_contain_text(WHY)
    expect(banner).to_contain_text("Alice")
    expect(desk.get_by_role("link", name="On hold 1")).to_be_visible()
    shoot(desk, "stopped-calendar")
    banner.get_by_role("link", name="Lift").click()
    expect(desk.get_by_text("1 post was held meanwhile")).to_be_visible()
    shoot(desk, "stop-lift")
    desk.get_by_label("What was held").select_option("tomorrow")
    desk.get_by_role("button", name="Lift the stop").click()
    expect(desk.get_by_text("Lifted. 1 post was held. It goes out")).to_be_visible()
    target.refresh_from_db()
    assert target.state == "scheduled"
    assert timedelta(hours=22) < target.due_at - clock.now() < timedelta(hours=26)
    assert Stop.objects.get().lifted_by == cast.alice


def test_whoever_writes_meanwhile_sees_it(cast, enter, shoot):
    """R-F10: scheduling goes on, and the composer says that nothing goes out."""
    profiles(cast)
    Stop.objects.create(
        account=cast.group.account, group=cast.group, reason=WHY, set_by=cast.bob
    )
    page = enter(cast.alice, path(cast, "posts", "new"))
    expect(page.locator(".stop")).to_contain_text("Bob")
    shoot(page, "stopped-composer")
    choose(page, "@lena.example on Bluesky")
    page.locator("#composer-text").fill("Written in the storm")
    set_time(page, middle_of_a_coming_month())
    page.get_by_role("button", name="Schedule", exact=True).click()
    page.wait_for_url(re.compile(r"/posts/[0-9a-f-]{36}/"))
    assert Target.objects.get().state == "scheduled"


def test_a_stop_without_a_reason_is_refused_beside_it(cast, enter, shoot):
    """R-F10: the others will want to know."""
    page = enter(cast.alice, path(cast, "settings", "stops"))
    page.get_by_role("button", name="Stop publishing").click()
    expect(page.get_by_label("Why")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Say why")).to_be_visible()
    shoot(page, "stop-refused")
    assert not Stop.objects.exists()


def three_held(cast) -> SocialProfile:
    """Their times passed while the connection had run out."""
    profile = SocialProfile.objects.get()
    for number in range(3):
        at = clock.now() - timedelta(hours=3 - number)
        columns = {"state": "held", "next_at": None, "reason": "It ran out."}
        planned(cast, profile, at, f"Held number {number + 1}", **columns)
    Connection.objects.update(state=ConnectionState.REFRESH_NEEDED)
    return profile


def test_after_reconnecting_the_held_posts_go_out(cast, desk, installation, shoot):
    """R-D6: on the page that says Connected, spaced apart, the oldest at once."""
    connect_bluesky(desk, installation.sandbox)
    profile = three_held(cast)
    desk.goto(installation.url + path(cast, "posts", "held"))
    expect(desk.get_by_text("needs attention: refresh needed")).to_be_visible()
    shoot(desk, "held-refresh-first")
    desk.get_by_role("link", name="Refresh the connection").click()
    desk.get_by_role("button", name="Continue to Bluesky").click()
    desk.get_by_role("button", name="Allow").click()
    expect(desk.get_by_role("heading", name="3 posts are on hold")).to_be_visible()
    shoot(desk, "done-held")
    desk.get_by_role("radio", name=re.compile("^Now")).check()
    desk.get_by_role("button", name="Confirm for all 3").click()
    expect(desk.get_by_text(f"3 posts go out on {profile.label}")).to_be_visible()
    expect(desk.get_by_text("posts are on hold")).to_have_count(0)
    work_off()
    [row] = installation.sandbox.ledger()
    assert row["text"] == "Held number 1"
    waiting = Target.objects.filter(state="scheduled").order_by("due_at")
    assert [target.post.text[-1] for target in waiting] == ["2", "3"]


def test_list_of_what_is_on_hold(cast, enter, shoot):
    """R-D6: profile by profile, each with its choice."""
    bluesky, instagram = profiles(cast)
    for number in range(3):
        at = clock.now() - timedelta(hours=number + 1)
        planned(cast, bluesky, at, f"Bluesky {number}", state="missed", next_at=None)
    planned(cast, instagram, clock.now(), "Only one", state="held", next_at=None)
    page = enter(cast.alice, path(cast, "posts", "held"))
    shoot(page, "held")
    card = page.locator(
        "section", has=page.get_by_role("heading", name="@lena.example")
    )
    card.get_by_role("radio", name=re.compile("^Next free times")).check()
    card.get_by_role("button", name="Confirm for all 3").click()
    expect(page.get_by_text("3 posts go out on @lena.example")).to_be_visible()
    dues = sorted(
        Target.objects.filter(state="scheduled").values_list("due_at", flat=True)
    )
    assert dues[2] - dues[1] == dues[1] - dues[0] == timedelta(minutes=30)


def test_one_post_goes_on_from_its_own_page(cast, enter, shoot):
    """R-D6: each way says when that is."""
    columns = {"state": "missed", "next_at": None, "reason": "Its time passed."}
    post = planned(cast, profiles(cast)[0], clock.now(), **columns)
    page = enter(cast.alice, path(cast, "posts", str(post.pk)))
    shoot(page, "post-ways")
    page.get_by_role("button", name="Next free time").click()
    expect(page.locator("#post-state")).to_contain_text("Scheduled")
    expect(page.get_by_text("Resumed: goes out on Bluesky")).to_be_visible()


def test_rule_for_being_late_is_chosen_quietly(cast, enter, shoot):
    """R-F8: folded away; once chosen it stands on the post's page."""
    profiles(cast)
    page = enter(cast.alice, path(cast, "posts", "new"))
    minutes = page.get_by_label("when more than")
    expect(minutes).to_be_hidden()
    page.get_by_text("If it can't go out on time").first.click()
    page.locator("#composer-late-rule").select_option("drop")
    minutes.fill("0")
    shoot(page, "composer-late")
    choose(page, "@lena.example on Bluesky")
    page.locator("#composer-text").fill("Good morning")
    set_time(page, middle_of_a_coming_month())
    page.get_by_role("button", name="Schedule", exact=True).click()
    expect(page.get_by_text("Write whole minutes")).to_be_visible()
    minutes.fill("45")
    page.get_by_role("button", name="Schedule", exact=True).click()
    page.wait_for_url(re.compile(r"/posts/[0-9a-f-]{36}/"))
    expect(
        page.get_by_text("It is dropped when more than 45 minutes late.")
    ).to_be_visible()
    post = Post.objects.get()
    assert (post.late_rule, post.late_min) == ("drop", 45)
