"""Ask for help, answer, go on (R-G9)."""

from __future__ import annotations

from dataclasses import dataclass
from smtplib import SMTPException

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.audit import Deed, record
from accounts.models import Account, User
from core import clock
from core.errors import DomainError
from core.queue import enqueue
from notifications.actions import notify
from support import rights
from support.help_request import HelpMessage, HelpRequest
from support.place import Place
from support.rights import Ability

log = structlog.get_logger(__name__)

LONGEST = 5_000
S = HelpRequest.Status
AGAIN = "help.answered"
TITLE = "An answer to your request for help"


@dataclass(frozen=True)
class Asker:
    """`user` None for somebody who isn't signed in and left an address."""

    user: User | None
    email: str = ""
    browser: str = ""


@transaction.atomic
def ask(*, asker: Asker, text: str, place: Place) -> HelpRequest:
    request = HelpRequest.objects.create(
        user=asker.user,
        email="" if asker.user else asker.email,
        group=place.group,
        page=place.path,
        browser=asker.browser[:300],
        post_id=place.post.pk if place.post else None,
        story=place.story,
    )
    _say(request, text, author=asker.user)
    enqueue("support.tell_staff", str(request.pk))
    return request


@transaction.atomic
def reply(*, request: HelpRequest, actor: User, text: str) -> None:
    """By whoever asked; it waits for an answer again."""
    if request.user_id != actor.pk:
        raise DomainError("not_yours", "Only the person who asked can reply.")
    _say(request, text, author=actor)
    enqueue("support.tell_staff", str(request.pk))


def answer(
    *, request: HelpRequest, staff: User, text: str, read: int | None = None
) -> bool:
    """Mailed, and kept with the request. False: the mail couldn't be sent now, which
    only those can miss who have no account to read it in."""
    rights.require(staff, Ability.HELP)
    with transaction.atomic():
        _require_read(request, read)
        _say(request, text, author=staff, staff=True)
        record(Deed("help.answered", "", request, _account(request)), actor=staff)
        if request.user:
            _notify(request, request.user, text)
    return True if request.user else _mail(request, text)


@transaction.atomic
def close(*, request: HelpRequest, staff: User, read: int | None = None) -> None:
    """Nothing more is to be done; a reply opens it again."""
    rights.require(staff, Ability.HELP)
    _require_read(request, read)
    request.status = S.CLOSED
    request.save(update_fields=["status"])
    record(Deed("help.closed", "", request, _account(request)), actor=staff)


def tell_staff(request_id: str) -> None:
    """To the operator's address: that somebody asked, and where to read it. Raises
    what the mail server raised, so that the task is tried again."""
    request = HelpRequest.objects.filter(pk=request_id).first()
    if request is None:
        return
    path = reverse("admin:support_helprequest_change", args=[request.pk])
    link = f"{settings.BASE_URL}{path}"
    body = f"Somebody asks for help. Read it and answer:\n\n{link}\n"
    EmailMultiAlternatives(
        subject="Get Help: a new message", body=body, to=[settings.SUPPORT_EMAIL]
    ).send()


def _account(request: HelpRequest) -> Account | None:
    return request.group.account if request.group else None


def _require_read(request: HelpRequest, read: int | None) -> None:
    """`read`: how many words stood there, where a page was acted on. One that came meanwhile isn't put away
    unread; the row is held, so that none comes between this and the act."""
    _hold(request)
    if read is not None and request.messages.count() > read:
        words = "Something was said meanwhile: read it above, then press again."
        raise DomainError("said_more", words)


def _hold(request: HelpRequest) -> None:
    HelpRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)


def _say(
    request: HelpRequest, text: str, *, author: User | None, staff: bool = False
) -> None:
    text = text.replace("\0", "").strip()
    if not text or len(text) > LONGEST:
        words = f"Write what it is about, in up to {LONGEST:,} characters."
        raise DomainError("text", words, field="text")
    _hold(request)
    HelpMessage.objects.create(request=request, author=author, staff=staff, text=text)
    request.status = S.ANSWERED if staff else S.OPEN
    request.said_at = clock.now()
    request.save(update_fields=["status", "said_at"])


def _notify(request: HelpRequest, user: User, text: str) -> None:
    notify(
        user=user,
        code=AGAIN,
        title=TITLE,
        text=text,
        path=reverse("help:request", args=[request.pk]),
        button="Read and reply",
    )


def _mail(request: HelpRequest, text: str) -> bool:
    context = {"text": text, "question": request.messages.all()[0].text}
    message = EmailMultiAlternatives(
        subject=TITLE,
        body=render_to_string("support/answer_mail.txt", context),
        to=[request.email],
        reply_to=[settings.SUPPORT_EMAIL],
    )
    html = render_to_string("support/answer_mail.html", context)
    message.attach_alternative(html, "text/html")
    try:
        message.send()
    except (SMTPException, OSError) as error:
        log.warning("help.not_mailed", error=type(error).__name__)
        return False
    return True
