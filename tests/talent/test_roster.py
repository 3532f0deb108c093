"""The roster: one line a creator, trouble first, a fixed number of queries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccessGroup, Membership, User
from core import clock
from profiles.actions.sets import create_set
from profiles.models import SocialProfile
from profiles.states import ConnectionState
from scheduling.states import TargetState
from talent.queries import Row, roster_of
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.people import Cast

pytestmark = pytest.mark.django_db
ROSTER = "/roster/"


def creator(cast: Cast, name: str) -> AccessGroup:
    """One more Access Group of Alice's account, with a Social Set."""
    group: AccessGroup = AccessGroup.objects.create(
        account=cast.group.account, name=name
    )
    Membership.objects.create(user=cast.alice, group=group, role="owner")
    create_set(group=group, actor=cast.alice, name=name)
    return group


def profile(group: AccessGroup, **fields: Any) -> SocialProfile:
    made: SocialProfile = ProfileFactory(
        group=group, social_set=group.social_sets.get(), **fields
    )
    return made


def scheduled(who: SocialProfile, text: str, at: datetime, **target: Any) -> None:
    post = PostFactory(group=who.group, text=text, scheduled_at=at)
    TargetFactory(post=post, profile=who, **target)


def row_of(user: User, group: AccessGroup) -> Row:
    return next(row for row in roster_of(user).rows if row.group == group)


def nav(client: Client, path: str = "/user/email/") -> bytes:
    page: bytes = client.get(path).content
    return page.split(b'aria-label="Sections"')[1].split(b"</nav>")[0]


def test_creators_who_need_attention_come_first(cast: Cast) -> None:
    """R-G5: connections that need attention."""
    fine, broken = creator(cast, "Anna"), creator(cast, "Zoe")
    profile(fine)
    profile(broken, connection__state=ConnectionState.REFRESH_NEEDED)
    names = [row.group.name for row in roster_of(cast.alice).rows]
    assert names == ["Zoe", "Alice Studio", "Anna"]
    assert row_of(cast.alice, broken).attention == 1


def test_each_platform_shows_its_state_broken_ones_first(cast: Cast) -> None:
    """R-G5: connected per platform."""
    group = creator(cast, "Zoe")
    profile(group)
    profile(
        group,
        platform="telegram",
        connection__state=ConnectionState.ENABLE_NEEDED,
    )
    lines = row_of(cast.alice, group).lines
    assert [line.look.word for line in lines[:2]] == ["Enable needed", "Connected"]
    assert {line.look.word for line in lines[2:]} == {"Empty"}


def test_the_next_post_is_the_soonest_that_goes_out_by_itself(cast: Cast) -> None:
    group = creator(cast, "Zoe")
    who = profile(group)
    now = clock.now()
    scheduled(who, "In two days", now + timedelta(days=2))
    scheduled(who, "Tomorrow", now + timedelta(days=1))
    draft = {"state": TargetState.DRAFT, "next_at": None}
    scheduled(who, "A draft", now + timedelta(hours=1), **draft)
    found = row_of(cast.alice, group).next
    assert found is not None
    assert found.text == "Tomorrow"


def test_a_deleted_or_past_post_is_not_next(cast: Cast) -> None:
    who = profile(cast.group)
    scheduled(who, "Past", clock.now() - timedelta(minutes=5))
    post = PostFactory(group=cast.group, deleted_at=clock.now())
    TargetFactory(post=post, profile=who)
    assert row_of(cast.alice, cast.group).next is None


def test_times_are_the_creators_own(cast: Cast) -> None:
    """Alice's group lives in Berlin: an hour ahead of UTC in winter."""
    who = profile(cast.group)
    at = datetime(2099, 1, 15, 9, 30, tzinfo=UTC)
    scheduled(who, "Far away", at)
    SocialProfile.objects.filter(pk=who.pk).update(last_published_at=at)
    row = row_of(cast.alice, cast.group)
    assert row.next is not None
    assert row.next.when == row.last_published == "Thu 15 Jan 2099, 10:30"


def test_only_ones_own_groups_are_listed(cast: Cast, charlie: Client) -> None:
    """R-B1: a stranger's creators are not even named."""
    assert [row.group for row in roster_of(cast.bob).rows] == [cast.group]
    page = charlie.get(ROSTER).content
    assert b"Charlie &amp; Co" in page
    assert b"Alice Studio" not in page


def test_the_page_leads_into_calendar_post_and_connections(
    alice: Client, cast: Cast
) -> None:
    who = profile(cast.group, connection__state=ConnectionState.REFRESH_NEEDED)
    scheduled(who, "Hills at dusk", clock.now() + timedelta(days=1))
    page = alice.get(ROSTER).content.decode()
    post = cast.group.posts.get()
    for name, ids in (
        ("scheduling:calendar", [cast.group.pk]),
        ("profiles:settings", [cast.group.pk]),
        ("scheduling:post", [cast.group.pk, post.pk]),
    ):
        assert reverse(name, args=ids) in page
    assert "1 needs attention" in page
    assert "Refresh needed" in page
    assert "Hills at dusk" in page


def test_a_hundred_creators_cost_no_more_queries(
    alice: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    """R-G1: a whole roster from one login."""
    for number in range(100):
        group = creator(cast, f"Creator {number:02}")
        who = profile(group)
        scheduled(who, f"Post {number}", clock.now() + timedelta(days=1))
    with django_assert_max_num_queries(10):
        page = alice.get(ROSTER).content
    assert b"Creator 42" in page
    assert b"Post 42" in page


def test_a_page_of_creators_and_the_way_to_the_next(alice: Client, cast: Cast) -> None:
    """R-G1: two thousand creators are no page that anybody can read."""
    for number in range(60):
        creator(cast, f"Creator {number:02}")
    last = creator(cast, "Zoe")
    profile(last, connection__state=ConnectionState.REFRESH_NEEDED)
    first = roster_of(cast.alice)
    assert (len(first.rows), first.rows[0].group, first.waiting) == (50, last, 1)
    assert len(roster_of(cast.alice, number="2").rows) == 12
    page = alice.get(ROSTER).content.decode()
    assert "62 creators, 1 needs attention" in page
    assert 'href="?page=2"' in page


def test_a_creator_is_found_by_name(alice: Client, cast: Cast) -> None:
    creator(cast, "Zoe Lind")
    creator(cast, "Bora")
    found = roster_of(cast.alice, "  zoe ")
    assert [row.group.name for row in found.rows] == ["Zoe Lind"]
    page = alice.get(ROSTER, {"q": "<b>nobody"}).content.decode()
    assert "No creator has that name." in page
    assert "<b>nobody" not in page


def test_somebody_without_groups_is_told_what_the_page_is_for(dana: Client) -> None:
    assert b"No creators yet" in dana.get(ROSTER).content


def test_a_visitor_is_led_to_the_sign_in(client: Client) -> None:
    assert client.get(ROSTER)["Location"].startswith("/user/login/")


def test_the_roster_is_in_the_rail_of_those_with_several_groups(
    alice: Client, cast: Cast
) -> None:
    assert b"Roster" not in nav(alice)
    group = creator(cast, "Zoe")
    assert b'href="/roster/"' in nav(alice)
    assert b'href="/roster/" aria-current="page"' in nav(alice, ROSTER)
    switcher = alice.get(ROSTER).content.decode()
    assert reverse("scheduling:calendar", args=[group.pk]) in switcher
