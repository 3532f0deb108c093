"""The receipt of a deletion, to an address that is no longer in the database.

It is sent at once and never stored; the page it names is shown after the deletion, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from core.holdings import KEPT
from leaving.models import Deletion

log = structlog.get_logger(__name__)

SUBJECT = "Your data in Later is deleted"


def send_receipts(deletions: Sequence[Deletion], *, to: str, name: str) -> bool:
    """False when the mail server wouldn't take it."""
    context = {
        "name": name,
        "receipts": [(each, address_of(each)) for each in deletions],
        "last": deletions[0].cleared_at + KEPT,
        "days": KEPT.days,
    }
    message = EmailMultiAlternatives(
        subject=SUBJECT,
        body=render_to_string("leaving/receipt_mail.txt", context),
        to=[to],
    )
    html = render_to_string("leaving/receipt_mail.html", context)
    message.attach_alternative(html, "text/html")
    try:
        message.send()
    except (SMTPException, OSError) as error:
        log.warning("receipt.not_mailed", error=type(error).__name__)
        return False
    return True


def address_of(deletion: Deletion) -> str:
    path = reverse("leaving:receipt", kwargs={"code": deletion.code})
    return f"{settings.BASE_URL}{path}"
