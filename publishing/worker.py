"""What a worker process does besides its tasks. Loaded by later.celery."""

from __future__ import annotations

from threading import Thread
from typing import Any

import structlog
from celery.signals import worker_ready, worker_shutdown, worker_shutting_down
from django.conf import settings
from django.db import DatabaseError, connection

from publishing import exposition, stopping
from publishing.actions import heartbeat

log = structlog.get_logger(__name__)


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
    except DatabaseError as error:
        log.warning("worker.slots_kept", error=type(error).__name__)
    finally:
        connection.close()


@worker_shutdown.connect
def say_farewell(sender: Any, **_: Any) -> None:
    """Who left in good order is not missed by the monitors."""
    try:
        heartbeat.leave(f"worker:{sender.hostname}")
    except DatabaseError as error:
        log.warning("worker.not_signed_off", error=type(error).__name__)
