"""Mail of the demo: kept in the database and shown at /mail/."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from notifications.models import Mail


class EmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        mails = [_mail_of(message) for message in email_messages]
        Mail.objects.bulk_create(mails)
        return len(mails)


def _mail_of(message: EmailMessage) -> Mail:
    return Mail(
        to=", ".join(message.to),
        sender=message.from_email,
        subject=str(message.subject),
        text=str(message.body),
        html=_html_of(message),
    )


def _html_of(message: EmailMessage) -> str:
    if not isinstance(message, EmailMultiAlternatives):
        return ""
    parts = (str(part[0]) for part in message.alternatives if part[1] == "text/html")
    return next(parts, "")
