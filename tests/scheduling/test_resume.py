from __future__ import annotations

import pytest

from core.errors import DomainError
from profiles.states import ConnectionState
from scheduling.actions.resume import resume_target
from tests.scheduling.conftest import NOW, only

pytestmark = pytest.mark.usefixtures("march")


def refused(actor, post):
    with pytest.raises(DomainError) as caught:
        resume_target(actor=actor, target=only(post), plan="now")
    return caught.value


@pytest.mark.parametrize("state", ["failed", "missed", "held"])
def test_goes_out_at_once_as_if_it_were_new(make_post, cast, state):
    """R-F4, R-D6: one click publishes what stopped; its lateness starts anew."""
    post = make_post(state, target={"tries": 5, "reason": "Broken.", "fence": 3})
    resume_target(actor=cast.alice, target=only(post), plan="now")
    target = only(post)
    found = (target.state, target.next_at, target.due_at, target.tries, target.fence)
    assert found == ("scheduled", NOW, NOW, 0, 4)
    assert target.reason == ""


@pytest.mark.parametrize(
    "state", ["draft", "scheduled", "claimed", "sending", "published", "unconfirmed"]
)
def test_nothing_else_can_be_retried(make_post, cast, state):
    """R-F3: what went out, or may have, is never sent again by a retry."""
    post = make_post(state)
    assert refused(cast.alice, post).code == "not_retryable"
    assert only(post).state == state


def test_known_cause_is_named_instead_of_failing_again(make_post, cast):
    post = make_post("failed", text="x" * 301)
    error = refused(cast.alice, post)
    assert error.message == "Words takes 300 characters; this is 1 too many."
    assert only(post).state == "failed"


def test_connection_first(make_post, cast, words):
    words.connection.state = ConnectionState.REFRESH_NEEDED
    words.connection.save()
    error = refused(cast.alice, make_post("held"))
    assert error.code == "not_connected"
    assert "refresh needed" in error.message


def test_whoever_retries_answers_for_it(make_post, cast):
    """R-F1: held because its author left: someone who may can publish it."""
    post = make_post("held")
    resume_target(actor=cast.bob, target=only(post), plan="now")
    post.refresh_from_db()
    assert post.author == cast.bob


def test_story_tells_it_on_this_profile(make_post, cast):
    """R-F11: a retry is a line of the story."""
    post = make_post("failed")
    resume_target(actor=cast.bob, target=only(post), plan="now")
    event = post.events.get()
    assert (event.text, event.target) == ("Asked to try Words again.", only(post))


def test_viewer_may_not(make_post, viewer):
    """R-A6: who may only look can't publish."""
    assert refused(viewer, make_post("failed")).code == "may_not_schedule"
