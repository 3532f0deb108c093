"""What isn't due costs nothing, however much of it is stored."""

from __future__ import annotations

import pytest
from django.db import connection as database

from benchmarks import sweep as bench
from profiles.actions.inspect import inspect_due
from profiles.actions.quiet_due import note_quiet
from profiles.actions.sweep import sweep
from profiles.actions.tell import tell_due
from profiles.models import Connection

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(database.vendor != "postgresql", reason="plans of PostgreSQL"),
]

STORED = 5_000


@pytest.fixture(autouse=True)
def real_platforms(fakes, monkeypatch) -> None:
    """What is stored is of a platform that the benchmark knows as well."""
    monkeypatch.undo()


@pytest.fixture
def stored() -> None:
    bench.fill(STORED)


def test_the_sweep_looks_once_and_walks_indexes(stored):
    assert Connection.objects.count() == STORED + 1
    seen = bench.statements(sweep)
    assert len(seen) == 1
    bench.assert_no_scan(seen)


@pytest.mark.parametrize("look", [inspect_due, note_quiet, tell_due])
def test_every_other_look_is_one_statement(stored, look):
    assert len(bench.statements(look)) == 1
