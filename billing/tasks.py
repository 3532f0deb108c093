from __future__ import annotations

from celery import shared_task

from billing.actions import events, grace


@shared_task(name="billing.settle")
def settle() -> None:
    events.settle_due()


@shared_task(name="billing.grace")
def look_after_grace() -> None:
    grace.look()
