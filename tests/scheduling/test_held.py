"""R-D6: held posts go on by choice: now, next free time, tomorrow, drop; one or all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from core import clock
from core.errors import DomainError
from profiles.states import ConnectionState
from scheduling import resuming, stops
from scheduling.actions.resume import resume_profile, resume_target
from scheduling.actions.stop import Order, Reach, set_stop
from scheduling.models import Post, Target
from tests.scheduling.conftest import MINUTE, NOW, dues, only

pytestmark = pytest.mark.usefixtures("march")


def held(make_post, state="held", **columns):
    return only(make_post(state, **columns))


def after(target):
    target = Target.objects.get(pk=target.pk)
    return target.state, target.due_at


def resume(cast, target, plan):
    resume_target(actor=cast.alice, target=target, plan=plan)
    return after(target)


def refused(call):
    with pytest.raises(DomainError) as caught:
        call()
    return caught.value


# When


@pytest.mark.parametrize(
    ("now", "found"),
    [("12:00", "12:30"), ("12:28:59", "12:30"), ("12:29:30", "13:00")],
)
def test_next_free_time_is_a_half_hour_by_the_wall(now, found):
    """R-D6: a minute ahead at least, so that a worker finds it scheduled."""
    instant = datetime.fromisoformat(f"2026-03-01T{now}").replace(tzinfo=UTC)
    with time_machine.travel(instant, tick=False):
        assert f"{resuming.next_half_hour('UTC'):%H:%M}" == found


def test_half_hours_are_those_of_the_zone():
    """Kathmandu is 5:45 ahead: its half hours are our quarters."""
    with time_machine.travel(datetime(2026, 3, 1, 11, 0, tzinfo=UTC), tick=False):
        assert f"{resuming.next_half_hour('Asia/Kathmandu'):%H:%M}" == "11:15"


@pytest.mark.parametrize(
    ("minutes", "found"), [(1, 60), (29, 60), (30, 60), (59, 90), (60, 30), (61, 30)]
)
def test_nothing_else_within_30_minutes(make_post, cast, minutes, found):
    """R-D6: 12:30 is free unless another post of the profile is nearer than that."""
    make_post(scheduled_at=NOW + minutes * MINUTE)
    target = held(make_post, scheduled_at=NOW - timedelta(hours=1))
    assert resume(cast, target, "free") == ("scheduled", NOW + found * MINUTE)


def test_what_just_went_out_counts(make_post, cast):
    make_post("published", target={"published_at": NOW})
    target = held(make_post)
    assert resume(cast, target, "free")[1] == NOW + 30 * MINUTE
    with time_machine.travel(NOW + 5 * MINUTE, tick=False):
        make_post("published", target={"published_at": NOW + 5 * MINUTE})
        assert resume(cast, held(make_post), "free")[1] == NOW + 60 * MINUTE


def test_another_profiles_posts_do_not(make_post, cast, gallery):
    make_post(profile=gallery, scheduled_at=NOW + 30 * MINUTE)
    assert resume(cast, held(make_post), "free")[1] == NOW + 30 * MINUTE


def test_its_hour_tomorrow_is_clock_time(make_post, cast):
    """R-D6, R-E1: the night between is an hour short, the hour stays."""
    with time_machine.travel(datetime(2026, 3, 28, 17, 30, tzinfo=UTC), tick=False):
        target = held(make_post, wall_at="2026-03-28T18:15")
        found = resume(cast, target, "tomorrow")
    assert found == ("scheduled", datetime(2026, 3, 29, 16, 15, tzinfo=UTC))


def test_hour_that_does_not_exist_tomorrow(make_post, cast):
    """02:30 falls into the gap: an hour later by the wall, as everywhere."""
    with time_machine.travel(datetime(2026, 3, 28, 12, 0, tzinfo=UTC), tick=False):
        target = held(make_post, wall_at="2026-03-28T02:30")
        found = resume(cast, target, "tomorrow")
    assert found[1] == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_without_a_chosen_clock_time_the_instant_counts(make_post, cast):
    target = held(make_post, scheduled_at=datetime(2026, 2, 20, 8, 0, tzinfo=UTC))
    assert resume(cast, target, "tomorrow")[1] == datetime(2026, 3, 2, 8, tzinfo=UTC)


@settings(deadline=None)
@given(
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu"]),
    after=st.lists(st.integers(-30, 12 * 60), max_size=40),
    second=st.integers(0, 86_399),
)
def test_next_free_time_is_the_first_that_is_free(zone, after, second):
    """R-D6: whatever stands around it, at any second of the day."""
    now = NOW + timedelta(seconds=second)
    taken = sorted(now + minutes * MINUTE for minutes in after)
    with time_machine.travel(now, tick=False):
        found = resuming.next_free(taken, zone)
        first = resuming.next_half_hour(zone)
    assert clock.to_wall(found, zone).minute in {0, 30}
    assert found >= first > now
    assert all(abs(found - each) >= 30 * MINUTE for each in taken)
    earlier = [first + n * 30 * MINUTE for n in range((found - first) // (30 * MINUTE))]
    for at in earlier:
        assert any(abs(at - each) < 30 * MINUTE for each in taken)


# One


def test_dropped_by_choice_is_told_with_the_name(make_post, cast):
    """R-D6, R-F11: it stays in sight, with who did it."""
    target = held(make_post)
    assert resume(cast, target, "drop")[0] == "cancelled"
    target = Target.objects.get(pk=target.pk)
    assert (target.dropped, target.reason) == (
        True,
        "Alice dropped it: it wasn't sent.",
    )
    assert target.post.events.get().text == "Dropped on Words."


def test_story_tells_when_it_goes_out(make_post, cast):
    target = held(make_post)
    resume(cast, target, "free")
    event = target.post.events.get()
    assert event.text == "Resumed: goes out on Words Sun 1 Mar, 12:30."
    assert (event.actor, event.target) == (cast.alice, target)


def test_calendar_shows_it_where_it_goes_out(make_post, cast):
    target = held(make_post, scheduled_at=NOW - timedelta(days=3))
    resume(cast, target, "free")
    post = Post.objects.get(pk=target.post_id)
    assert (post.scheduled_at, post.wall_at) == (NOW + 30 * MINUTE, "2026-03-01T12:30")


def test_unless_another_part_of_it_is_elsewhere(make_post, cast, gallery):
    target = held(make_post, scheduled_at=NOW - timedelta(days=3))
    target.post.targets.create(profile=gallery, kind="image", state="draft")
    resume(cast, target, "free")
    assert Post.objects.get(pk=target.post_id).scheduled_at == NOW - timedelta(days=3)


@pytest.mark.parametrize("plan", ["hold", "", "never"])
def test_other_plans_are_refused(make_post, cast, plan):
    target = held(make_post)
    error = refused(lambda: resume(cast, target, plan))
    assert (error.code, error.field) == ("plan", "plan")


def test_hopeless_may_still_be_dropped(make_post, cast, words):
    """A connection that is gone is no reason to keep it for ever."""
    words.connection.state = ConnectionState.REFRESH_NEEDED
    words.connection.save()
    assert resume(cast, held(make_post), "drop")[0] == "cancelled"


def test_worker_can_not_write_over_it(make_post, cast):
    """R-F3: the fence rises as with every edit."""
    target = held(make_post)
    before = target.fence
    resume(cast, target, "free")
    assert Target.objects.get(pk=target.pk).fence == before + 1


# All of a profile


def resume_all(cast, profile, plan, spacing=15, actor=None):
    return resume_profile(
        actor=actor or cast.alice, profile=profile, plan=plan, spacing_min=spacing
    )


def test_all_go_out_spaced_apart_oldest_first(five, cast, words):
    """R-D6: fifty held posts don't flood one profile."""
    first = Target.objects.order_by("due_at").first()
    resumed = resume_all(cast, words, "now", 20)
    assert dues() == [0, 20, 40, 60, 80]
    assert after(first)[1] == NOW
    assert (resumed.count, resumed.first) == (5, NOW)
    assert resumed.last == NOW + 80 * MINUTE


