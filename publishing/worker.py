"""What a worker process does besides its tasks. Loaded by later.celery."""

from __future__ import annotations

from threading import Thread
from typing import Any

import structlog
from celery.signals import (
    heartbeat_sent,
    worker_init,
    worker_process_init,
    worker_ready,
    worker_shutdown,
    worker_shutting_down,
)
from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.db import connection

from core import database_clock, timekeeper
from publishing import exposition, stopping
from publishing.actions import heartbeat

log = structlog.get_logger(__name__)

LOOK_AT_CLOCK_EACH_S = 10.0
_looked_at_clock: dict[str, float] = {}


@worker_init.connect
def follow_the_database(**_: Any) -> None:
    """Before the first task: leases of different machines must mean the same."""
    try:
        database_clock.follow()
    except DatabaseTrouble as error:
        log.warning("worker.clock_not_read", error=type(error).__name__)


@heartbeat_sent.connect
def keep_following(**_: Any) -> None:
    """Again and again: oscillators drift, and the database may move to another host."""
    # No task runs in this thread, so nobody else mends its connection.
    connection.close_if_unusable_or_obsolete()
    last = _looked_at_clock.get("at", -LOOK_AT_CLOCK_EACH_S)
    if timekeeper.steady() - last >= LOOK_AT_CLOCK_EACH_S:
        _looked_at_clock["at"] = timekeeper.steady()
        follow_the_database()


@worker_process_init.connect
def follow_nobody(**_: Any) -> None:
    """A forked process has no heartbeat that would keep it right."""
    timekeeper.unfollow()


@worker_ready.connect
def show_counters(**_: Any) -> None:
    if settings.METRICS_PORT:
        exposition.serve(settings.METRICS_PORT)


@worker_shutting_down.connect
def take_no_more(sender: Any, **_: Any) -> None:
    """In the signal's handler, amid whatever the main thread does: a flag, no more."""
    stopping.tell()
    Thread(target=_give_up_slots, args=(str(sender),), daemon=True).start()


def _give_up_slots(name: str) -> None:
    """At once, so that no tick counts on this worker any more."""
    try:
        heartbeat.give_up_slots(f"worker:{name}")
    except DatabaseTrouble as error:
        log.warning("worker.slots_kept", error=type(error).__name__)
    finally:
        connection.close()


@worker_shutdown.connect
def say_farewell(sender: Any, **_: Any) -> None:
    """Who left in good order is not missed by the monitors."""
    try:
        heartbeat.leave(f"worker:{sender.hostname}")
    except DatabaseTrouble as error:
        log.warning("worker.not_signed_off", error=type(error).__name__)
