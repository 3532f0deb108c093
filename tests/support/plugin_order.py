"""pytest plugin: with several workers the files that take longest come first.

A worker takes whole files. One that takes minutes and comes last leaves all the other
processors idle; the thousands of quick tests fill the end evenly. The names are a hint:
one too many or too few costs time and nothing else.
"""

from __future__ import annotations

import pytest

# By the durations of a whole run, the longest first.
LONG = (
    "publishing/test_fault_matrix.py",
    "journeys/test_main_job.py",
    "safety/test_matrix.py",
    "publishing/test_kill_worker.py",
    "tooling/test_demo.py",
    "journeys/test_stored_scripts.py",
    "journeys/test_security.py",
    "publishing/test_clocks.py",
    "journeys/test_support_desk.py",
    "publishing/test_broker_lost.py",
    "safety/test_hostile_input.py",
    "journeys/test_calendar.py",
    "journeys/test_standstill.py",
    "journeys/test_plan.py",
    "publishing/test_chaos.py",
    "publishing/test_model.py",
    "sandbox/bluesky/test_conformance_oauth.py",
    "publishing/test_alarms.py",
    "later/test_seed_demo.py",
)


def rank(item: pytest.Item) -> int:
    """Its file's place in the list; what is on none of them comes after."""
    name = item.path.as_posix().rpartition("/tests/")[2]
    return LONG.index(name) if name in LONG else len(LONG)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """After pytest-randomly's shuffling, of which the rest keeps its order."""
    items.sort(key=rank)
