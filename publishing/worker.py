"""What a worker process does besides its tasks. Loaded by later.celery."""

from __future__ import annotations

from typing import Any

from celery.signals import worker_ready
from django.conf import settings

from publishing import exposition


@worker_ready.connect
def show_counters(**_: Any) -> None:
    if settings.METRICS_PORT:
        exposition.serve(settings.METRICS_PORT)
