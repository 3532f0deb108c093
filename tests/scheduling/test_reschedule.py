from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.errors import DomainError
from scheduling.actions.reschedule import reschedule_post
from tests.factories import TargetFactory
from tests.scheduling.conftest import only, state_columns

pytestmark = pytest.mark.usefixtures("march")


@pytest.fixture
def move(cast):
    def act(post, wall="2026-03-06T09:00", actor=None):
        return reschedule_post(actor=actor or cast.alice, post=post, wall=wall)

    return act


def refused(move, post, *args, **kwargs):
    before = list(post.targets.values())
    with pytest.raises(DomainError) as caught:
        move(post, *args, **kwargs)
    assert list(post.targets.values()) == before
    return caught.value.code


def test_clock_time_is_of_the_groups_zone(move, make_post):
    """R-E1: whatever zone the browser is in."""
    post, slot = move(make_post())
    assert post.scheduled_at == datetime(2026, 3, 6, 8, 0, tzinfo=UTC)
    assert (only(post).due_at, slot.note) == (post.scheduled_at, "")


def test_moved_across_the_clock_change_keeps_its_clock_time(move, make_post):
    """R-E1: 10:00 stays 10:00, an hour earlier in UTC."""
    before, _ = move(make_post(), "2026-03-27T10:00")
    first = before.scheduled_at
    after, _ = move(before, "2026-03-30T10:00")
    assert (first.hour, after.scheduled_at.hour) == (9, 8)


@pytest.mark.parametrize(
    ("wall", "note"),
    [("2026-03-29T02:30", "doesn't exist"), ("2026-10-25T02:30", "comes twice")],
)
def test_gap_and_overlap_are_told(move, make_post, wall, note):
    """R-E1: right across changes of the clock, and never silently."""
    _, slot = move(make_post(), wall)
    assert note in slot.note


@pytest.mark.parametrize("state", ["claimed", "held", "failed", "missed"])
def test_what_stopped_is_scheduled_anew(move, make_post, state):
    post, _ = move(make_post(state))
    target = only(post)
    assert (target.state, target.reason, target.due_at) == (
        "scheduled",
        "",
        post.scheduled_at,
    )


def test_draft_moves_and_stays_a_draft(move, make_post):
    """R-F2: moving is not scheduling."""
    post, _ = move(make_post("draft"))
    assert (only(post).state, only(post).next_at) == ("draft", None)


def test_cancelled_profile_stays_off(move, make_post):
    post, _ = move(make_post("cancelled", target={"next_at": None}))
    assert only(post).state == "cancelled"


def test_fence_rises(move, make_post):
    """R-F3: a worker that holds the old time loses its claim."""
    post = make_post("claimed")
    move(post)
    assert only(post).fence == 2


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("published", "published"),
        ("unconfirmed", "needs_check"),
        ("sending", "publishing_now"),
        ("processing", "publishing_now"),
    ],
)
def test_what_is_out_or_may_be_stays(move, make_post, state, code):
    assert refused(move, make_post(state)) == code


def test_partly_published_post_stays(move, make_post, gallery):
    post = make_post()
    columns = {"kind": "image", **state_columns("published")}
    TargetFactory(post=post, profile=gallery, state="published", **columns)
    assert refused(move, post) == "published"


@pytest.mark.parametrize(
    ("wall", "code"),
    [
        ("2026-02-27T10:00", "time_past"),
        ("", "time_missing"),
        ("soon", "time_malformed"),
    ],
)
def test_bad_time(move, make_post, wall, code):
    assert refused(move, make_post(), wall) == code


def test_open_editor_is_told(move, make_post):
    post, _ = move(make_post())
    assert post.version == 2


def test_story_tells_from_when_to_when(move, make_post):
    """R-F11: a move is a line of the story."""
    post = make_post(scheduled_at=datetime(2026, 3, 5, 9, 0, tzinfo=UTC))
    move(post)
    told = "Moved from Thu 5 Mar, 10:00 to Fri 6 Mar, 09:00."
    assert post.events.get().text == told


def test_undated_draft_gets_its_first_time(move, make_post):
    post = make_post("draft", scheduled_at=None)
    move(post)
    assert post.events.get().text == "Moved to Fri 6 Mar, 09:00."


def test_viewer_may_not(move, make_post, viewer):
    """R-A6: who may only look can't drag."""
    assert refused(move, make_post(), actor=viewer) == "may_not_schedule"
