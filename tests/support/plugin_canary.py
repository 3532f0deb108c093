"""pytest plugin: no token may stand anywhere, watched in every test of the suite."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.db import connection

from tests.support.canary import (
    AVIARY,
    LogWatch,
    look_at_database,
    watch_seals,
    watch_tasks,
)


@pytest.fixture(scope="session", autouse=True)
def _canaries() -> Iterator[None]:
    monkeypatch = pytest.MonkeyPatch()
    watch_seals(monkeypatch)
    watch_tasks(monkeypatch)
    handler = LogWatch()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    monkeypatch.undo()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    AVIARY.begin()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Before the fixtures go, while the rows are still there."""
    if not AVIARY.secrets:
        return
    AVIARY.total += len(AVIARY.secrets)
    if connection.connection is not None and not connection.needs_rollback:
        AVIARY.scanned += 1
        look_at_database()
    found, AVIARY.seen = AVIARY.seen, []
    assert found == [], f"{item.nodeid}: {found[0]}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if AVIARY.total:
        terminalreporter.write_line(
            f"canaries: {AVIARY.total} tokens watched, "
            f"{AVIARY.scanned} databases read, none found in clear"
        )
