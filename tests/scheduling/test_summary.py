from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.states import TargetState
from scheduling.summary import PostState, summarise

# A busy machine is no fault of the code.
UNHURRIED = settings(deadline=None)
STATES = st.lists(st.sampled_from(list(TargetState)), max_size=6)


@pytest.mark.parametrize(
    ("states", "word"),
    [
        ([], "Draft"),
        (["draft"], "Draft"),
        (["scheduled", "draft"], "Scheduled"),
        (["claimed", "scheduled"], "Publishing"),
        (["processing", "published"], "Publishing"),
        (["published", "published"], "Published"),
        (["failed"], "Failed"),
        (["failed", "published", "published"], "Failed on 1 of 3"),
        (["held"], "On hold"),
        (["missed", "scheduled"], "Missed on 1 of 2"),
        (["unconfirmed"], "Needs check"),
        (["held", "missed"], "Needs attention"),
        (["cancelled"], "Cancelled"),
        (["cancelled", "published"], "Published"),
        (["to_remind"], "Reminder"),
        (["to_remind", "scheduled"], "Scheduled"),
        (["reminder"], "Time to post"),
        (["reminder", "published"], "Time to post on 1 of 2"),
        (["done"], "Posted by hand"),
        (["done", "published"], "Published"),
    ],
)
def test_what_needs_a_person_comes_first(states, word):
    """R-F4: a post with several profiles reads as its worst one, and says how many."""
    assert summarise(states).word == word


@UNHURRIED
@given(STATES)
def test_the_order_of_targets_does_not_matter(states):
    assert summarise(states) == summarise(reversed(states))


@UNHURRIED
@given(STATES)
def test_a_failure_is_never_hidden(states):
    """R-F4: nothing fails silently."""
    found = summarise([*states, TargetState.FAILED])
    assert found.state == PostState.FAILED


@UNHURRIED
@given(STATES)
def test_published_means_all_of_it(states):
    found = summarise(states)
    live = {state for state in states if state != TargetState.CANCELLED}
    out = bool(live) and live <= {TargetState.PUBLISHED, TargetState.DONE}
    assert (found.state == PostState.PUBLISHED) == out
