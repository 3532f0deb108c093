from __future__ import annotations

import pytest
from django.db import OperationalError

from core import doctor
from core.doctor import Level, fail, ok, warn


@pytest.fixture(autouse=True)
def _own_parts(monkeypatch):
    monkeypatch.setattr(doctor, "_parts", {})


def test_parts_are_asked_in_the_order_they_were_registered():
    doctor.register("b", lambda: [ok("one", "Fine.")])
    doctor.register("a", lambda: [warn("two", "So so.", "Look.")])
    assert list(doctor.examine()) == doctor.parts() == ["b", "a"]


def test_only_what_is_wanted_is_asked():
    asked = []
    for name in ("a", "b"):
        doctor.register(name, lambda name=name: asked.append(name) or [])
    doctor.examine(["b"])
    assert asked == ["b"]


def test_a_database_that_is_away_is_a_finding_and_stops_no_other_part():
    def away():
        raise OperationalError

    doctor.register("a", away)
    doctor.register("b", lambda: [ok("one", "Fine.")])
    found = doctor.examine()
    assert found["a"][0].level == Level.FAIL
    assert "migrate" in found["a"][0].todo
    assert found["b"][0].level == Level.OK


@pytest.mark.parametrize(
    ("findings", "level"),
    [
        ([], Level.OK),
        ([ok("x", "")], Level.OK),
        ([ok("x", ""), warn("y", "", "")], Level.WARN),
        ([fail("x", "", ""), warn("y", "", "")], Level.FAIL),
    ],
)
def test_the_worst_finding_decides(findings, level):
    assert doctor.worst({"part": findings}) == level
