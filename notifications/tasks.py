from __future__ import annotations

from celery import shared_task

from notifications import actions


@shared_task(name="notifications.deliver")
def deliver() -> None:
    actions.deliver()
