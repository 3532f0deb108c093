"""R-E1: month, week and list are the same posts, however clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import AccessGroup
from core import clock
from scheduling import periods
from scheduling.models import Post
from scheduling.queries import between
from tests.factories import PostFactory

ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/Santiago",
    "Pacific/Apia",
    "UTC",
]
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MINUTES = st.integers(0, 2 * 365 * 24 * 60)
# A busy machine is no fault of the code.
UNHURRIED = settings(deadline=None)
SHARED = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def shown(group, period):
    chips = between(group, period.start_at, period.end_at)
    return {chip.id: clock.to_wall(chip.at, period.zone) for chip in chips}


@SHARED
@given(st.lists(MINUTES, max_size=12), MINUTES, st.sampled_from(ZONES))
def test_weeks_of_a_month_show_what_the_month_shows(cast, posts, pick, zone):
    Post.objects.all().delete()
    group = AccessGroup.objects.get(pk=cast.group.pk)
    for minutes in posts:
        PostFactory(group=group, scheduled_at=FIRST + timedelta(minutes=minutes))
    day = (FIRST + timedelta(minutes=pick)).date()
    month = periods.month(day, zone)
    weeks = {}
    for monday in month.days[::7]:
        found = shown(group, periods.week(monday, zone))
        assert not weeks.keys() & found.keys(), "a post in two weeks"
        weeks |= found
    assert weeks == shown(group, month)


@SHARED
@given(MINUTES, st.sampled_from(ZONES))
def test_every_post_is_on_exactly_one_day(cast, minutes, zone):
    Post.objects.all().delete()
    at = FIRST + timedelta(minutes=minutes)
    post = PostFactory(group=cast.group, scheduled_at=at)
    day = clock.to_wall(at, zone).date()
    on = [
        each
        for each in (day - timedelta(days=1), day, day + timedelta(days=1))
        if post.pk in shown(cast.group, one_day(each, zone))
    ]
    assert on == [day]


def one_day(day, zone):
    return periods.Period(day, day + timedelta(days=1), zone)


@pytest.mark.parametrize(
    ("day", "weeks"),
    [(date(2026, 2, 1), 5), (date(2027, 2, 14), 4), (date(2026, 8, 31), 6)],
)
def test_month_has_as_many_weeks_as_it_needs(day, weeks):
    assert len(periods.month(day, "UTC").days) == 7 * weeks


@UNHURRIED
@given(st.dates(date(2000, 1, 1), date(2200, 12, 31)), st.integers(-30, 30))
def test_months_step_there_and_back(day, months):
    there = periods.step_month(day, months)
    assert periods.step_month(there, -months) == day.replace(day=1)


def test_a_day_that_begins_with_a_gap_begins_late():
    """In Santiago clocks go forward at midnight: 6 September 2026 starts at 01:00."""
    period = one_day(date(2026, 9, 6), "America/Santiago")
    assert period.start_at == datetime(2026, 9, 6, 4, 0, tzinfo=UTC)
    assert period.end_at - period.start_at == timedelta(hours=23)
