"""How long a page may wait for others, over all of its foreign calls together.

A worker has its own clock; here a person looks at a page that is still empty.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

PAGE_S = 25.0

_until: ContextVar[float | None] = ContextVar("patience_until", default=None)


@contextmanager
def patience(seconds: float = PAGE_S) -> Iterator[None]:
    """Every call inside the block, in this thread, ends by then."""
    reset = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(reset)


def left(timeout_s: float) -> float:
    """`timeout_s`, or what is left of the block's time when that is less."""
    until = _until.get()
    if until is None:
        return timeout_s
    return min(timeout_s, until - time.monotonic())
