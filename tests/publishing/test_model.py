"""The engine against a model that fits on a page: any order of events, deaths included.

Real functions, real rows; only the platform is made up. THOROUGH=1 looks ten times as
long, and elsewhere each time.
"""

from __future__ import annotations

import os

import pytest
from django.db.transaction import Atomic
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from platforms import registry
from scheduling import states
from scheduling.models import TargetQuerySet
from tests.publishing import wall
from tests.publishing.machine import Publishing
from tests.publishing.promise import S, lawful
from tests.publishing.wall import Wall

ENDS = (S.PUBLISHED, S.FAILED, S.HELD, S.MISSED, S.UNCONFIRMED, S.CANCELLED)
BY_HAND = {S.REMINDER, S.DONE}
USUAL = {S.PUBLISHED, S.HELD, S.UNCONFIRMED, S.CANCELLED, "death", "out in part"}
ACTS = ("edit_post", "delete_post", "resume_target", "settle_target", "death")


@pytest.fixture
def mortal(monkeypatch) -> None:
    """The wall is registered, and whoever writes may die."""
    monkeypatch.setitem(registry.PLATFORMS, "wall", "tests.publishing.wall.WallAdapter")
    monkeypatch.setattr(Atomic, "__exit__", wall.deadly_commits(Atomic.__exit__))
    monkeypatch.setattr(states, "write", wall.deadly(states.write))
    monkeypatch.setattr(
        TargetQuerySet, "update", lawful(TargetQuerySet.update), raising=False
    )
    monkeypatch.setattr(wall, "WALL", Wall())


@pytest.mark.django_db
def test_any_order_of_events_keeps_the_promise(cast, mortal):
    """R-F3, R-F4: at most once, never lost, never silent, no dead ends, lawful moves."""
    thorough = bool(os.environ.get("THOROUGH"))
    Publishing.cast = cast
    run_state_machine_as_test(
        Publishing,
        settings=settings(
            max_examples=400 if thorough else 40,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            # The suite's run is the same each time; the thorough one never is.
            derandomize=not thorough,
        ),
    )
    met = set(Publishing.met)
    assert met >= BY_HAND | ({*ENDS, *ACTS} if thorough else USUAL)
