"""How fast posts follow one another: waited for by the clock, before any refusal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from core import clock, http
from platforms import registry
from platforms.limits import Pace
from platforms.types import Draft
from profiles.models import SocialSet
from publishing import models
from publishing.actions.pacing import take
from scheduling.models import Target
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.publishing import fake
from tests.publishing.conftest import work_off
from tests.support.connected import due_post, profiles_on

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def travel():
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def pace(script, monkeypatch):
    """Paces of the made-up platform."""

    def set_to(*paces: Pace) -> None:
        monkeypatch.setattr(fake.Fake, "paces", lambda adapter: paces)

    return set_to


@pytest.fixture
def due(cast, profile):
    """As many posts, due in their order."""

    def make(count: int, on=profile) -> list[Target]:
        begin = clock.now() - timedelta(seconds=count)
        return [
            TargetFactory(
                post=PostFactory(
                    group=cast.group,
                    author=cast.alice,
                    scheduled_at=begin + timedelta(seconds=number),
                ),
                profile=on,
            )
            for number in range(count)
        ]

    return make


@pytest.fixture
def another(cast, script):
    own = SocialSet.objects.create(group=cast.group, name="Own")
    return ProfileFactory(group=cast.group, social_set=own, platform="fake")


def out() -> int:
    return Target.objects.filter(state="published").count()


def waiting() -> list[Target]:
    return list(Target.objects.filter(state="scheduled").order_by("next_at"))


def test_those_too_many_wait_for_their_turn(travel, pace, due, script):
    """R-F5: not sent, not refused, no try counted, and told why."""
    pace(Pace(3, 60, "profile"))
    due(5)
    work_off()
    assert (out(), script.calls.count("send")) == (3, 3)
    one = waiting()[0]
    assert (one.reason_code, one.tries) == ("paused", 0)
    assert one.reason.startswith("Fakebook takes 3 messages in 60 seconds")


def test_each_gets_a_time_of_its_own_to_come_back_at(travel, pace, due):
    """R-F5: a crowd that waits doesn't come at once."""
    pace(Pace(3, 60, "profile"))
    due(6)
    now = clock.now()
    work_off()
    waits = [(target.next_at - now).total_seconds() for target in waiting()]
    assert waits == pytest.approx([60, 80, 100])


def test_at_that_time_it_goes_out_without_preparing_again(travel, pace, due, script):
    pace(Pace(3, 60, "profile"))
    due(5)
    work_off()
    for expected in (4, 5):
        travel.move_to(waiting()[0].next_at)
        work_off()
        assert out() == expected
    assert script.calls.count("prepare") == 5


def test_no_window_ever_holds_more_than_is_taken(travel, pace, due):
    """R-F5: wherever a minute begins."""
    pace(Pace(4, 60, "profile"))
    due(14)
    for _ in range(60):
        work_off()
        travel.shift(7)
    moments = sorted(Target.objects.values_list("published_at", flat=True))
    assert len(moments) == 14
    for begin in moments:
        assert sum(begin <= moment < begin + MINUTE for moment in moments) <= 4


def test_another_profile_is_not_held_up(travel, pace, due, another):
    pace(Pace(1, 60, "profile"))
    due(3)
    [other] = due(1, on=another)
    work_off()
    other.refresh_from_db()
    assert (other.state, out()) == ("published", 2)


def test_a_pace_of_the_app_is_everybodys(travel, pace, due, another):
    pace(Pace(2, 1, "app"), Pace(20, 60, "profile"))
    due(2)
    due(2, on=another)
    work_off()
    assert out() == 2
    assert "in a second in all" in waiting()[0].reason
    travel.shift(2)
    work_off()
    assert out() == 4


def test_an_album_counts_as_many_as_it_has(travel, pace, due, monkeypatch):
    monkeypatch.setattr(fake.Fake, "messages", lambda adapter, draft: 5)
    pace(Pace(10, 60, "profile"))
    due(3)
    work_off()
    assert out() == 2


def test_one_that_is_larger_than_the_window_goes_alone(
    travel, pace, due, monkeypatch, target
):
    """Else it would never go; an empty window takes it."""
    monkeypatch.setattr(fake.Fake, "messages", lambda adapter, draft: 12)
    pace(Pace(10, 60, "profile"))
    work_off()
    due(1)
    work_off()
    assert out() == 1
    travel.shift(61)
    work_off()
    assert out() == 2


def test_without_a_pace_nothing_is_counted(target):
    work_off()
    assert (out(), models.Pace.objects.count()) == (1, 0)


def test_what_left_the_window_is_forgotten(travel, pace, due):
    """A row holds one window, however long it is used."""
    pace(Pace(2, 1, "app"))
    for _ in range(4):
        due(1)
        work_off()
        travel.shift(2)
    assert len(models.Pace.objects.get().sent) == 1


@pytest.mark.django_db(transaction=True)
def test_workers_that_come_at_once_take_no_more_than_there_is(pace, target):
    """R-F5: counted under a lock, the first time too."""
    pace(Pace(5, 60, "app"))
    adapter = registry.get("fake")

    def one(_: int) -> bool:
        try:
            return take(adapter, target, Draft("text")) is None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(12))) == 5


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_channel_takes_twenty_a_minute_without_a_refusal(cast, sandbox):
    """R-F5: Telegram's own flood control is on in the sandbox, and is never met."""
    http.configure(gateway=sandbox.url)
    [profile] = profiles_on("telegram", cast, sandbox, 1)
    for number in range(23):
        due_post(cast, profile, f"No {number}", in_s=number - 30)
    work_off()
    assert (out(), len(sandbox.ledger("telegram"))) == (20, 20)
    sandbox.advance(61)
    with time_machine.travel(clock.now() + 1.2 * MINUTE, tick=True):
        work_off()
    refused = [c for c in sandbox.calls("telegram") if c["status"] == 429]
    assert (out(), refused) == (23, [])
