"""What the beat does each minute: one look at what is due, then only that."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from core import clock
from platforms.errors import Unavailable
from profiles import tasks
from profiles.actions import tidy
from profiles.actions.refresh_due import refresh_due
from profiles.actions.sweep import sweep
from profiles.models import Connection, Journey
from profiles.states import ConnectionState as S
from tests.profiles.crowd import statements
from tests.profiles.fakes import ending


@pytest.fixture
def sent(monkeypatch) -> list[tuple[str, ...]]:
    """Messages that would go to the broker."""
    found: list[tuple[str, ...]] = []
    monkeypatch.setattr(
        "profiles.actions.refresh_due.enqueue", lambda *args: found.append(args)
    )
    return found


def due(held: Connection, **columns: object) -> None:
    columns = {"refresh_at": clock.now() - timedelta(seconds=1), **columns}
    Connection.objects.filter(pk=held.pk).update(**columns)


def test_what_is_due_is_sent_as_an_id_and_nothing_else(way, sent):
    """R-D2: no token in a message."""
    held = way.connected()
    due(held)
    assert refresh_due() == 1
    assert sent == [("profiles.refresh", str(held.pk))]


def test_what_is_not_due_yet_is_left(way, sent):
    due(way.connected(), refresh_at=clock.now() + timedelta(minutes=1))
    assert refresh_due() == 0


@pytest.mark.parametrize("state", [S.REFRESH_NEEDED, S.DISCONNECTED])
def test_dead_connections_are_not_asked_for(way, sent, state):
    due(way.connected(), state=state)
    assert refresh_due() == 0


def test_two_ticks_send_one_message(way, sent):
    due(way.connected())
    refresh_due()
    refresh_due()
    assert len(sent) == 1


def test_a_lost_message_is_sent_again_later(way, sent):
    due(way.connected())
    refresh_due()
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        refresh_due()
    assert len(sent) == 2


def test_the_task_refreshes_one(way, orbit):
    held = way.connected()
    tasks.refresh_one(str(held.pk))
    assert Connection.objects.get().version == 2


def test_the_task_takes_passing_and_lasting_trouble_as_told(way, orbit):
    held = way.connected()
    orbit.trouble = Unavailable("Away.")
    tasks.refresh_one(str(held.pk))
    assert Connection.objects.get().refresh_failures == 1
    Connection.objects.update(state=S.REFRESH_NEEDED)
    tasks.refresh_one(str(held.pk))
    assert len(orbit.refreshed) == 1


def test_a_task_of_a_deleted_connection_does_nothing(db):
    tasks.refresh_one("00000000-0000-0000-0000-000000000000")


def test_an_abandoned_journey_loses_its_tokens_and_then_itself(way):
    """R-D2: no token lies about that nobody picked."""
    journey = way.arrived()
    assert tidy.forget_secrets() == 0
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        assert tidy.forget_secrets() == 1
        assert tidy.forget_journeys() == 0
    assert Journey.objects.get(pk=journey.pk).sealed == ""
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert tidy.forget_journeys() == 1


def test_the_sweep_runs_all_that_is_due(way, kite, sent):
    kite.token = ending(1)
    journey = way.arrived()
    held = way.connected("kite")
    due(way.connected())
    with time_machine.travel(clock.now() + timedelta(days=2)):
        assert sweep() == {"ends": 1, "refresh": 1, "secrets": 1}
    held.refresh_from_db()
    assert held.state == S.REFRESH_NEEDED
    assert Journey.objects.get(pk=journey.pk).sealed == ""


def test_with_nothing_due_one_statement_is_all(way, sent):
    way.connected()
    with statements() as seen:
        assert sweep() == {}
    assert len(seen) == 1


def test_without_any_account_there_is_nothing_to_sweep(db):
    assert sweep() == {}
