"""How an alarm reaches the operator: by mail, and by a signed POST."""

from __future__ import annotations

import json
from collections.abc import Callable
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from core import clock
from core.http import AddressRefused, AnswerLost, BadReply, Http, NotSent
from core.signing import signature
from publishing.models import AlarmMessage

HOOK_S = 5.0
HOOK_MAX_BODY = 1_000


class NotDelivered(Exception):
    """To be tried again; the text says why."""


def configured() -> list[str]:
    """The channels that the operator has set up."""
    found = {"mail": settings.ALARM_EMAILS, "hook": settings.ALARM_HOOK_URL}
    return [name for name, setting in found.items() if setting]


def send(message: AlarmMessage) -> None:
    """Raises NotDelivered. What was set up no longer is dropped."""
    if message.channel in configured():
        CHANNELS[message.channel](message)


def _mail(message: AlarmMessage) -> None:
    subject = f"{message.get_event_display()}: {message.title}"
    facts = {"message": message, "base_url": settings.BASE_URL}
    text = render_to_string("publishing/alarm.txt", facts)
    try:
        send_mail(subject, text, None, settings.ALARM_EMAILS)
    except (SMTPException, OSError) as error:
        raise NotDelivered(type(error).__name__) from None


def _post(message: AlarmMessage) -> None:
    body = json.dumps(
        {
            "id": str(message.pk),
            "event": f"alarm.{message.event}",
            "alarm": message.key,
            "title": message.title,
            "text": message.text,
            "since": message.since.isoformat(),
            "at": message.created_at.isoformat(),
            "installation": settings.BASE_URL,
        }
    ).encode()
    now = int(clock.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "Later-Signature": signature(settings.ALARM_HOOK_SECRET, body, now),
    }
    try:
        reply = Http(of_operator=True).request(
            "POST",
            settings.ALARM_HOOK_URL,
            timeout_s=HOOK_S,
            max_body=HOOK_MAX_BODY,
            keep_start=True,
            data=body,
            headers=headers,
        )
    except (AddressRefused, AnswerLost, BadReply, NotSent) as error:
        raise NotDelivered(type(error).__name__) from None
    if not reply.ok:
        raise NotDelivered(f"HTTP {reply.status}")


CHANNELS: dict[str, Callable[[AlarmMessage], None]] = {"mail": _mail, "hook": _post}
