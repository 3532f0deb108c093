from __future__ import annotations

from celery import shared_task

from scheduling.actions import stop


@shared_task(name="scheduling.lift_due")
def lift_due() -> None:
    stop.lift_due()
