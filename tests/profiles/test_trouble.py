"""Trouble met while using a connection shows on it at once (R-D8)."""

from __future__ import annotations

import pytest

from core import clock
from platforms.errors import AuthExpired, PermissionMissing, RateLimited, Unavailable
from profiles.actions.remove import remove
from profiles.actions.tokens import refresh
from profiles.actions.trouble import note_trouble
from profiles.models import Connection
from profiles.states import ConnectionState as S


@pytest.fixture
def held(way) -> Connection:
    return way.connected()


def state_of(held: Connection) -> str:
    return Connection.objects.get(pk=held.pk).state


def test_a_dead_token_needs_a_new_sign_in(held):
    note_trouble(held.pk, AuthExpired("Access was withdrawn at Orbit."))
    row = Connection.objects.get()
    assert row.state == S.REFRESH_NEEDED
    assert row.cause == "Access was withdrawn at Orbit."
    assert row.refresh_at is None


def test_a_missing_permission_is_named(held):
    note_trouble(held.pk, PermissionMissing("Orbit says no.", ("write",)))
    row = Connection.objects.get()
    assert (row.state, row.missing) == (S.PERMISSIONS_MISSING, ["write"])
    assert row.granted == ["read", "figures"]


def test_further_missing_ones_are_added_once(held):
    note_trouble(held.pk, PermissionMissing("No.", ("write",)))
    note_trouble(held.pk, PermissionMissing("No.", ("figures", "write")))
    assert Connection.objects.get().missing == ["write", "figures"]


def test_a_platform_that_names_none_means_publishing(held):
    note_trouble(held.pk, PermissionMissing("No."))
    assert Connection.objects.get().missing == ["write"]


def test_passing_trouble_is_no_business_of_the_connection(held):
    note_trouble(held.pk, Unavailable("Away."))
    note_trouble(held.pk, RateLimited("Too many.", clock.now()))
    assert state_of(held) == S.CONNECTED
    assert held.events.count() == 1


def test_a_missing_permission_does_not_hide_a_dead_token(held):
    note_trouble(held.pk, AuthExpired("Ended."))
    note_trouble(held.pk, PermissionMissing("No.", ("write",)))
    assert state_of(held) == S.REFRESH_NEEDED


def test_late_trouble_of_a_removed_profile_is_nothing_new(held, cast):
    remove(profile=held.profile, actor=cast.alice)
    note_trouble(held.pk, AuthExpired("Ended."))
    assert state_of(held) == S.DISCONNECTED


def test_trouble_with_an_older_token_is_not_held_against_a_newer(held):
    refresh(held.pk, 1)
    note_trouble(held.pk, AuthExpired("Ended."), seen_version=1)
    assert state_of(held) == S.CONNECTED
    note_trouble(held.pk, AuthExpired("Ended."), seen_version=2)
    assert state_of(held) == S.REFRESH_NEEDED
