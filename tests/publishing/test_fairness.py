"""Whose turn it is: accounts take turns, platforms leave room, workers set the pace."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from core import clock
from profiles.models import SocialSet
from publishing.actions.claim import claim, tick
from publishing.actions.room import Room
from publishing.models import Heartbeat
from publishing.tasks import parts
from scheduling.models import Target
from scheduling.states import TargetState
from tests.factories import PostFactory, ProfileFactory, TargetFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def workers():
    """One worker of ten slots, seen just now."""
    return Heartbeat.objects.create(name="worker:one", seen_at=clock.now(), slots=10)


def due(group, author, profile, *, count=1, ago_s=1.0, **columns):
    at = clock.now() - timedelta(seconds=ago_s)
    return [
        TargetFactory(
            post=PostFactory(group=group, author=author, scheduled_at=at),
            profile=profile,
            **columns,
        )
        for _ in range(count)
    ]


@pytest.fixture
def busy(cast, profile):
    return lambda count, **columns: due(
        cast.group, cast.alice, profile, count=count, **columns
    )


@pytest.fixture
def quiet(cast, script):
    group = cast.charlies_group
    own = SocialSet.objects.create(group=group, name="Charlie")
    profile = ProfileFactory(group=group, social_set=own, platform="fake")
    return lambda **columns: due(group, cast.charlie, profile, **columns)[0]


def ids(claims):
    return {target_id for target_id, _ in claims}


def test_a_crowd_of_one_account_does_not_stand_before_anothers_post(
    workers, busy, quiet
):
    """R-F5: thirty posts are due for longer; the other account's comes first round."""
    busy(30, ago_s=60)
    single = quiet(ago_s=1)
    claimed = tick()
    assert str(single.pk) in ids(claimed.to_publish)
    assert len(claimed.to_publish) <= workers.slots


def test_no_more_is_claimed_than_the_workers_can_hold(workers, busy):
    busy(30)
    first = len(claim().to_publish)
    assert first == 7, "three quarters of ten, for the only platform"
    assert claim().to_publish == [], "the platform's share is in hand"


def test_a_crowd_is_told_so_that_the_tick_goes_on(workers, busy):
    busy(30)
    assert claim().crowded
    assert claim().crowded, "nothing was taken, and more is due"


def test_what_fits_is_no_crowd(workers, busy):
    busy(5)
    assert not claim().crowded


def test_what_is_done_makes_room_again(workers, busy):
    busy(30)
    held = ids(claim().to_publish)
    Target.objects.filter(pk__in=held).update(state="held", lease_until=None)
    assert len(claim().to_publish) == 7


def test_a_slow_platform_leaves_room_for_the_next(workers, busy, cast, script):
    """R-F5: all that one platform may hold is held; another's post goes out."""
    busy(30)
    claim()
    other = ProfileFactory(
        group=cast.group, social_set=cast.social_set, platform="telegram"
    )
    [post] = due(cast.group, cast.alice, other)
    assert ids(claim().to_publish) == {str(post.pk)}


def test_a_question_that_is_being_asked_counts_as_held(workers, busy):
    rows = busy(8)
    Target.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=TargetState.PROCESSING, next_at=clock.now()
    )
    assert len(claim().to_settle) == 7
    leased = Target.objects.filter(lease_until__gt=clock.now())
    assert leased.count() == 7


def test_lapsed_leases_hold_no_room(workers, busy):
    rows = busy(10)
    Target.objects.filter(pk__in=[row.pk for row in rows[:9]]).update(
        state=TargetState.PROCESSING,
        next_at=clock.now() + timedelta(hours=1),
        lease_until=clock.now() - timedelta(seconds=1),
    )
    assert len(claim().to_publish) == 1


def test_before_any_worker_was_seen_a_batch_is_taken(busy, settings):
    settings.PUBLISH_BATCH = 20
    busy(30)
    assert 0 < len(claim().to_publish) <= 20


def test_the_worker_that_ticks_counts_before_it_was_seen(busy):
    """A start with a crowd waiting must not claim it all at once."""
    busy(30)
    assert len(claim(own_slots=4).to_publish) == 3


def test_workers_that_were_not_seen_lately_take_nothing(workers, busy, settings):
    Heartbeat.objects.filter(pk=workers.pk).update(
        seen_at=clock.now() - timedelta(minutes=5)
    )
    Heartbeat.objects.create(name="worker:two", seen_at=clock.now(), slots=4)
    busy(30)
    assert len(claim().to_publish) == 3


def test_posts_whose_time_has_come_go_before_work_ahead(workers, busy):
    """Preparing a crowd for later doesn't delay what is due now."""
    later = clock.now() + timedelta(minutes=10)
    busy(30, ago_s=30, due_at=later)
    now = busy(3, ago_s=1)
    taken = ids(claim().to_publish)
    assert {str(row.pk) for row in now} <= taken


def test_each_platform_may_hold_three_quarters_of_what_others_leave():
    room = Room(16)
    for platform in ("one", "two", "three"):
        while room.take(platform):
            pass
    assert room.held == Counter(one=12, two=3, three=1)
    assert room.full() == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("count", "workers", "sizes"),
    [
        (1, 4, [1]),
        (3, 1, [3]),
        (3, 4, [1, 1, 1]),
        (9, 2, [5, 4]),
        (40, 1, [16, 16, 8]),
        (5, 0, [5]),
    ],
)
def test_claims_travel_together_and_each_worker_gets_some(count, workers, sizes):
    claims = [(str(number), 1) for number in range(count)]
    found = parts(claims, workers)
    assert [len(part) for part in found] == sizes
    assert [each for part in found for each in part] == claims


def test_no_claims_make_no_messages():
    assert parts([], 3) == []
