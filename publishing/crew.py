"""The threads of this worker process: each has one publication in hand.

A message brings several claims, which are loaded together and worked on at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from celery.signals import worker_ready
from django.db import connections

from publishing import stopping

T = TypeVar("T")

QUEUE = "publish"
# Threads that Celery keeps for ticks, refreshes and mail while all slots are taken.
SPARE = 4


@dataclass
class _Crew:
    slots: int = 0
    pool: ThreadPoolExecutor | None = None


_crew = _Crew()


def slots() -> int:
    """How many publications this process can have in hand; 0 if it takes none."""
    return 0 if stopping.told() else _crew.slots


@worker_ready.connect
def muster(sender: Any, **_: Any) -> None:
    """As many slots as Celery has threads, but for a few; none on other queues."""
    if QUEUE not in sender.app.amqp.queues.consume_from:
        return
    _crew.slots = max(1, int(sender.pool.limit) - SPARE)
    _crew.pool = ThreadPoolExecutor(_crew.slots, thread_name_prefix="publish")


def each(work: Callable[[T], None], items: Iterable[T]) -> None:
    """Do all at once and wait for them; the first error is raised when all are done."""
    if _crew.pool is None:
        for item in items:
            work(item)
        return
    running: list[Future[None]] = [_crew.pool.submit(_one, work, i) for i in items]
    for future in running:
        future.exception()
    for future in running:
        future.result()


def _one(work: Callable[[T], None], item: T) -> None:
    try:
        work(item)
    finally:
        # Celery minds the connections of its own threads only.
        for connection in connections.all(initialized_only=True):
            connection.close_if_unusable_or_obsolete()
