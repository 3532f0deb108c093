"""Messages are hints: ids only, sent after commit, and lost without harm."""

from __future__ import annotations

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def enqueue(task: str, *ids: str | int) -> None:
    """Send a task by name once the surrounding transaction has committed.

    A broker that is away is logged, not raised: the beat tick finds the row.
    """
    transaction.on_commit(lambda: _send(task, ids))


def _send(task: str, ids: tuple[str | int, ...]) -> None:
    try:
        current_app.send_task(task, args=list(ids))
    except OperationalError as error:
        log.warning("queue.unreachable", task=task, error=type(error).__name__)
