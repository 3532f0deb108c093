"""pytest plugin: one real Bluesky server a session, people made for each test.

Tests that use it carry the mark `pds` and share an xdist group, so that parallel
workers don't start one each: `pytestmark = PDS_MARKS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from tests.support.pds import Pds, missing

PDS_MARKS = [pytest.mark.pds, pytest.mark.xdist_group("pds")]


@contextmanager
def running_pds(extra: Mapping[str, str] | None = None) -> Iterator[Pds]:
    """Skips without Node only; anything else that keeps it from starting fails."""
    reason = missing()
    if reason:
        pytest.skip(f"the real Bluesky server can't run: {reason}")
    with Pds(extra) as running:
        yield running


@pytest.fixture(scope="session")
def pds() -> Iterator[Pds]:
    with running_pds() as running:
        yield running
