"""Tokens: sealed, refreshed by one at a time, never overwritten by an older one."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database

from core import clock
from platforms.errors import (
    AuthExpired,
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from platforms.types import Token
from profiles.actions import tokens
from profiles.actions.remove import remove
from profiles.actions.tokens import fresh_token, refresh, token_for
from profiles.actions.trouble import note_trouble
from profiles.errors import ConnectionBroken
from profiles.models import Connection
from profiles.states import ConnectionState as S
from tests.profiles.fakes import in_days


@pytest.fixture
def held(way) -> Connection:
    return way.connected()


def again(held: Connection) -> Any:
    return Connection.objects.get(pk=held.pk)


def test_the_token_comes_with_its_version(held, orbit):
    usable = token_for(held)
    assert (usable.token, usable.version) == (orbit.token, 1)


@pytest.mark.parametrize("state", [S.REFRESH_NEEDED, S.DISCONNECTED])
def test_a_dead_connection_has_no_token(held, state):
    held.state, held.cause = state, "The password was changed."
    with pytest.raises(ConnectionBroken) as caught:
        token_for(held)
    assert caught.value.cause == "The password was changed."


def test_a_token_moved_to_another_row_does_not_open(held, way, kite):
    """R-D2: a ciphertext belongs to its row."""
    other = way.connected("kite")
    Connection.objects.filter(pk=other.pk).update(sealed=held.sealed)
    with pytest.raises(ConnectionBroken) as caught:
        token_for(again(other))
    assert "canary" not in str(caught.value)


def test_a_refresh_stores_the_new_pair_before_anybody_uses_it(held, orbit):
    usable = refresh(held.pk, 1)
    assert usable.token == orbit.new_token
    assert usable.version == 2
    assert again(held).token() == orbit.new_token


def test_a_refresh_plans_the_next_and_forgets_failures(held, orbit):
    Connection.objects.update(refresh_failures=4)
    orbit.new_token = replace(orbit.new_token, expires_at=in_days(60))
    refresh(held.pk, 1)
    row = again(held)
    assert row.refresh_failures == 0
    assert timedelta(days=48) < row.refresh_at - clock.now() < timedelta(days=51)


def test_whoever_saw_an_older_version_gets_the_newer_token(held, orbit):
    refresh(held.pk, 1)
    usable = refresh(held.pk, 1)
    assert usable.version == 2
    assert len(orbit.refreshed) == 1


def test_the_lease_is_given_back(held):
    refresh(held.pk, 1)
    row = again(held)
    assert (row.refresh_owner, row.refresh_lease_until) == (None, None)


def test_a_dead_token_breaks_the_connection(held, orbit):
    """R-D1: Refresh needed, with its cause."""
    orbit.trouble = AuthExpired("Orbit says the password was changed.")
    with pytest.raises(ConnectionBroken) as caught:
        refresh(held.pk, 1)
    assert caught.value.cause == "Orbit says the password was changed."
    row = again(held)
    assert row.state == S.REFRESH_NEEDED
    assert row.refresh_at is None
    assert row.events.all()[0].cause == "Orbit says the password was changed."


def test_a_platform_without_refresh_has_ended_the_sign_in(held, orbit):
    orbit.trouble = Unsupported("Orbit tokens can't be refreshed.")
    with pytest.raises(ConnectionBroken):
        refresh(held.pk, 1)
    assert again(held).state == S.REFRESH_NEEDED


def test_asked_ahead_of_time_it_just_is_not_renewed(held, orbit):
    """One way to sign in may be renewable, another of the same platform not."""
    Connection.objects.update(refresh_at=clock.now())
    orbit.trouble = Unsupported("Only a new sign-in renews this.")
    assert refresh(held.pk, 1, ahead=True).version == 1
    row = again(held)
    assert (row.state, row.refresh_at) == (S.CONNECTED, None)


def test_a_withdrawn_permission_met_on_refresh_shows(held, orbit):
    orbit.trouble = PermissionMissing("Withdrawn.", ("write",))
    with pytest.raises(ConnectionBroken):
        refresh(held.pk, 1)
    row = again(held)
    assert (row.state, row.missing) == (S.PERMISSIONS_MISSING, ["write"])


@pytest.mark.parametrize(
    "error",
    [
        Unavailable("Away."),
        OutcomeUnknown("Lost."),
        Rejected("Our app key is wrong."),
    ],
)
def test_passing_trouble_leaves_the_connection_as_it_is(held, orbit, error):
    """R-D3: a lost answer does not lose the connection."""
    orbit.trouble = error
    with pytest.raises(type(error)):
        refresh(held.pk, 1)
    row = again(held)
    assert (row.state, row.version) == (S.CONNECTED, 1)
    assert row.token() == orbit.token
    assert row.refresh_failures == 1
    assert row.refresh_lease_until is None
    pause = row.refresh_at - clock.now()
    assert timedelta(seconds=55) < pause < timedelta(seconds=70)


def test_the_pause_grows_with_each_failure(held, orbit):
    orbit.trouble = Unavailable("Away.")
    for _ in range(4):
        with pytest.raises(Unavailable):
            refresh(held.pk, 1)
    assert again(held).refresh_at > clock.now() + timedelta(minutes=7)


def test_a_rate_limit_is_kept_to_its_time(held, orbit):
    """R-F5: the platform's own time is obeyed."""
    until = clock.now() + timedelta(hours=8)
    orbit.trouble = RateLimited("Too many.", until)
    with pytest.raises(RateLimited):
        refresh(held.pk, 1)
    assert again(held).refresh_at >= until


