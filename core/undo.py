"""Doings outside of the database that a rolled back transaction takes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar

from django.db import transaction

_way_back: ContextVar[ExitStack] = ContextVar("way_back")


@contextmanager
def undoable() -> Iterator[None]:
    """A transaction of its own; unless it is committed, all that was said to
    `on_rollback` in it is done, the last first."""
    with ExitStack() as stack:
        token = _way_back.set(stack)
        try:
            with transaction.atomic():
                yield
        finally:
            _way_back.reset(token)
        stack.pop_all()


def on_rollback(undo: Callable[[], object]) -> None:
    """Raises LookupError outside of `undoable`: nobody would ever do it."""
    _way_back.get().callback(undo)
