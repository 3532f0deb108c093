"""R-D1: every state of a connection, and every event, through the actions themselves.

A cell says where the event leads: "." leaves everything as it is, "!" tells people.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from core import clock
from core.errors import DomainError
from platforms.callbacks import Withdrawal
from platforms.errors import AuthExpired, PermissionMissing, PlatformError, Unavailable
from platforms.types import Standing, Token
from profiles.actions import expiry, inspect
from profiles.actions.enable import enable
from profiles.actions.remove import remove
from profiles.actions.tokens import refresh
from profiles.actions.trouble import note_trouble
from profiles.actions.withdraw import withdraw
from profiles.errors import ConnectionBroken
from profiles.models import Concern, Connection
from profiles.states import AFTER, Event, Facts, after
from profiles.states import ConnectionState as S
from tests.profiles.conftest import Way
from tests.profiles.fakes import Orbit, in_days, person

ALL = ("read", "write", "figures")
STATES = (
    S.CONNECTED,
    S.EXPIRING,
    S.REFRESH_NEEDED,
    S.PERMISSIONS_MISSING,
    S.ENABLE_NEEDED,
    S.DISCONNECTED,
)
SHORT = {
    "con": S.CONNECTED,
    "exp": S.EXPIRING,
    "ref": S.REFRESH_NEEDED,
    "per": S.PERMISSIONS_MISSING,
    "ena": S.ENABLE_NEEDED,
    "dis": S.DISCONNECTED,
}
#                    before:  con   exp   ref   per   ena   dis
TABLE = """
renewed                       .     con   .     .     .     .
trouble                       .     .     .     .     .     .
refused                       ref!  ref!  ref   ref!  ref!  .
deauthorized                  ref!  ref!  ref   ref!  ref!  .
withdrawn                     per!  per!  .     per!  ena!  .
given                         .     .     .     con   .     .
nears_end                     exp!  .!    .     .!    .!    .
ended                         ref!  ref!  .     ref!  ref!  .
signed_in                     con   con   con   con   ena   con
other_signed_in               .     .     .     .     .     .
enabled                       .     .     .     .     con   .
removed                       dis   dis   dis   dis   dis   .
"""
CAUSES = {
    "renewed": "The sign-in was renewed.",
    "refused": "The password was changed.",
    "deauthorized": "Access was withdrawn at Orbit.",
    "withdrawn": "Orbit took figures away.",
    "given": "The permissions were given at Orbit.",
    "nears_end": "The sign-in runs out on ",
    "ended": "The sign-in ran out on ",
    "enabled": "Auto Publish was turned on.",
    "removed": "Disconnected.",
}
SIGNED_IN = {
    S.DISCONNECTED: "Connected.",
    S.ENABLE_NEEDED: "Signed in; Auto Publish isn't on yet.",
}


@dataclass(frozen=True)
class Cell:
    event: str
    before: S
    word: str

    @property
    def state(self) -> S:
        return SHORT.get(self.word.rstrip("!"), self.before)

    @property
    def moves(self) -> bool:
        return self.word[0] != "."

    @property
    def tells(self) -> bool:
        return self.word.endswith("!")

    @property
    def cause(self) -> str:
        if self.event == "signed_in":
            return SIGNED_IN.get(self.before, "Signed in again.")
        return CAUSES[self.event]


CELLS = [
    Cell(event, before, word)
    for event, *words in (line.split() for line in TABLE.strip().splitlines())
    for before, word in zip(STATES, words, strict=True)
]


@pytest.fixture(autouse=True)
def _orbit(monkeypatch):
    monkeypatch.setattr(Orbit, "inspects", True)
    monkeypatch.setattr(Orbit, "inspect", lambda *_: Standing(ALL, None), raising=False)
    for module in ("trouble", "remove"):
        monkeypatch.setattr(f"profiles.actions.{module}.enqueue", lambda *_: None)


@pytest.fixture
def put(way, cast) -> Callable[[S], Connection]:
    """A connection in that state, with what else is true of it there."""
    also: dict[S, dict[str, Any]] = {
        S.EXPIRING: {"ends_at": in_days(10)},
        S.PERMISSIONS_MISSING: {"missing": ["write"], "granted": ["read", "figures"]},
        S.ENABLE_NEEDED: {"auto_publish_at": None},
    }

    def make(state: S) -> Connection:
        held = way.connected()
        if state == S.DISCONNECTED:
            remove(profile=held.profile, actor=cast.alice)
        columns = {"state": state, "cause": "Before.", **also.get(state, {})}
        Connection.objects.filter(pk=held.pk).update(**columns)
        Concern.objects.all().delete()
        return again(held)

    return make


def again(held: Connection) -> Connection:
    return Connection.objects.select_related("profile__group").get(pk=held.pk)


@dataclass(frozen=True)
class Acts:
    """Each event, by way of what does it in the product."""

    way: Way
    orbit: Orbit
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, event: str, held: Connection) -> None:
        getattr(self, event)(held)

    def renewed(self, held: Connection) -> None:
        refresh(held.pk, held.version)

    def trouble(self, held: Connection) -> None:
        self.orbit.trouble = Unavailable("Away.")
        refresh(held.pk, held.version)

    def refused(self, held: Connection) -> None:
        note_trouble(held.pk, AuthExpired(CAUSES["refused"]))

    def deauthorized(self, held: Connection) -> None:
        whose = ({"external_id": held.profile.external_id},)
        cause = CAUSES["deauthorized"]
        withdraw(Withdrawal(("orbit",), whose, at=clock.now(), cause=cause))

    def withdrawn(self, held: Connection) -> None:
        note_trouble(held.pk, PermissionMissing(CAUSES["withdrawn"], ("figures",)))

    def given(self, held: Connection) -> None:
        inspect.inspect(str(held.pk))

    def nears_end(self, held: Connection, days: float = 6.5) -> None:
        rows = Connection.objects.filter(pk=held.pk)
        rows.update(ends_at=in_days(days), warn_at=clock.now())
        expiry.look_at_ends()

    def ended(self, held: Connection) -> None:
        self.nears_end(held, -0.5)

    def signed_in(self, held: Connection) -> None:
        enabled = held.state != S.ENABLE_NEEDED
        self.monkeypatch.setattr(Orbit, "auto_publish", enabled)
        gone = held.state == S.DISCONNECTED
        self.way.connected(profile=None if gone else held.profile)

    def other_signed_in(self, held: Connection) -> None:
        self.orbit.people = (person("2"),)
        if held.state != S.DISCONNECTED:
            journey = self.way.arrived(profile=held.profile)
            (result,) = self.way.pick(journey, "id-2")
            assert result.code == "wrong_identity"

    def enabled(self, held: Connection) -> None:
        enable(profile=held.profile, actor=self.way.cast.alice)

    def removed(self, held: Connection) -> None:
        remove(profile=held.profile, actor=self.way.cast.alice)


@pytest.fixture
def act(way, orbit, monkeypatch) -> Acts:
    return Acts(way, orbit, monkeypatch)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.event}-{cell.before}")
def test_the_event_leads_where_the_table_says(cell, put, act):
    """State, the entry in the history with its cause, and whether people are told."""
    held = put(cell.before)
    told = held.events.count()
    with suppress(PlatformError, ConnectionBroken, DomainError):
        act(cell.event, held)
    now = again(held)
    assert now.state == cell.state
    added = list(held.events.all()[: held.events.count() - told])
    assert len(added) == int(cell.moves)
    for event in added:
        assert (event.before, event.after) == (cell.before, cell.state)
        assert event.cause.startswith(cell.cause)
    assert Concern.objects.exists() == cell.tells


def test_the_table_is_whole():
    assert {cell.event for cell in CELLS} == set(Event) == set(AFTER)
    assert len(CELLS) == len(Event) * len(S)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: f"{cell.event}-{cell.before}")
def test_the_actions_do_no_more_than_the_product_s_table(cell):
    """What moves here is in `states.AFTER`; an action may know a reason not to."""
    missing = cell.before == S.PERMISSIONS_MISSING and cell.event != "given"
    facts = Facts(missing, vital=missing, enabled=cell.state != S.ENABLE_NEEDED)
    if cell.event == "signed_in":
        facts = Facts(enabled=cell.state != S.ENABLE_NEEDED)
    if cell.moves:
        assert after(cell.before, Event(cell.event), facts) == cell.state


def test_a_renewal_that_leaves_the_end_near_changes_nothing(put, act, orbit):
    """Else the history would fill with each renewal."""
    orbit.new_token = Token(
        "canary-new", "canary-renew", in_days(1), ends_at=in_days(9)
    )
    held = put(S.EXPIRING)
    act("renewed", held)
    assert again(held).state == S.EXPIRING
    assert held.events.count() == 1


def test_sign_in_with_a_permission_left_out_is_told_to_nobody(put, act, orbit):
    """R-C4: whoever left it out sits in front of it."""
    held = put(S.REFRESH_NEEDED)
    orbit.granted = ("read", "write")
    act("signed_in", held)
    assert again(held).state == S.PERMISSIONS_MISSING
    assert Concern.objects.count() == 0
