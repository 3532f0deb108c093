"""pytest plugin: one sandbox process a session, its seed restored for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.sandbox import Sandbox


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[Sandbox]:
    with Sandbox() as running:
        yield running


@pytest.fixture
def sandbox(sandbox_process: Sandbox) -> Sandbox:
    """A running sandbox without latency, processing time, faults or posts."""
    sandbox_process.reset()
    sandbox_process.set(processing_ms=0)
    return sandbox_process
