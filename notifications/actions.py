"""Tell people: the row with the event, the mail from the outbox."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPException
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, QuerySet
from django.template.loader import render_to_string

from accounts.models import User
from core import clock
from core.queue import enqueue
from notifications.models import Notice

log = structlog.get_logger(__name__)

BATCH = 100
MAX_TRIES = 10
LEASE = timedelta(minutes=2)


def notify(
    *, user: User, code: str, title: str, text: str, path: str, button: str = ""
) -> Notice:
    """Write it down now, with the event; mail it soon after the commit.

    `button` says where `path` leads, such as "Refresh @mira".
    """
    notice = Notice.objects.create(
        user=user,
        code=code,
        title=_line(title),
        text=text,
        path=path,
        button=button,
    )
    enqueue("notifications.deliver")
    return notice


def told_lately(user: User, code: str, title: str) -> bool:
    """The same within a day needs no second notice."""
    since = clock.now() - timedelta(days=1)
    same = Notice.objects.filter(user=user, code=code, title=_line(title))
    return same.filter(created_at__gt=since).exists()


def _line(title: str) -> str:
    """Names come from platforms: a line break in one would make a mail impossible."""
    return " ".join(title.split())[:200]


def mark_read(notice: Notice) -> None:
    _unread(notice.user_id).filter(pk=notice.pk).update(read_at=clock.now())


def mark_all_read(user: User) -> None:
    _unread(user.pk).update(read_at=clock.now())


def _unread(user_id: UUID) -> QuerySet[Notice]:
    """The moment of the first reading stays."""
    return Notice.objects.filter(user_id=user_id, read_at=None)


def deliver() -> int:
    """Mail what is due; how many went out. A mail server that is away costs a wait."""
    now = clock.now()
    due = Notice.objects.filter(mail_at__lte=now).order_by("mail_at")
    sent = 0
    for notice in due.select_related("user")[:BATCH]:
        taken = Notice.objects.filter(pk=notice.pk, mail_at=notice.mail_at).update(
            mail_at=now + LEASE * (notice.mail_tries + 1),
            mail_tries=F("mail_tries") + 1,
        )
        if taken:
            sent += _mail(notice)
    return sent


def _mail(notice: Notice) -> int:
    try:
        _message(notice).send()
    except (SMTPException, OSError) as error:
        log.warning("notice.not_mailed", id=notice.pk, error=type(error).__name__)
        if notice.mail_tries + 1 >= MAX_TRIES:
            Notice.objects.filter(pk=notice.pk).update(mail_at=None)
        return 0
    Notice.objects.filter(pk=notice.pk).update(mail_at=None, mailed_at=clock.now())
    return 1


def _message(notice: Notice) -> EmailMultiAlternatives:
    context = {
        "notice": notice,
        "user": notice.user,
        "link": settings.BASE_URL + notice.path,
    }
    message = EmailMultiAlternatives(
        subject=notice.title,
        body=render_to_string("notifications/notice.txt", context),
        to=[notice.user.email],
    )
    message.attach_alternative(
        render_to_string("notifications/notice.html", context), "text/html"
    )
    return message
