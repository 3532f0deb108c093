"""Once a day each platform that can tell is asked how a stored token stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
import time_machine

from platforms.errors import AuthExpired, PermissionMissing, RateLimited, Unavailable
from platforms.types import Standing
from profiles import tasks
from profiles.actions import inspect
from profiles.actions.inspect import IDS, share
from profiles.actions.trouble import note_trouble
from profiles.models import Connection
from profiles.states import ConnectionState as S
from tests.profiles.fakes import Orbit, in_days, person

ALL = ("read", "write", "figures")
MIDNIGHT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _orbit_can_tell(monkeypatch):
    monkeypatch.setattr(Orbit, "inspects", True)


@pytest.fixture
def sent(monkeypatch) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    monkeypatch.setattr(inspect, "enqueue", lambda *args: found.append(args))
    return found


@pytest.fixture
def says(monkeypatch, orbit):
    """What Orbit answers: a standing, or an error."""

    def act(answer):
        def tell(token, profile):
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(orbit, "inspect", tell)

    return act


def row() -> Connection:
    return Connection.objects.get()


def test_the_shares_of_a_day_are_all_ids_once():
    """R-D8: nobody is left out, nobody asked twice."""
    shares = [share(MIDNIGHT + timedelta(minutes=5 * n)) for n in range(288)]
    assert shares[0][0] == UUID(int=0)
    assert shares[-1][1] == UUID(int=IDS - 1)
    pairs = pairwise(shares)
    assert all(one[1].int + 1 == two[0].int for one, two in pairs)


def test_within_a_day_each_is_asked_once(way, sent):
    held = way.connected()
    for number in range(288):
        with time_machine.travel(MIDNIGHT + timedelta(minutes=5 * number)):
            inspect.inspect_due()
    assert sent == [("profiles.inspect", str(held.pk))]


def test_platforms_that_tell_nothing_are_not_asked(way, sent, monkeypatch):
    monkeypatch.setattr(Orbit, "inspects", False)
    monkeypatch.setattr(inspect, "share", lambda now: (UUID(int=0), UUID(int=IDS - 1)))
    way.connected()
    assert inspect.inspect_due() == 0


def test_a_withdrawn_permission_shows(way, says):
    """R-C4, R-D8"""
    held = way.connected()
    says(Standing(("read", "figures")))
    tasks.inspect_one(str(held.pk))
    assert (row().state, row().missing) == (S.PERMISSIONS_MISSING, ["write"])
    assert row().cause == "A permission was withdrawn at Orbit."


def test_one_given_at_the_platform_heals(way, says, orbit):
    orbit.granted = ("read",)
    held = way.connected()
    assert held.state == S.PERMISSIONS_MISSING
    says(Standing(ALL))
    tasks.inspect_one(str(held.pk))
    assert (row().state, row().missing, row().granted) == (S.CONNECTED, [], list(ALL))


def test_nothing_new_leaves_no_trace(way, says):
    held = way.connected()
    says(Standing(ALL))
    tasks.inspect_one(str(held.pk))
    assert held.events.count() == 1


def test_a_new_last_day_is_kept(way, says):
    held = way.connected()
    ends = in_days(80)
    says(Standing(ALL, ends))
    tasks.inspect_one(str(held.pk))
    assert row().ends_at == ends


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (AuthExpired("The password was changed."), S.REFRESH_NEEDED),
        (PermissionMissing("No more.", ("write",)), S.PERMISSIONS_MISSING),
        (Unavailable("Away."), S.CONNECTED),
        (RateLimited("Slow down.", in_days(1)), S.CONNECTED),
    ],
)
def test_only_the_platforms_own_word_breaks_a_connection(way, says, answer, state):
    """R-D8: a passing failure never marks it dead."""
    held = way.connected()
    says(answer)
    tasks.inspect_one(str(held.pk))
    assert row().state == state


def test_who_signed_in_anew_meanwhile_is_not_blamed(way, orbit, monkeypatch):
    held = way.connected()

    def slow(token, profile):
        way.pick(way.arrived(profile=held.profile), "id-1")
        raise AuthExpired("Of the old one.")

    monkeypatch.setattr(orbit, "inspect", slow)
    tasks.inspect_one(str(held.pk))
    assert row().state == S.CONNECTED


@pytest.mark.parametrize("state", [S.REFRESH_NEEDED, S.DISCONNECTED])
def test_dead_ones_are_left_in_peace(way, says, state):
    held = way.connected()
    says(AuthExpired("Never asked."))
    Connection.objects.filter(pk=held.pk).update(state=state)
    tasks.inspect_one(str(held.pk))
    assert held.events.count() == 1


def test_one_that_is_gone_is_passed_over(db):
    tasks.inspect_one(str(UUID(int=7)))
    assert not Connection.objects.exists()


def test_what_ended_one_is_asked_of_all_of_its_sign_in(way, orbit, monkeypatch):
    """R-D8: a changed password shows at forty profiles now, and is told once."""
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(inspect, "enqueue", lambda *args: asked.append(args))
    orbit.people = (person("1"), person("2"))
    way.pick(way.arrived(), "id-1", "id-2", id2="new")
    first, second = Connection.objects.order_by("connected_at")
    assert inspect.inspect_siblings(str(first.pk)) == 1
    assert asked == [("profiles.inspect", str(second.pk))]
    monkeypatch.setattr(Orbit, "inspects", False)
    inspect.inspect_siblings(str(first.pk))
    assert asked[-1] == ("profiles.refresh", str(second.pk))


def test_only_the_first_of_a_sign_in_asks_for_the_others(way, orbit, monkeypatch):
    """Else forty would ask for one another, hundreds of calls in all."""
    asked: list[str] = []
    monkeypatch.setattr(inspect, "enqueue", lambda task, pk: asked.append(pk))
    monkeypatch.setattr("profiles.actions.trouble.enqueue", lambda *_: None)
    orbit.people = tuple(person(str(number)) for number in range(3))
    places = {f"id{number}": "new" for number in (1, 2)}
    way.pick(way.arrived(), "id-0", "id-1", "id-2", **places)
    held = list(Connection.objects.order_by("connected_at"))
    for each in held[:2]:
        note_trouble(each.pk, AuthExpired("The password was changed."))
        inspect.inspect_siblings(str(each.pk))
    assert sorted(asked) == sorted([str(held[1].pk), str(held[2].pk)])


def test_other_sign_ins_and_dead_ones_are_left_alone(way, orbit, monkeypatch):
    monkeypatch.setattr(inspect, "enqueue", lambda *args: pytest.fail("asked"))
    orbit.people = (person("1"), person("2"))
    way.pick(way.arrived(), "id-1", "id-2", id2="new")
    first, second = Connection.objects.order_by("connected_at")
    Connection.objects.filter(pk=second.pk).update(state=S.REFRESH_NEEDED)
    assert inspect.inspect_siblings(str(first.pk)) == 0


def test_a_refusal_asks_for_the_siblings_once(way, monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(
        "profiles.actions.trouble.enqueue", lambda task, pk: asked.append(task)
    )
    held = way.connected()
    note_trouble(held.pk, AuthExpired("Ended."))
    note_trouble(held.pk, AuthExpired("Ended, again."))
    assert asked == ["profiles.inspect_siblings"]


def test_a_dead_access_token_that_renews_breaks_nothing(way, orbit, monkeypatch):
    """R-D3: only what the renewal says of it counts."""
    held, asked = way.connected(), []

    def tell(token, profile):
        asked.append(token.access)
        if len(asked) == 1:
            raise AuthExpired("This access token is no longer valid.")
        return Standing(ALL)

    monkeypatch.setattr(orbit, "inspect", tell)
    tasks.inspect_one(str(held.pk))
    assert (row().state, row().version) == (S.CONNECTED, 2)
    assert asked == ["canary-access-token", "canary-second-token"]
    assert held.events.count() == 1


def test_a_renewal_that_is_refused_tells_why(way, says, orbit):
    """R-D1: the cause is the platform's word on the sign-in itself."""
    held = way.connected()
    says(AuthExpired("This access token is no longer valid."))
    orbit.trouble = AuthExpired("The password was changed.")
    tasks.inspect_one(str(held.pk))
    assert (row().state, row().cause) == (
        S.REFRESH_NEEDED,
        "The password was changed.",
    )


def test_what_was_never_given_is_not_said_to_be_withdrawn(way, says, orbit):
    """R-C4: the history tells what happened, day after day."""
    orbit.granted = ("read",)
    held = way.connected()
    before = (held.cause, held.events.count())
    says(Standing(("read",)))
    tasks.inspect_one(str(held.pk))
    assert (row().cause, held.events.count()) == before
    assert row().state == S.PERMISSIONS_MISSING


def test_one_of_two_that_came_back_is_told(way, says, orbit):
    orbit.granted = ("read",)
    held = way.connected()
    says(Standing(("read", "write")))
    tasks.inspect_one(str(held.pk))
    assert row().missing == ["figures"]
    assert row().cause == "The permissions were given at Orbit."
    assert held.events.count() == 2


def test_rights_that_are_not_told_stay_as_they_are(way, says):
    """What a call was refused isn't healed by an answer that says nothing of it."""
    held = way.connected()
    note_trouble(held.pk, PermissionMissing("No more.", ("write",)))
    says(Standing(None, in_days(80)))
    tasks.inspect_one(str(held.pk))
    assert (row().state, row().missing) == (S.PERMISSIONS_MISSING, ["write"])
    assert row().ends_at is not None
