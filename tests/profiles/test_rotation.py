"""Keys are rotated while all goes on; what doesn't open is told, never lost (R-D2)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from io import StringIO
from itertools import cycle
from pathlib import Path
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction

from core import rotation
from core.crypto import KeyRing
from core.doctor import Level
from platforms.errors import OperatorTrouble
from platforms.types import Token
from profiles.actions.mark import locked
from profiles.actions.tokens import token_for
from profiles.actions.trouble import UNREADABLE
from profiles.errors import ConnectionBroken
from profiles.models import ClientRegistration, Concern, Connection
from profiles.states import ConnectionState as S
from tests.architecture.trees import GENERIC, ROOT, python_files
from tests.factories import ProfileFactory

pytestmark = pytest.mark.django_db

OLD, NEW = bytes(32), bytes([7]) * 32
BEFORE, BOTH, AFTER = (
    KeyRing({"k1": OLD}),
    KeyRing({"k2": NEW, "k1": OLD}),
    KeyRing({"k2": NEW}),
)
SEALED = "profiles.connection.sealed"


@pytest.fixture
def ring(settings) -> Callable[[KeyRing], None]:
    def use(found: KeyRing) -> None:
        settings.TOKEN_KEYS = found

    use(BEFORE)
    return use


@pytest.fixture
def crowd(cast, ring) -> list[Connection]:
    """Twelve connections and a registration under the old key; the ring has both."""
    made = [
        ProfileFactory(
            group=cast.group,
            social_set=cast.group.social_sets.create(name=f"Set {number}"),
            platform="orbit",
        ).connection
        for number in range(12)
    ]
    row = ClientRegistration.objects.create(platform="mastodon", server="a.example")
    row.seal({"client_id": "CI", "client_secret": "canary-secret-of-an-app"})
    row.save()
    made[0].seal_farewell()
    made[0].save()
    ring(BOTH)
    return made


def rotate(*args: str) -> str:
    out = StringIO()
    call_command("rotate_keys", *args, stdout=out)
    return out.getvalue()


def column(name: str = SEALED) -> rotation.Sealed:
    return next(one for one in rotation.columns() if one.name == name)


def passed(batch: int = 200) -> rotation.Progress:
    *_, last = rotation.rotate(column(), batch=batch)
    return last


def swap(one: Connection, other: Connection) -> None:
    for row, sealed in ((one, other.sealed), (other, one.sealed)):
        Connection.objects.filter(pk=row.pk).update(sealed=sealed)


# All of it


def test_afterwards_the_old_key_is_not_needed(crowd, ring):
    told = rotate()
    ring(AFTER)
    for row in Connection.objects.exclude(pk=crowd[0].pk):
        assert row.token().access.startswith("canary-token-")
    assert Connection.objects.get(pk=crowd[0].pk).farewell_token().access
    assert ClientRegistration.objects.get().unseal()["client_id"] == "CI"
    assert f"{SEALED}: 11 of 11" in told


def test_nothing_but_the_seal_changes(crowd):
    """No new version: a renewal that is under way stays good."""
    columns = [
        field.name for field in Connection._meta.fields if field.name != "sealed"
    ]
    before = list(Connection.objects.order_by("pk").values(*columns))
    passed()
    assert list(Connection.objects.order_by("pk").values(*columns)) == before


def test_a_check_counts_and_changes_nothing(crowd):
    before = list(Connection.objects.order_by("pk").values_list("sealed", flat=True))
    told = rotate("--check")
    assert f"{SEALED}: k1 11" in told
    assert "profiles.clientregistration.sealed: k1 1" in told
    after = list(Connection.objects.order_by("pk").values_list("sealed", flat=True))
    assert after == before


def test_it_goes_on_where_it_was_stopped(crowd):
    steps = rotation.rotate(column(), batch=4)
    next(steps)
    steps.close()
    assert rotation.by_key(column()) == {"k1": 7, "k2": 4}
    assert passed(batch=4).total == 7
    assert rotation.by_key(column()) == {"k2": 11}


def test_what_was_done_is_not_done_again(crowd):
    passed()
    before = list(Connection.objects.values_list("sealed", flat=True))
    assert passed().total == 0
    assert list(Connection.objects.values_list("sealed", flat=True)) == before


def test_progress_is_told_batch_by_batch(crowd):
    seen = [each.done for each in rotation.rotate(column(), batch=5)]
    assert seen == [5, 10, 11, 11]


def test_every_secret_of_the_product_is_among_them():
    """A column that nobody registers would lose its rows with the old key."""
    places = [
        path
        for path in python_files(*GENERIC)
        for _ in range(path.read_text().count("TOKEN_KEYS.seal("))
    ]
    sealed = {(sealed_in(one), one.model, one.column) for one in rotation.columns()}
    assert sorted(places) == sorted(path for path, _, _ in sealed)


def sealed_in(one: rotation.Sealed) -> Path:
    """Beside the model; for a library's model where its rows are told apart."""
    place = one.aad if callable(one.aad) else one.model
    return ROOT / f"{place.__module__.replace('.', '/')}.py"


