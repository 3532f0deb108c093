"""Thin Celery doors: ids in, one action each."""

from __future__ import annotations

import time
from typing import Any

import structlog
from celery import current_app, shared_task
from celery.signals import heartbeat_sent
from django.db import Error as DatabaseTrouble
from kombu.exceptions import OperationalError

from publishing import crew, metrics, stopping
from publishing.actions.claim import Claim, Claimed, claim, next_due_in
from publishing.actions.claim import tick as take_due
from publishing.actions.heartbeat import beat, take_turn
from publishing.actions.load import load
from publishing.actions.remind_again import remind_again as look_for_unanswered
from publishing.actions.settle import ask
from publishing.actions.watch import watch as look_around
from publishing.actions.work import run
from scheduling.states import OPEN_ENDS, TargetState

log = structlog.get_logger(__name__)

ALIVE_EACH_S = 10.0
# A tick goes on until shortly before the next one: of a crowd it takes more at such
# steps, and what falls due meanwhile it takes at its very time.
TICK_S = 0.9
CROWD_EACH_S = 0.2
SOONEST_S = 0.05
PART = 16
# Beat's messages are a second apart; what comes sooner has piled up, or is doubled.
TICK_APART_S = 0.4
_last_sign: dict[str, float] = {}


@heartbeat_sent.connect
def alive(sender: Any, **_: Any) -> None:
    """Celery's own heartbeat, each 2 s from every worker, kept each 10 s."""
    name = str(sender.eventer.hostname)
    if time.monotonic() - _last_sign.get(name, -ALIVE_EACH_S) < ALIVE_EACH_S:
        return
    try:
        beat(f"worker:{name}", crew.slots())
    except DatabaseTrouble as error:
        log.warning("worker.heartbeat_lost", error=type(error).__name__)
        return
    _last_sign[name] = time.monotonic()


@shared_task(name="publishing.tick")
def tick() -> None:
    """Each second from beat, and in between for what can't wait for the next."""
    if stopping.told() or not take_turn("tick", each_s=TICK_APART_S):
        return
    ends = time.monotonic() + TICK_S
    with metrics.TICK.time():
        claimed = take_due(crew.slots())
    _hand_out(claimed)
    while (pause := _pause(claimed, ends)) is not None and not stopping.told():
        time.sleep(pause)
        claimed = claim(crew.slots())
        _hand_out(claimed)


def _pause(claimed: Claimed, ends: float) -> float | None:
    """Seconds to the next look; None when the next tick is soon enough."""
    wanted = CROWD_EACH_S if claimed.crowded else next_due_in(TICK_S)
    if wanted is None or time.monotonic() + wanted > ends:
        return None
    return max(wanted, SOONEST_S)


def _hand_out(claimed: Claimed) -> None:
    """A message that can't be sent costs one lease."""
    metrics.claimed(publish=len(claimed.to_publish), settle=len(claimed.to_settle))
    messages = [
        (task, part)
        for task, claims in (
            ("publishing.publish", claimed.to_publish),
            ("publishing.settle", claimed.to_settle),
        )
        for part in parts(claims, claimed.workers)
    ]
    if not messages:
        return
    try:
        with current_app.producer_or_acquire() as producer:
            for task, part in messages:
                current_app.send_task(task, args=[part], producer=producer)
    except OperationalError as error:
        log.warning("tick.broker_away", error=type(error).__name__, n=len(messages))


def parts(claims: list[Claim], workers: int) -> list[list[Claim]]:
    """What goes out together is loaded together; every worker gets its share."""
    size = min(PART, max(1, -(-len(claims) // max(1, workers))))
    return [claims[at : at + size] for at in range(0, len(claims), size)]


@shared_task(name="publishing.publish")
def publish(claims: list[Claim]) -> None:
    crew.each(run, load(claims, TargetState.CLAIMED))


@shared_task(name="publishing.settle")
def settle(claims: list[Claim]) -> None:
    crew.each(ask, load(claims, *OPEN_ENDS))


@shared_task(name="publishing.watch")
def watch() -> None:
    look_around()


@shared_task(name="publishing.remind_again")
def remind_again() -> None:
    look_for_unanswered()
