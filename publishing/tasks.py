"""Thin Celery doors: ids in, one action each."""

from __future__ import annotations

import time
from typing import Any

import structlog
from celery import current_app, shared_task
from celery.signals import heartbeat_sent
from django.db import DatabaseError
from kombu.exceptions import OperationalError

from publishing.actions.claim import Claim
from publishing.actions.claim import tick as take_due
from publishing.actions.heartbeat import beat
from publishing.actions.publish import publish as publish_one
from publishing.actions.settle import settle as settle_one

log = structlog.get_logger(__name__)

ALIVE_EACH_S = 10.0
_last_sign: dict[str, float] = {}


@heartbeat_sent.connect
def alive(sender: Any, **_: Any) -> None:
    """Celery's own heartbeat, each 2 s from every worker, kept each 10 s."""
    name = str(sender.eventer.hostname)
    if time.monotonic() - _last_sign.get(name, -ALIVE_EACH_S) < ALIVE_EACH_S:
        return
    try:
        beat(f"worker:{name}")
    except DatabaseError as error:
        log.warning("worker.heartbeat_lost", error=type(error).__name__)
        return
    _last_sign[name] = time.monotonic()


@shared_task(name="publishing.tick")
def tick() -> None:
    """Each second from beat. A message that can't be sent costs one lease."""
    beat("tick")
    claimed = take_due()
    _hand_out("publishing.publish", claimed.to_publish)
    _hand_out("publishing.settle", claimed.to_settle)


def _hand_out(task: str, claims: list[Claim]) -> None:
    if not claims:
        return
    try:
        with current_app.producer_or_acquire() as producer:
            for claim in claims:
                current_app.send_task(task, args=claim, producer=producer)
    except OperationalError as error:
        log.warning("tick.broker_away", error=type(error).__name__, n=len(claims))


@shared_task(name="publishing.publish")
def publish(target_id: str, fence: int) -> None:
    publish_one(target_id, fence)


@shared_task(name="publishing.settle")
def settle(target_id: str, fence: int) -> None:
    settle_one(target_id, fence)