# What can't be opened


def test_a_key_that_was_taken_out_too_early_stops_it_before_it_starts(crowd, ring):
    ring(AFTER)
    with pytest.raises(CommandError, match=r"lacks: k1 \(13\)"):
        rotate()
    assert rotation.by_key(column()) == {"k1": 11}


def test_a_missing_key_is_the_operators_and_breaks_no_connection(crowd, ring):
    ring(AFTER)
    with pytest.raises(OperatorTrouble, match="lacks the key"):
        token_for(crowd[1])
    assert Connection.objects.get(pk=crowd[1].pk).state == S.CONNECTED
    ring(BOTH)
    assert token_for(crowd[1]).token.access


def test_swapped_rows_are_found_and_told_as_a_state(crowd):
    """R-D2: bound to their row, so neither opens; all others are done."""
    swap(crowd[1], crowd[2])
    with pytest.raises(CommandError, match="2 secrets don't open"):
        rotate()
    for row in crowd[1:3]:
        row.refresh_from_db()
        assert (row.state, row.cause) == (S.REFRESH_NEEDED, UNREADABLE)
    assert rotation.by_key(column()) == {"k1": 2, "k2": 9}
    assert Concern.objects.count() == 2


def test_a_swapped_token_is_told_when_it_is_used(crowd):
    swap(crowd[1], crowd[2])
    with pytest.raises(ConnectionBroken, match="can't be read"):
        token_for(Connection.objects.get(pk=crowd[1].pk))
    crowd[1].refresh_from_db()
    assert crowd[1].state == S.REFRESH_NEEDED


@pytest.mark.parametrize("text", ["nonsense", "v1.", "v1.k1", "v2.k1.AAAA"])
def test_what_is_no_sealed_text_is_counted_and_told(crowd, text):
    Connection.objects.filter(pk=crowd[1].pk).update(sealed=text)
    with pytest.raises(CommandError, match="1 secret doesn't open"):
        rotate()
    assert sum(rotation.by_key(column()).values()) == 11


def test_the_doctor_says_what_to_do(crowd, ring):
    (waiting,) = rotation.examine()
    assert (waiting.level, waiting.todo) == (Level.WARN, "Run `manage.py rotate_keys`.")
    rotate()
    assert [one.level for one in rotation.examine()] == [Level.OK]
    ring(BEFORE)
    assert [one.level for one in rotation.examine()] == [Level.FAIL]


# While others work


@pytest.fixture
def held(crowd) -> Iterator[Connection]:
    """A row that somebody else has locked, until the test is over."""
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                locked(crowd[3].pk)
                taken.set()
                done.wait(30)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(hold)
        assert taken.wait(30)
        crowd[3].let_go = done.set
        yield crowd[3]
        done.set()


@pytest.mark.django_db(transaction=True)
def test_a_row_that_is_held_is_passed_over_and_met_again(held):
    assert passed().done == 10
    held.let_go()
    with transaction.atomic():
        locked(held.pk)
    assert passed().done == 1


class Office:
    """Writers renew tokens as the product does; readers open them all the time."""

    def __init__(self, ids: list[UUID]) -> None:
        self.ids = ids
        self.stop = threading.Event()
        self.last: dict[UUID, str] = {}
        self.read = 0

    def write(self, share: int) -> None:
        """Each writer has rows of its own, so the last word on each is known."""
        own = cycle(self.ids[share::2])
        try:
            while not self.stop.is_set():
                self.renew(next(own))
        finally:
            connections.close_all()

    @transaction.atomic
    def renew(self, pk: UUID) -> None:
        row = locked(pk)
        token = row.token()
        new = replace(token, access=f"canary-renewed-{row.version}-{pk}")
        row.seal(new)
        row.save(update_fields=["sealed", "version"])
        self.last[pk] = new.access

    def look(self) -> None:
        ids = cycle(self.ids)
        try:
            while not self.stop.is_set():
                token = Connection.objects.get(pk=next(ids)).token()
                assert isinstance(token, Token)
                self.read += 1
        finally:
            connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_readers_and_writers_notice_nothing(crowd, ring):
    """Each key first in turn, under load: no refusal, no lost renewal, one key left."""
    office = Office([row.pk for row in crowd[1:]])
    keys = {"k1": OLD, "k2": NEW, "k3": bytes([9]) * 32}
    with ThreadPoolExecutor(3) as pool:
        work = [pool.submit(office.write, share) for share in (0, 1)]
        work.append(pool.submit(office.look))
        try:
            for first in ("k2", "k3", "k1", "k2", "k3"):
                ring(KeyRing({first: keys[first], **keys}))
                rotate("--batch", "3")
        finally:
            office.stop.set()
        for future in work:
            future.result(30)
    assert office.read > 10
    assert len(office.last) == len(office.ids)
    for pk, access in office.last.items():
        assert Connection.objects.get(pk=pk).token().access == access
    assert set(rotation.by_key(column())) == {"k3"}
