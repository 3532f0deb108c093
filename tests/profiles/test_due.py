"""What the beat does each five minutes: refresh ahead, warn, end, forget."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from core import clock
from platforms.errors import Unavailable, Unsupported
from platforms.types import Token
from profiles import tasks
from profiles.actions import expiry, tidy
from profiles.actions.refresh_due import refresh_due
from profiles.actions.tokens import refresh
from profiles.models import Connection, Journey
from profiles.states import ConnectionState as S
from tests.profiles.fakes import ending, in_days


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


def test_refreshes_of_one_rush_are_spread(way, orbit):
    """R-D3: what was connected together is not refreshed together."""
    orbit.token = replace(orbit.token, expires_at=in_days(60))
    profile = way.connected().profile
    times = {way.connected(profile=profile).refresh_at for _ in range(5)}
    assert len(times) == 5
    assert max(times) - min(times) < timedelta(days=1)


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


def test_a_sign_in_that_just_ends_is_told_two_weeks_ahead(way, kite):
    """R-D1: Expiring soon, with its day."""
    kite.token = ending(13)
    held = way.connected("kite")
    Connection.objects.update(state=S.CONNECTED)
    assert expiry.mark_expiring() == 1
    held.refresh_from_db()
    assert held.state == S.EXPIRING
    day = clock.to_wall(held.ends_at, "Europe/Berlin")
    assert held.cause == f"The sign-in runs out on {day.day} {day:%B %Y}."
    assert expiry.mark_expiring() == 0


def test_with_more_than_two_weeks_left_nobody_is_worried(way, kite):
    kite.token = ending(15)
    way.connected("kite")
    Connection.objects.update(state=S.CONNECTED)
    assert expiry.mark_expiring() == 0


def test_a_token_that_renews_itself_worries_only_when_that_has_long_failed(way, orbit):
    orbit.token = ending(13)
    held = way.connected()
    assert expiry.mark_expiring() == 0
    Connection.objects.update(ends_at=in_days(2))
    assert expiry.mark_expiring() == 1
    held.refresh_from_db()
    assert held.state == S.EXPIRING


def test_one_that_turned_out_not_to_renew_is_told_in_time(way, orbit):
    orbit.token = ending(13)
    way.connected()
    orbit.trouble = Unsupported("Only a new sign-in renews this.")
    held = Connection.objects.get()
    tasks.refresh_one(str(held.pk))
    assert expiry.mark_expiring() == 1


def test_after_its_last_day_a_new_sign_in_is_needed(way, kite):
    """R-D1: Refresh needed (expired)."""
    kite.token = ending(1)
    held = way.connected("kite")
    with time_machine.travel(clock.now() + timedelta(days=2)):
        assert expiry.mark_ended() == 1
        assert expiry.mark_ended() == 0
    held.refresh_from_db()
    assert held.state == S.REFRESH_NEEDED
    assert held.cause.startswith("The sign-in ran out on ")


def test_an_access_token_that_ran_out_is_no_end_while_it_can_be_refreshed(way, orbit):
    orbit.token = replace(orbit.token, expires_at=in_days(0.1))
    way.connected()
    with time_machine.travel(clock.now() + timedelta(days=5)):
        assert expiry.mark_ended() == 0


def test_the_beat_runs_all_of_it(way, kite, sent):
    kite.token = ending(1)
    held = way.connected("kite")
    journey = way.arrived()
    with time_machine.travel(clock.now() + timedelta(days=2)):
        tasks.refresh_due()
    held.refresh_from_db()
    assert held.state == S.REFRESH_NEEDED
    assert Journey.objects.get(pk=journey.pk).sealed == ""


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


def test_no_end_is_stored_for_a_token_with_a_refresh_token(way, orbit):
    orbit.token = Token("canary-a", "canary-r", in_days(0.1))
    held = way.connected()
    assert held.expires_at is not None
    assert held.ends_at is None


def test_the_end_of_renewing_itself_is_told_ahead(way, orbit):
    """R-D4: a refresh token with a last day; each day before it still renews."""
    orbit.token = Token("a", "r", in_days(11), ends_at=in_days(13))
    held = way.connected()
    assert held.ends_at == orbit.token.ends_at
    expiry.mark_expiring()
    held.refresh_from_db()
    assert held.state == S.EXPIRING


def test_a_renewal_that_prolongs_nothing_doesnt_hide_the_end(way, orbit):
    """R-D4: else it would be told again after each renewal."""
    ends = in_days(13)
    orbit.token = Token("a", "r", in_days(11), ends_at=ends)
    held = way.connected()
    expiry.mark_expiring()
    orbit.new_token = Token("b", "s", in_days(11), ends_at=ends)
    refresh(held.pk, held.version)
    held.refresh_from_db()
    assert (held.state, held.version) == (S.EXPIRING, 2)


def test_a_renewal_that_prolongs_it_ends_the_worry(way, orbit):
    orbit.token = Token("a", "r", in_days(11), ends_at=in_days(13))
    held = way.connected()
    expiry.mark_expiring()
    orbit.new_token = Token("b", "s", in_days(11), ends_at=in_days(180))
    refresh(held.pk, held.version)
    held.refresh_from_db()
    assert (held.state, held.cause) == (S.CONNECTED, "The sign-in was renewed.")
