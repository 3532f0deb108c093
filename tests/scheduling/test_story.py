from __future__ import annotations

from datetime import timedelta

import pytest

from publishing.models import Attempt, Outcome, Step
from scheduling import story
from scheduling.models import EventKind, PostEvent
from tests.scheduling.conftest import NOW, only

pytestmark = pytest.mark.usefixtures("march")


def add(post, step, outcome, seconds, **columns):
    Attempt.objects.create(
        target=only(post),
        fence=1,
        step=step,
        outcome=outcome,
        at=NOW + timedelta(seconds=seconds),
        **columns,
    )


def titles(post):
    return [moment.title for moment in story.of_target(post, only(post))]


def test_people_and_machine_in_the_order_of_time(make_post, cast):
    """R-F11: who scheduled it, what was checked and sent, when it was live."""
    post = make_post("published", target={"published_at": NOW + timedelta(seconds=9)})
    PostEvent.objects.create(
        post=post,
        actor=cast.bob,
        kind=EventKind.CREATED,
        text="Scheduled for Sun 1 Mar, 12:00.",
        at=NOW - timedelta(days=1),
    )
    add(post, "send", "intent", 5)
    add(post, "send", "ok", 6)
    add(post, "check", "ok", 1)
    assert titles(post) == [
        "Scheduled for Sun 1 Mar, 12:00",
        "Checked: Words is connected",
        "Sending to Words",
        "Words took the post",
        "Live on Words",
    ]


def test_waiting_over_and_over_is_one_line(make_post):
    post = make_post("processing")
    for second in range(30):
        add(post, "process", "waiting", second)
    (moment,) = story.of_target(post, only(post))
    assert (moment.times, moment.at) == (30, NOW + timedelta(seconds=29))


def test_refusals_are_never_folded(make_post):
    """R-F6: each refusal keeps its own answer."""
    post = make_post("failed")
    add(post, "send", "refused", 1, http_status=400)
    add(post, "send", "refused", 2, http_status=500)
    moments = story.of_target(post, only(post))
    assert [moment.http_status for moment in moments] == [400, 500]


def test_another_profiles_decision_stays_there(make_post, cast, gallery):
    post = make_post()
    other = post.targets.create(profile=gallery, kind="image", state="draft")
    PostEvent.objects.create(
        post=post, target=other, actor=cast.bob, kind=EventKind.RETRIED, text="Again."
    )
    assert story.of_target(post, post.targets.get(pk=only_words(post).pk)) == []


def only_words(post):
    return post.targets.get(profile__platform="words")


@pytest.mark.parametrize("step", Step.values)
@pytest.mark.parametrize("outcome", Outcome.values)
def test_every_step_and_outcome_has_words(make_post, step, outcome):
    """R-F11: nothing the engine may write is told as a raw key."""
    post = make_post("failed")
    add(post, step, outcome, 1)
    (title,) = titles(post)
    assert title[0].isupper()
    assert "{" not in title
    assert title not in {step, outcome}


def test_someone_who_left_is_no_error(make_post):
    post = make_post()
    PostEvent.objects.create(
        post=post, actor=None, kind=EventKind.EDITED, text="Edited."
    )
    (moment,) = story.of_target(post, only(post))
    assert moment.by == ""