def test_oldest_goes_first_while_the_clock_runs(five, cast, words):
    """The instants of choosing differ by microseconds; the order must not."""
    first = Target.objects.order_by("due_at").first()
    with time_machine.travel(NOW, tick=True):
        resumed = resume_all(cast, words, "now")
    assert after(first)[1] == resumed.first


def test_next_free_times_are_each_their_own(five, cast, words, make_post):
    make_post(scheduled_at=NOW + 90 * MINUTE)
    resume_all(cast, words, "free")
    assert dues() == [30, 60, 90, 120, 150, 180]


def test_hours_tomorrow_keep_their_distance(five, cast, words):
    """R-D6: 7 minutes apart yesterday, 15 at least tomorrow."""
    resume_all(cast, words, "tomorrow")
    day = 24 * 60
    assert dues() == [day - 35, day - 20, day - 5, day + 10, day + 25]


def test_all_are_dropped(five, cast, words):
    assert resume_all(cast, words, "drop").count == 5
    assert {t.dropped for t in Target.objects.all()} == {True}


def test_another_profiles_and_failed_ones_stay(make_post, cast, words, gallery):
    other, failed = held(make_post, profile=gallery), held(make_post, "failed")
    held(make_post)
    assert resume_all(cast, words, "now").count == 1
    assert (after(other)[0], after(failed)[0]) == ("held", "failed")


@pytest.mark.parametrize("plan", ["now", "free", "tomorrow"])
def test_connection_first_of_all(five, cast, words, plan):
    words.connection.state = ConnectionState.REFRESH_NEEDED
    words.connection.save()
    assert refused(lambda: resume_all(cast, words, plan)).code == "not_connected"


def test_stop_first_of_all(five, cast, words):
    """R-F10."""
    order = Order(reason="A storm")
    set_stop(actor=cast.bob, reach=Reach(cast.group), order=order)
    error = refused(lambda: resume_all(cast, words, "now"))
    assert error.code == stops.STOPPED
    assert "Bob stopped publishing" in error.message


def test_nothing_there_is_told(cast, words):
    assert refused(lambda: resume_all(cast, words, "now")).code == "nothing_held"


def test_senseless_spacing_is_told(five, cast, words):
    error = refused(lambda: resume_all(cast, words, "now", 0))
    assert error.field == "spacing_min"


def test_viewer_may_not(five, words, cast, viewer):
    error = refused(lambda: resume_all(cast, words, "now", actor=viewer))
    assert error.code == "may_not_schedule"


def test_statements_do_not_multiply(five, cast, words):
    """One write a post, its target's move; no read a post."""
    with CaptureQueriesContext(connection) as queries:
        resume_all(cast, words, "now")
    reads = [q for q in queries if q["sql"].startswith("SELECT")]
    writes = [q for q in queries if q["sql"].startswith(("UPDATE", "INSERT"))]
    assert len(reads) <= 12
    assert len(writes) <= 5 + 3
    assert {post.author for post in Post.objects.all()} == {cast.alice}
