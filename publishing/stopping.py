"""Whether this worker was told to stop: then it begins nothing, and hands back.

What is being sent is finished. What is merely held goes back at once, so that another
worker needn't wait for a lease to lapse.
"""

from __future__ import annotations

from threading import Event

_told = Event()


class Stopping(Exception):
    """This worker stops: nothing of the work in hand was sent yet."""


def tell() -> None:
    _told.set()


def told() -> bool:
    return _told.is_set()


def forget() -> None:
    """For tests: a process that was told stays told."""
    _told.clear()


def check() -> None:
    """Raises Stopping. Called where nothing public has happened yet."""
    if told():
        raise Stopping
