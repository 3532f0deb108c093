"""How many posts a platform takes: the one too many is told when it is scheduled."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from core.errors import DomainErrors
from platforms import registry
from platforms.limits import Quota
from scheduling import checks, quotas
from scheduling.content import Content, Mode, Variation, When
from scheduling.models import Target
from tests.factories import PostFactory, TargetFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)


@pytest.fixture
def adapter(words, monkeypatch):
    """Takes two posts in 24 hours."""
    kind = registry.adapter_class(words.platform)
    monkeypatch.setattr(kind, "quota", lambda self, profile: Quota(posts=2, hours=24))
    return registry.get(words.platform)


@pytest.fixture
def planned(cast, words):
    def plan(*hours: float, **columns) -> list[Target]:
        made = []
        for hour in hours:
            post = PostFactory(
                group=cast.group, scheduled_at=NOON + timedelta(hours=hour)
            )
            made.append(TargetFactory(post=post, profile=words, **columns))
        return made

    return plan


def test_one_more_than_the_platform_takes_is_told(words, adapter, planned):
    """R-F5: with when the next one fits."""
    planned(-2, -1)
    found = quotas.trouble(words, adapter, NOON)
    assert "takes 2 posts in 24 hours" in found
    assert "The next would fit from Fri 6 Mar, 11:00." in found


@pytest.mark.parametrize(
    "hours", [(), (-1,), (-25, -24), (24, 25), (-24, 1), (-23.5, 23.5)]
)
def test_what_shares_no_day_with_too_many_fits(words, adapter, planned, hours):
    planned(*hours)
    assert quotas.trouble(words, adapter, NOON) == ""


@pytest.mark.parametrize("hours", [(-1, 1), (1, 2), (-23, -22), (-20, 3.9)])
def test_every_day_long_window_counts_not_only_the_calendars(
    words, adapter, planned, hours
):
    planned(*hours)
    assert quotas.trouble(words, adapter, NOON)


@pytest.mark.parametrize("state", ["cancelled", "draft", "failed", "held", "missed"])
def test_what_does_not_go_out_does_not_count(words, adapter, planned, state):
    planned(-2, -1, state=state, due_at=NOON, next_at=None)
    assert quotas.trouble(words, adapter, NOON) == ""


def test_what_went_out_counts_at_the_time_it_did(words, adapter, planned):
    planned(-60, -50, state="published", published_at=NOON - timedelta(hours=1))
    assert quotas.trouble(words, adapter, NOON)


def test_a_post_does_not_count_against_itself(words, adapter, planned):
    [own, _] = planned(0, 1)
    assert quotas.trouble(words, adapter, NOON, but=own.pk) == ""


def test_another_profile_does_not_count(words, gallery, adapter, planned):
    planned(-2, -1)
    assert quotas.trouble(gallery, registry.get(gallery.platform), NOON) == ""


def test_scheduling_one_too_many_is_refused_beside_the_time(
    cast, words, adapter, planned
):
    """R-F5: when it is scheduled, not when it fails."""
    planned(-2, -1)
    content = Content("One more", (Variation(words.pk),))
    when = When(Mode.SCHEDULE, "2026-03-05T13:00", "Europe/Berlin")
    before = time_machine.travel(NOON - timedelta(days=1), tick=False)
    with before, pytest.raises(DomainErrors) as caught:
        checks.plan(cast.group, content, when)
    assert [(e.code, e.field) for e in caught.value.errors] == [("quota", "wall_at")]


def test_a_platform_without_a_quota_is_not_asked(words, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert quotas.trouble(words, registry.get(words.platform), NOON) == ""
