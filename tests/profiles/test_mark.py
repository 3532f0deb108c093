"""The one door to a connection's state."""

from __future__ import annotations

import pytest
from django.db import transaction

from profiles.actions.mark import locked, mark
from profiles.errors import StateChanged
from profiles.models import Connection
from profiles.states import MOVES, ConnectionState, IllegalMove
from profiles.states import ConnectionState as S
from tests.factories import ProfileFactory


@pytest.fixture
def connection(cast) -> Connection:
    profile = ProfileFactory(
        group=cast.group, social_set=cast.social_set, platform="orbit"
    )
    return profile.connection


def test_a_move_is_written_with_its_cause_and_actor(connection, cast):
    """R-D1: every change is kept in a history with its cause."""
    mark(connection, S.REFRESH_NEEDED, "The password was changed.", actor=cast.bob)
    event = connection.events.get()
    assert (event.before, event.after) == ("connected", "refresh_needed")
    assert event.cause == "The password was changed."
    assert event.actor == cast.bob
    assert Connection.objects.get().state == S.REFRESH_NEEDED


def test_missing_permissions_are_named_and_kept_by_later_moves(connection):
    mark(connection, S.PERMISSIONS_MISSING, "Left out.", missing=["write"])
    mark(connection, S.PERMISSIONS_MISSING, "Still left out.")
    assert Connection.objects.get().missing == ["write"]


def test_the_same_state_and_cause_again_is_no_event(connection):
    mark(connection, S.REFRESH_NEEDED, "Ended.")
    mark(connection, S.REFRESH_NEEDED, "Ended.")
    assert connection.events.count() == 1


def test_the_same_state_with_another_cause_is_an_event(connection):
    mark(connection, S.REFRESH_NEEDED, "Ended.")
    mark(connection, S.REFRESH_NEEDED, "Revoked.")
    assert [event.cause for event in connection.events.all()] == ["Revoked.", "Ended."]


def test_a_move_that_the_table_lacks_is_a_bug(connection):
    mark(connection, S.DISCONNECTED, "Disconnected.")
    with pytest.raises(IllegalMove):
        mark(connection, S.REFRESH_NEEDED, "Runs out.")


def test_who_read_an_older_state_writes_nothing(connection):
    other = Connection.objects.get(pk=connection.pk)
    mark(other, S.REFRESH_NEEDED, "Ended.")
    with pytest.raises(StateChanged):
        mark(connection, S.EXPIRING, "Runs out.")
    assert Connection.objects.get().state == S.REFRESH_NEEDED
    assert connection.events.count() == 1


def test_other_columns_are_left_alone(connection):
    Connection.objects.filter(pk=connection.pk).update(refresh_failures=3)
    mark(connection, S.REFRESH_NEEDED, "Ended.")
    assert Connection.objects.get().refresh_failures == 3


def test_a_cause_is_cut_to_its_column(connection):
    mark(connection, S.REFRESH_NEEDED, "x" * 500)
    assert len(Connection.objects.get().cause) == 300


@pytest.mark.django_db(transaction=True)
def test_locked_reads_the_row_as_it_is_now(cast):
    profile = ProfileFactory(
        group=cast.group, social_set=cast.social_set, platform="orbit"
    )
    mark(profile.connection, S.REFRESH_NEEDED, "Ended.")
    with transaction.atomic():
        assert locked(profile.connection.pk).state == S.REFRESH_NEEDED


def test_every_state_can_be_left_and_reached():
    assert set(MOVES) == set(ConnectionState)
    reached = {state for targets in MOVES.values() for state in targets}
    assert reached == set(ConnectionState)
