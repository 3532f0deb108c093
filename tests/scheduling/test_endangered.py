"""R-D4: which posts a connection's end stops, in one query."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from profiles.dangers import endangered as asked
from profiles.models import SocialProfile
from scheduling.endangered import SHOWN, endangered
from scheduling.states import TargetState
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.profiles.crowd import statements
from tests.support.connected import a_set

pytestmark = pytest.mark.django_db


@pytest.fixture
def profile(cast) -> SocialProfile:
    return ProfileFactory(group=cast.group, social_set=cast.social_set)


def post(cast, profile, hours: float, text: str = "Hello", **fields):
    at = clock.now() + timedelta(hours=hours)
    made = PostFactory(group=cast.group, author=cast.alice, text=text, scheduled_at=at)
    return TargetFactory(post=made, profile=profile, **fields)


def lines(profile, since=None) -> list[str]:
    found = endangered({profile.pk: since or clock.now()})
    return [each.text for each in found[profile.pk].first] if found else []


def test_scheduled_posts_are_told_soonest_first(cast, profile):
    post(cast, profile, 3, "Later")
    post(cast, profile, 1, "Soon")
    assert lines(profile) == ["Soon", "Later"]


def test_those_before_the_end_go_out(cast, profile):
    post(cast, profile, 1, "Before")
    post(cast, profile, 30, "After")
    assert lines(profile, clock.now() + timedelta(days=1)) == ["After"]


@pytest.mark.parametrize(
    "state", [TargetState.FAILED, TargetState.DRAFT, TargetState.HELD]
)
def test_what_waits_for_no_time_is_in_no_danger(cast, profile, state):
    post(cast, profile, 1, state=state)
    assert lines(profile) == []


def test_deleted_posts_are_in_no_danger(cast, profile):
    target = post(cast, profile, 1)
    target.post.deleted_at = clock.now()
    target.post.save()
    assert lines(profile) == []


def test_the_list_is_bounded_and_the_count_is_not(cast, profile):
    for hours in range(SHOWN + 3):
        post(cast, profile, hours + 1)
    danger = endangered({profile.pk: clock.now()})[profile.pk]
    assert (len(danger.first), danger.count, danger.more) == (SHOWN, SHOWN + 3, 3)


def test_a_post_without_text_has_a_name(cast, profile):
    post(cast, profile, 1, "")
    assert lines(profile) == ["A post without text"]


def test_many_profiles_are_one_statement(cast):
    since = {}
    for number in range(12):
        each = ProfileFactory(group=cast.group, social_set=a_set(cast, str(number)))
        post(cast, each, 1)
        since[each.pk] = clock.now() + timedelta(minutes=number)
    with statements() as seen:
        assert len(endangered(since)) == 12
    assert len(seen) == 1


def test_nobody_asked_about_is_no_statement(db):
    with statements() as seen:
        assert endangered({}) == {}
    assert seen == []


def test_the_profiles_app_hears_of_it(cast, profile):
    post(cast, profile, 1)
    assert asked({profile.pk: clock.now()})[profile.pk].count == 1
