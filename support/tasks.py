from __future__ import annotations

from smtplib import SMTPException

from celery import shared_task

from support.actions import help as helping


@shared_task(
    name="support.tell_staff",
    autoretry_for=(SMTPException, OSError),
    retry_backoff=30,
    max_retries=6,
)
def tell_staff(request_id: str) -> None:
    helping.tell_staff(request_id)
