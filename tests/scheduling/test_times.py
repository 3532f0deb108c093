from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DomainError
from scheduling import times
from scheduling.content import Mode, When
from tests.scheduling.conftest import BERLIN

# A busy machine is no fault of the code.
UNHURRIED = settings(deadline=None)
pytestmark = pytest.mark.usefixtures("march")


def refused(when):
    with pytest.raises(DomainError) as error:
        times.resolve(when)
    return error.value


def schedule(wall, zone=BERLIN):
    return When(Mode.SCHEDULE, wall, zone)


def test_wall_time_is_of_the_zone():
    slot = times.resolve(schedule("2026-03-05T10:00"))
    assert slot.instant == datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


def test_summer_time_has_another_offset():
    """R-E1: the same clock time lies two hours before UTC after the change."""
    slot = times.resolve(schedule("2026-04-05T10:00"))
    assert slot.instant == datetime(2026, 4, 5, 8, 0, tzinfo=UTC)


def test_gap_moves_on_and_is_told():
    """R-E1: on 29 March 2026 there is no 02:30 in Berlin."""
    slot = times.resolve(schedule("2026-03-29T02:30"))
    assert slot.instant == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert slot.wall == "2026-03-29T03:30"
    assert "02:30 doesn't exist: it goes out at 03:30" in slot.note


def test_overlap_takes_the_first_and_is_told():
    """R-E1: on 25 October 2026 02:30 comes twice in Berlin."""
    slot = times.resolve(schedule("2026-10-25T02:30"))
    assert slot.instant == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert "comes twice" in slot.note


def test_past_is_refused_with_the_time_in_words():
    error = refused(schedule("2026-03-01T11:58"))
    assert (error.code, error.field) == ("time_past", "wall_at")
    assert error.message.startswith("Sun 1 Mar, 11:58 has passed.")


def test_the_minute_that_just_passed_is_still_good():
    assert times.resolve(schedule("2026-03-01T11:59")).instant


def test_now_needs_no_time():
    slot = times.resolve(When(Mode.NOW, "", BERLIN))
    assert slot.instant == datetime(2026, 3, 1, 11, 0, tzinfo=UTC)
    assert slot.wall == "2026-03-01T12:00"


def test_draft_may_do_without_a_time_or_lie_in_the_past():
    assert times.resolve(When(Mode.DRAFT, "", BERLIN)).instant is None
    assert times.resolve(When(Mode.DRAFT, "2020-01-01T00:00", BERLIN)).instant


@pytest.mark.parametrize(
    ("wall", "code"),
    [
        ("", "time_missing"),
        ("tomorrow", "time_malformed"),
        ("2026-03-05", "time_malformed"),
        ("10:00", "time_malformed"),
        ("2026-02-30T10:00", "time_malformed"),
        ("2026-03-05T25:00", "time_malformed"),
        ("2026-03-05T10:00+01:00", "time_malformed"),
        ("2026-03-05T10:00Z", "time_malformed"),
        ("\uff12\uff10\uff12\uff16-03-05T10:00", "time_malformed"),
        ("0001-01-01T00:00", "time_too_far"),
        ("9999-12-31T23:59", "time_too_far"),
        ("2029-01-01T00:00", "time_too_far"),
    ],
)
def test_what_is_no_time_is_refused_beside_the_field(wall, code):
    error = refused(schedule(wall))
    assert (error.code, error.field) == (code, "wall_at")


def test_unknown_zone_is_refused():
    error = refused(schedule("2026-03-05T10:00", "Europe/Atlantis"))
    assert (error.code, error.field) == ("zone_unknown", "zone")


@UNHURRIED
@given(st.text(max_size=30), st.sampled_from(list(Mode)))
def test_no_text_breaks_it(wall, mode):
    try:
        slot = times.resolve(When(mode, wall, BERLIN))
    except DomainError as error:
        assert error.message
    else:
        assert slot.zone == BERLIN


def test_words_name_another_year():
    instant = datetime(2027, 3, 5, 9, 0, tzinfo=UTC)
    assert times.words(instant, BERLIN) == "Fri 5 Mar 2027, 10:00"


@pytest.mark.parametrize(
    ("zone", "label"),
    [
        ("Europe/Berlin", "Europe/Berlin (GMT+1)"),
        ("America/New_York", "America/New York (GMT-5)"),
        ("Asia/Kolkata", "Asia/Kolkata (GMT+5:30)"),
        ("UTC", "UTC (GMT)"),
    ],
)
def test_zone_is_named_with_its_offset(zone, label):
    """R-E1: the zone of every time is named."""
    assert times.zone_label(zone, datetime(2026, 3, 1, tzinfo=UTC)) == label
