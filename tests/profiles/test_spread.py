"""R-D3: a crowd whose tokens end together isn't renewed together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.db import connection as database

from core import clock
from platforms.types import Token
from profiles.actions.refresh_due import BATCH, refresh_due
from profiles.actions.timing import next_refresh
from profiles.models import Connection
from tests.profiles.crowd import crowd, statements
from tests.profiles.fakes import in_days

CROWD = 1_000


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    """Ids of the messages that would go to the broker."""
    found: list[str] = []
    monkeypatch.setattr(
        "profiles.actions.refresh_due.enqueue", lambda task, pk: found.append(pk)
    )
    return found


def plan(connections: list[Connection], adapter, days: float) -> None:
    token = Token("canary-access-token", expires_at=in_days(days))
    for each in connections:
        each.refresh_at = next_refresh(adapter, token, each.pk)
    Connection.objects.bulk_update(connections, ["refresh_at"], batch_size=500)


def test_a_thousand_that_end_together_are_renewed_over_a_day(cast, orbit, sent):
    """1,000 connections of one minute; each hour of the day takes its share."""
    plan(crowd(cast.group, CROWD), orbit, days=60)
    # Afterwards: by the last hour the last one's time has come, however long that took.
    start = clock.now()
    hours = []
    for hour in range(24 + 1):
        at = start + timedelta(days=49, hours=hour)
        with time_machine.travel(at, tick=False):
            hours.append(refresh_due())
            Connection.objects.filter(pk__in=sent).update(refresh_at=None)  # renewed
    assert sum(hours) == len(set(sent)) == CROWD
    assert max(hours) < CROWD / 12
    assert min(hours[1:]) > CROWD / 100


def test_short_tokens_are_spread_over_the_half_of_their_life(orbit):
    """Tokens of two hours: never earlier than needed, never all in one minute."""
    now = clock.now()
    token = Token("canary-access-token", expires_at=now + timedelta(hours=2))
    orbit.refresh_ahead = timedelta(minutes=15)
    keys = [Connection().pk for _ in range(200)]
    times = [next_refresh(orbit, token, key) - now for key in keys]
    assert timedelta(minutes=59) < min(times) < timedelta(minutes=64)
    assert timedelta(minutes=101) < max(times) < timedelta(minutes=106)


def test_the_same_connection_is_always_given_the_same_place(orbit):
    with time_machine.travel(clock.now(), tick=False):
        token = Token("canary-access-token", expires_at=in_days(60))
        key = Connection().pk
        assert len({next_refresh(orbit, token, key) for _ in range(5)}) == 1


def test_what_an_outage_left_goes_out_in_portions_oldest_first(cast, sent):
    late = crowd(cast.group, BATCH, refresh_at=in_days(-0.5))
    later = crowd(cast.group, BATCH + 1, refresh_at=in_days(-0.1))
    assert refresh_due() == BATCH
    assert set(sent) == {str(each.pk) for each in late}
    assert [refresh_due(), refresh_due(), refresh_due()] == [BATCH, 1, 0]
    assert len(set(sent)) == len(late) + len(later)


def test_a_portion_costs_two_statements(cast, sent):
    crowd(cast.group, BATCH, refresh_at=in_days(-0.5))
    with statements() as seen:
        refresh_due()
    assert len([each for each in seen if "SAVEPOINT" not in each]) == 2


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_once_send_each_connection_once(cast, sent):
    crowd(cast.group, 2 * BATCH, refresh_at=in_days(-0.5))
    start = Barrier(2)

    def tick(_: int) -> int:
        start.wait(timeout=20)
        try:
            return refresh_due()
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(tick, range(2))) == len(sent)
    assert len(set(sent)) == len(sent)
