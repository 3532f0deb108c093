"""Disconnecting: refused while needed, then revoked there and destroyed here."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from accounts.models import Membership, Role
from core import clock
from core.errors import DomainError
from platforms.errors import AuthExpired, Unavailable
from profiles import hooks, tasks
from profiles.actions.places import NEW
from profiles.actions.remove import remove, revoke, revoke_leftovers
from profiles.actions.sets import create_set
from profiles.hooks import Blocker, Clearing, Guard, Needs
from profiles.models import Connection, SocialProfile
from profiles.states import ConnectionState as S
from tests.factories import ProfileFactory
from tests.profiles.fakes import person


@pytest.fixture
def held(way) -> Connection:
    return way.connected()


@pytest.fixture
def sent(monkeypatch) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    monkeypatch.setattr(
        "profiles.actions.remove.enqueue", lambda *args: found.append(args)
    )
    return found


@pytest.fixture
def guard(monkeypatch):
    """What needs a profile, in place of the apps above."""
    needed: list[Blocker] = []
    made = Guard(lambda _: Needs(len(needed), needed), lambda *_: needed.clear())
    monkeypatch.setattr(hooks, "guards", [made])
    return needed


def row() -> Connection:
    return Connection.objects.get()


def test_a_profile_that_posts_still_need_stays(held, cast, guard, sent):
    """R-D7: refused until they are finished or deleted."""
    guard.append(Blocker("Summer sale"))
    with pytest.raises(DomainError) as caught:
        remove(profile=held.profile, actor=cast.alice)
    assert caught.value.message.startswith("1 post still needs @person1.")
    assert row().state == S.CONNECTED
    assert row().sealed
    assert sent == []


def test_what_a_person_chose_for_it_is_done_in_the_same_step(held, cast, guard, sent):
    """R-D7: cleared and disconnected, both or neither."""
    guard.append(Blocker("Summer sale"))
    remove(profile=held.profile, actor=cast.alice, clearing=Clearing("delete"))
    assert guard == []
    assert row().state == S.DISCONNECTED


def test_what_came_to_need_it_meanwhile_undoes_the_clearing(held, cast, guard, sent):
    """R-D7: a post that was written at the same moment keeps the profile."""
    made = Guard(lambda _: Needs(1, [Blocker("New")]), lambda *_: None)
    hooks.register_guard(made)
    with pytest.raises(DomainError, match="1 post still needs"):
        remove(profile=held.profile, actor=cast.alice, clearing=Clearing("delete"))
    assert row().state == S.CONNECTED


def test_a_guard_registered_twice_counts_once(monkeypatch, held):
    monkeypatch.setattr(hooks, "guards", [])

    guard = Guard(lambda _: Needs(1, [Blocker("Once")]), lambda *_: None)
    hooks.register_guard(guard)
    hooks.register_guard(guard)
    assert hooks.needs(held.profile).count == 1


def test_the_row_stays_with_its_history_and_the_slot_is_empty(held, cast, sent):
    remove(profile=held.profile, actor=cast.bob)
    profile = SocialProfile.objects.get()
    assert profile.removed_at is not None
    event = row().events.all()[0]
    assert (event.after, event.actor) == ("disconnected", cast.bob)
    assert sent == [("profiles.revoke", str(held.pk))]


def test_nothing_can_be_published_with_it_any_more(held, cast, sent):
    remove(profile=held.profile, actor=cast.alice)
    found = row()
    assert (found.state, found.sealed, found.granted) == (S.DISCONNECTED, "", [])
    assert found.version == held.version + 1


def test_the_token_is_revoked_there_and_destroyed_here(held, cast, orbit, sent):
    """R-D8: both, and the token is in no message."""
    remove(profile=held.profile, actor=cast.alice)
    tasks.revoke(str(held.pk))
    assert [token.access for token in orbit.revoked] == ["canary-access-token"]
    assert (row().sealed, row().farewell) == ("", "")
    assert row().events.all()[0].cause.startswith("Our access was given back at Orbit")


def test_a_second_revocation_does_nothing(held, cast, orbit, sent):
    remove(profile=held.profile, actor=cast.alice)
    revoke(str(held.pk))
    revoke(str(held.pk))
    assert len(orbit.revoked) == 1


def test_a_platform_that_is_away_is_asked_again(held, cast, orbit, sent):
    remove(profile=held.profile, actor=cast.alice)
    orbit.trouble = Unavailable("Away.")
    revoke(str(held.pk))
    assert row().farewell
    assert revoke_leftovers() == 1
    assert sent == [("profiles.revoke", str(held.pk))] * 2


def test_a_key_that_is_missing_for_now_is_waited_for(held, cast, orbit, sent, settings):
    """The operator may put it back; until then nothing is destroyed unrevoked."""
    remove(profile=held.profile, actor=cast.alice)
    ring = settings.TOKEN_KEYS
    settings.TOKEN_KEYS = type(ring)({"new": bytes(32)})
    revoke(str(held.pk))
    assert row().farewell
    settings.TOKEN_KEYS = ring
    revoke(str(held.pk))
    assert (row().farewell, len(orbit.revoked)) == ("", 1)


def test_after_a_day_the_token_is_destroyed_anyway(held, cast, orbit, sent):
    remove(profile=held.profile, actor=cast.alice)
    orbit.trouble = Unavailable("Away.")
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        revoke(str(held.pk))
    assert row().farewell == ""
    assert "Orbit didn't answer for a day" in row().events.all()[0].cause


def test_a_platform_that_refuses_is_not_asked_again(held, cast, orbit, sent):
    remove(profile=held.profile, actor=cast.alice)
    orbit.trouble = AuthExpired("Dead already.")
    revoke(str(held.pk))
    assert row().farewell == ""


def test_siblings_of_one_sign_in_keep_its_token(way, cast, orbit, sent):
    """Revoking a shared sign-in would break those that stay."""
    orbit.people = (person("1"), person("2"))
    first, _ = way.pick(way.arrived(), "id-1", "id-2", id2=NEW)
    profile = SocialProfile.objects.get(pk=first.profile_id)
    remove(profile=profile, actor=cast.alice)
    revoke(str(profile.connection.pk))
    assert orbit.revoked == []
    assert Connection.objects.get(profile=profile).farewell == ""


def test_one_login_at_the_platform_is_one_sign_in(way, cast, orbit, sent):
    """Signed in twice, still one login there: revoking would end both."""
    other = create_set(group=cast.group, actor=cast.alice, name="Other")
    orbit.people = (person("1", data={"login_id": "77"}),)
    first = way.connected()
    orbit.people = (person("2", data={"login_id": "77"}),)
    way.connected(who="id-2", social_set=other)
    remove(profile=first.profile, actor=cast.alice)
    revoke(str(first.pk))
    assert orbit.revoked == []


def test_who_connected_again_meanwhile_keeps_the_new_right(
    way, held, orbit, cast, sent
):
    remove(profile=held.profile, actor=cast.alice)
    way.connected()
    revoke(str(held.pk))
    assert orbit.revoked == []
    assert row().state == S.CONNECTED
    assert row().token() == orbit.token


def test_disconnecting_twice_is_once(held, cast, sent):
    remove(profile=held.profile, actor=cast.alice)
    remove(profile=held.profile, actor=cast.alice)
    assert held.events.count() == 2


def test_an_unreadable_token_does_not_keep_a_profile(held, cast, sent):
    Connection.objects.update(sealed="v1.lost.AAAA")
    remove(profile=held.profile, actor=cast.alice)
    assert (row().state, row().sealed, row().farewell) == (S.DISCONNECTED, "", "")


@pytest.mark.parametrize("role", [Role.RESTRICTED, Role.VIEWER])
def test_who_may_only_look_disconnects_nothing(held, cast, sent, role):
    Membership.objects.filter(user=cast.bob).update(role=role)
    with pytest.raises(DomainError):
        remove(profile=held.profile, actor=cast.bob)
    assert row().state == S.CONNECTED


def test_a_login_that_platforms_share_lives_until_the_last_of_them(
    way, cast, orbit, sent
):
    """R-D8: revoking at one platform of a company would end the other's, too."""
    orbit.people = (person("1", data={"login_id": "77"}),)
    first = way.connected()
    ProfileFactory(
        group=cast.group,
        social_set=cast.social_set,
        platform="kite",
        data={"login_id": "77"},
    )
    remove(profile=first.profile, actor=cast.alice)
    revoke(str(first.pk))
    assert orbit.revoked == []
    assert Connection.objects.get(pk=first.pk).farewell == ""