def test_a_newer_sign_in_is_never_overwritten(way, held, orbit):
    """A person signs in anew while an old refresh is still under way."""

    def meanwhile(token, profile):
        orbit.token = Token("canary-of-the-person", "canary-new-refresh")
        way.connected(profile=held.profile)
        return Token("canary-too-late")

    orbit.refresh = meanwhile
    usable = refresh(held.pk, 1)
    assert usable.token.access == "canary-of-the-person"
    assert again(held).token().access == "canary-of-the-person"
    assert again(held).version == 2


def test_a_dead_old_token_does_not_break_a_newer_sign_in(way, held, orbit):
    def meanwhile(token, profile):
        orbit.token = Token("canary-of-the-person")
        way.connected(profile=held.profile)
        raise AuthExpired("Replayed.")

    orbit.refresh = meanwhile
    assert refresh(held.pk, 1).token.access == "canary-of-the-person"
    assert again(held).state == S.CONNECTED


def test_who_used_the_old_token_meanwhile_doesnt_break_the_new_one(held, orbit):
    """The old one dies at the platform before the new one is stored here."""

    def meanwhile(token, profile):
        note_trouble(held.pk, AuthExpired("No longer valid."), seen_version=1)
        return orbit.new_token

    orbit.refresh = meanwhile
    assert refresh(held.pk, 1).version == 2
    assert again(held).state == S.CONNECTED
    assert again(held).events.first().cause == "The sign-in was renewed."


def test_a_token_for_a_profile_removed_meanwhile_is_thrown_away(held, cast, orbit):
    def meanwhile(token, profile):
        remove(profile=held.profile, actor=cast.alice)
        return Token("canary-too-late")

    orbit.refresh = meanwhile
    with pytest.raises(ConnectionBroken):
        refresh(held.pk, 1)
    assert again(held).sealed == ""


def test_a_lapsed_lease_is_taken_over(held, orbit):
    past = clock.now() - timedelta(seconds=1)
    Connection.objects.update(refresh_owner=held.pk, refresh_lease_until=past)
    assert refresh(held.pk, 1).version == 2


def test_who_waits_too_long_for_another_tries_later(held, orbit, monkeypatch):
    monkeypatch.setattr(tokens, "WAIT_S", 0.0)
    ahead = clock.now() + timedelta(minutes=1)
    Connection.objects.update(refresh_owner=held.pk, refresh_lease_until=ahead)
    with pytest.raises(Unavailable):
        refresh(held.pk, 1)
    assert orbit.refreshed == []


def test_scopes_that_a_refresh_no_longer_names_are_missing_now(way, orbit):
    """R-C4: withdrawn at the platform, noticed at the refresh."""
    orbit.token = replace(orbit.token, scopes=("read", "write", "figures"))
    held = way.connected()
    orbit.new_token = replace(orbit.new_token, scopes=("read", "write"))
    refresh(held.pk, 1)
    row = again(held)
    assert (row.state, row.missing) == (S.PERMISSIONS_MISSING, ["figures"])


def test_a_refresh_that_names_no_scopes_takes_none_away(way, orbit):
    orbit.token = replace(orbit.token, scopes=("read", "write", "figures"))
    held = way.connected()
    refresh(held.pk, 1)
    assert again(held).state == S.CONNECTED


def test_a_renewed_sign_in_no_longer_expires_soon(held):
    Connection.objects.update(state=S.EXPIRING)
    refresh(held.pk, 1)
    assert again(held).state == S.CONNECTED


def test_a_token_that_ends_within_a_minute_is_refreshed_first(way, orbit):
    soon = clock.now() + timedelta(seconds=30)
    orbit.token = replace(orbit.token, expires_at=soon)
    held = way.connected()
    assert fresh_token(held).token == orbit.new_token


def test_a_token_with_life_left_costs_no_call(held, orbit):
    assert fresh_token(held).version == 1
    assert orbit.refreshed == []


def test_a_token_says_nothing_of_itself(orbit):
    assert "canary" not in repr(orbit.token)
    assert "canary" not in repr(tokens.Usable(orbit.token, 1))


@pytest.mark.django_db(transaction=True)
def test_two_refreshers_at_once_make_one_call(way, orbit):
    """R-D3: two workers never refresh one token at once."""
    held = way.connected()
    orbit.gate = threading.Event()
    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(_refresh_in_thread, held) for _ in range(4)]
        _until(lambda: len(orbit.refreshed) == 1)
        orbit.gate.set()
        answers = [each.result(20) for each in asked]
    assert len(orbit.refreshed) == 1
    assert {answer.version for answer in answers} == {2}
    assert {answer.token.access for answer in answers} == {"canary-second-token"}


def _refresh_in_thread(held: Connection):
    try:
        return refresh(held.pk, 1)
    finally:
        database.close()


def _until(met) -> None:
    waiter = threading.Event()
    for _ in range(200):
        if met():
            return
        waiter.wait(0.05)
    raise AssertionError("it never came to that")
