"""R-B2: posts on a profile in a calendar month of the group's zone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from accounts import plans
from accounts.actions.plans import set_plan
from core.errors import DomainError, DomainErrors
from scheduling import allowance
from scheduling.actions.create import create_post
from scheduling.actions.reschedule import reschedule_post
from scheduling.models import Target
from tests.conftest import signed_in
from tests.factories import ProfileFactory
from tests.scheduling.conftest import at, content, only, url

pytestmark = pytest.mark.usefixtures("march")
MARCH, APRIL = datetime(2026, 3, 9, 9, tzinfo=UTC), datetime(2026, 4, 9, 9, tzinfo=UTC)


@pytest.fixture
def two(cast, monkeypatch):
    """A plan that takes two posts a month."""
    monkeypatch.setitem(plans.PLANS, "two", replace(plans.PLANS["free"], posts=2))
    set_plan(cast.group.account, "two")


@pytest.fixture
def schedule(cast, words):
    def call(wall, *profiles):
        return create_post(
            actor=cast.alice,
            group=cast.group,
            content=content(*(profiles or (words,))),
            when=at(wall),
        )

    return call


def code_of(act) -> str:
    with pytest.raises(DomainError) as caught:
        act()
    return caught.value.code


def test_the_post_too_many_is_told_with_limit_and_way_out(two, schedule):
    schedule("2026-03-02T10:00")
    schedule("2026-03-03T10:00")
    with pytest.raises(DomainErrors) as caught:
        schedule("2026-03-31T23:30")
    (error,) = caught.value.errors
    assert (error.code, error.field) == ("plan_posts", "wall_at")
    assert "takes 2 posts a month on each profile" in error.message
    assert "@alice has them all for March" in error.message
    assert Target.objects.count() == 2


def test_the_next_month_is_new(two, schedule):
    """The last hour of March in Berlin is its own month's; the next minute isn't."""
    schedule("2026-03-02T10:00")
    schedule("2026-03-31T23:59")
    assert only(schedule("2026-04-01T00:00")).state == "scheduled"


def test_each_profile_counts_for_itself(two, schedule, cast, words):
    other = ProfileFactory(group=cast.group, social_set=cast.social_set, platform="rss")
    other.platform = "words2"
    other.save()
    schedule("2026-03-02T10:00")
    assert allowance.left(words, MARCH) == 1
    assert allowance.left(other, MARCH) == 2


@pytest.mark.parametrize("state", ["draft", "failed", "cancelled"])
def test_what_goes_nowhere_is_free(two, make_post, words, state):
    make_post(state, target={"due_at": MARCH})
    assert allowance.left(words, MARCH) == 2


@pytest.mark.parametrize("state", ["scheduled", "held", "missed", "reminder"])
def test_what_may_go_out_counts_by_hand_or_not(two, make_post, words, state):
    make_post(state, target={"due_at": MARCH, "next_at": MARCH})
    assert allowance.left(words, MARCH) == 1


def test_what_is_out_counts_in_the_month_it_went_out(two, make_post, words):
    make_post("published", target={"due_at": MARCH, "published_at": APRIL})
    assert (allowance.left(words, MARCH), allowance.left(words, APRIL)) == (2, 1)


def test_a_deleted_post_is_free(two, make_post, words):
    post = make_post("scheduled", target={"due_at": MARCH, "next_at": MARCH})
    post.deleted_at = MARCH
    post.save()
    assert allowance.left(words, MARCH) == 2


def test_dragging_into_a_full_month_is_refused(two, schedule, cast):
    for day in (2, 3):
        schedule(f"2026-03-0{day}T10:00")
    april = schedule("2026-04-02T10:00")

    def drag():
        reschedule_post(actor=cast.alice, post=april, wall="2026-03-04T10:00")

    assert code_of(drag) == "plan_posts"
    assert only(april).due_at.month == 4


def test_moving_within_a_full_month_is_fine(two, schedule, cast):
    post = schedule("2026-03-02T10:00")
    schedule("2026-03-03T10:00")
    reschedule_post(actor=cast.alice, post=post, wall="2026-03-04T10:00")
    assert only(post).due_at.day == 4


def test_the_composer_tells_the_last_one_and_the_one_too_many(
    two, schedule, cast, words
):
    """R-B2: before anything is pressed."""
    fields = {"text": "Hello", "profiles": [str(words.pk)]}
    sent = {**fields, "date": "2026-03-20", "time": "10:00"}

    def told() -> list[tuple[str, bool]]:
        found = signed_in(cast.alice).post(url("check", cast), sent).json()["problems"]
        return [(each["message"], each["blocking"]) for each in found]

    schedule("2026-03-02T10:00")
    last = "This is the last post on @alice for March with the Free plan."
    assert told() == [(last, False)]
    schedule("2026-03-03T10:00")
    ((message, blocking),) = told()
    assert ("has them all for March" in message, blocking) == (True, True)


def test_the_busiest_profile_is_shown(two, schedule, cast):
    schedule("2026-03-02T10:00")
    assert allowance.busiest(cast.group.account) == 1


def test_without_a_bound_nothing_is_counted(words, django_assert_num_queries):
    words.group.account  # noqa: B018 - loaded beforehand
    with django_assert_num_queries(0):
        assert allowance.trouble(words, MARCH) == ""
