"""What answers say of how much of a limit is used, heard by whoever listens.

An answer that says "nearly used up" was a success: it can't be an error. So it is told
aside, and the engine leaves the rest of that scope in peace before it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# From this share of a limit on, the rest is left for what is under way.
NEARLY = 95.0


@dataclass(frozen=True)
class NearlyUsed:
    """`scope` has little left until `until`; `message` is a plain sentence."""

    until: datetime
    scope: Literal["app", "profile"]
    message: str


_heard: ContextVar[list[NearlyUsed] | None] = ContextVar("heard", default=None)


@contextmanager
def listening() -> Iterator[list[NearlyUsed]]:
    """What is told within the block."""
    heard: list[NearlyUsed] = []
    token = _heard.set(heard)
    try:
        yield heard
    finally:
        _heard.reset(token)


def tell(near: NearlyUsed) -> None:
    heard = _heard.get()
    if heard is not None:
        heard.append(near)
