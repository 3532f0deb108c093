"""Disconnecting a profile and moving it, with what becomes of its posts, in Chromium."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.actions.groups import create_group
from core import clock
from profiles.actions.sets import create_set
from profiles.models import Connection, SocialProfile
from scheduling.models import Post, Target
from scheduling.states import TargetState
from tests.factories import PostFactory, ProfileFactory, TargetFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

POSTS = (
    "Summer sale begins",
    "Behind the scenes of our new kitchen, with a rather long line of text about it",
    "Three questions to Maya",
)


def profile(cast, handle: str, place=None) -> SocialProfile:
    made: SocialProfile = ProfileFactory(
        group=cast.group,
        social_set=place or cast.social_set,
        platform="bluesky",
        name=handle.partition(".")[0].title(),
        handle=handle,
        connection__method="oauth",
    )
    return made


@pytest.fixture
def maya(cast) -> SocialProfile:
    made = profile(cast, "maya.example")
    for text in POSTS:
        post = PostFactory(group=cast.group, author=cast.alice, text=text)
        TargetFactory(post=post, profile=made, kind="text")
    return made


@pytest.fixture
def second(cast):
    return create_set(group=cast.group, actor=cast.alice, name="Second")


@pytest.fixture
def leaving(maya, desk: Page) -> Page:
    desk.reload()
    desk.get_by_role("link", name="Disconnect @maya.example").click()
    expect(desk.get_by_text("3 posts still need it")).to_be_visible()
    return desk


def disconnect(page: Page) -> None:
    page.get_by_role("button", name="Disconnect").click()
    expect(page.get_by_text("@maya.example was disconnected.")).to_be_visible()


def states(**which) -> set[str]:
    return set(Target.objects.filter(**which).values_list("state", flat=True))


def test_nothing_is_chosen_beforehand(leaving: Page, shoot):
    """R-D7: the posts are shown; without a choice nothing happens."""
    expect(leaving.get_by_text(POSTS[0])).to_be_visible()
    expect(leaving.get_by_role("radio", checked=True)).to_have_count(0)
    shoot(leaving, "disconnect-needed")
    leaving.get_by_role("button", name="Disconnect").click()
    assert Connection.objects.get().sealed


def test_posts_are_deleted_with_the_connection(leaving: Page, maya, shoot):
    """R-D7, R-D8."""
    leaving.get_by_label("Delete them").check()
    disconnect(leaving)
    assert not Post.objects.alive().exists()
    assert Connection.objects.get().sealed == ""
    empty = leaving.get_by_role("link", name="Connect Bluesky")
    expect(empty).to_have_count(1)
    shoot(leaving, "disconnected")


def test_posts_become_drafts(leaving: Page, maya):
    """R-D7."""
    leaving.get_by_label("Turn them into drafts").check()
    disconnect(leaving)
    assert states(profile=maya) == {TargetState.DRAFT}


def test_posts_move_to_the_profile_a_person_chose(
    second, maya, desk: Page, cast, shoot
):
    """R-D7: the list appears with the choice and has none of its own."""
    other = profile(cast, "bea.example", second)
    desk.reload()
    desk.get_by_role("link", name="Disconnect @maya.example").click()
    which = desk.get_by_label("Which profile")
    expect(which).to_be_hidden()
    desk.get_by_label("Move them to another profile").check()
    expect(which).to_have_value("")
    desk.get_by_role("button", name="Disconnect").click()
    expect(desk.get_by_text("Choose the profile that takes")).to_be_visible()
    shoot(desk, "disconnect-heir")
    desk.get_by_label("Which profile").select_option(label="@bea.example (Second)")
    disconnect(desk)
    assert states(profile=other) == {TargetState.SCHEDULED}
    assert Target.objects.filter(profile=other).count() == 3


def test_while_one_is_going_out_it_says_to_wait(maya, desk: Page, shoot):
    """R-D7, R-F3."""
    row = Target.objects.first()
    assert row is not None
    Target.objects.filter(pk=row.pk).update(
        state=TargetState.CLAIMED, lease_until=clock.now(), fence=1
    )
    desk.reload()
    desk.get_by_role("link", name="Disconnect @maya.example").click()
    expect(desk.get_by_text("being published right now")).to_be_visible()
    expect(desk.get_by_role("button", name="Disconnect")).to_have_count(0)
    shoot(desk, "disconnect-wait")


def test_without_posts_one_press_is_enough(cast, desk: Page, shoot):
    """R-D8."""
    profile(cast, "maya.example")
    desk.reload()
    desk.get_by_role("link", name="Disconnect @maya.example").click()
    expect(desk.get_by_text("destroy our key to it")).to_be_visible()
    shoot(desk, "disconnect")
    disconnect(desk)
    assert Connection.objects.get().sealed == ""


def test_moving_warns_first_and_takes_the_posts_along(maya, desk: Page, cast, shoot):
    """R-B5."""
    group = create_group(account=cast.group.account, actor=cast.alice, name="Harbour")
    create_set(group=group, actor=cast.alice, name="Harbour set")
    desk.reload()
    desk.get_by_role("link", name="Move @maya.example").click()
    shoot(desk, "move")
    desk.get_by_label("Social Set").select_option(label="Harbour set")
    desk.get_by_role("button", name="Continue").click()
    expect(desk.get_by_text("Bob loses sight of @maya.example")).to_be_visible()
    expect(desk.get_by_text("3 scheduled posts")).to_be_visible()
    shoot(desk, "move-warning")
    desk.get_by_role("button", name="Move @maya.example").click()
    expect(desk.get_by_text("was moved to Harbour set, Harbour.")).to_be_visible()
    expect(desk).to_have_url(re.compile(str(group.pk)))
    shoot(desk, "moved")
    assert set(Post.objects.values_list("group", flat=True)) == {group.pk}
