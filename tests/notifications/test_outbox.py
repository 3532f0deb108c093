"""The outbox: written with the event, mailed once, kept while the mail server is away."""

from __future__ import annotations

import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection, transaction

from accounts.models import User
from core import clock
from later.mail import settings_of
from notifications.actions import LEASE, MAX_TRIES, deliver, notify
from notifications.models import Notice
from tests.people import Cast, person

pytestmark = pytest.mark.django_db


def tell(user: User, title: str = "Your post failed", **fields: str) -> Notice:
    told = {"code": "target.failed", "text": "The photo is too wide.", "path": "/g/1/"}
    return notify(user=user, title=title, **{**told, **fields})


@pytest.fixture
def nobody_answers(settings: LazySettings) -> None:
    """The product's own SMTP backend, at a port where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    settings.EMAIL_BACKEND, found = settings_of(f"smtp://127.0.0.1:{port}")
    settings.EMAIL_HOST, settings.EMAIL_PORT = found["host"], found["port"]


def test_a_notice_goes_with_the_event_that_failed(cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(cast.alice)
        raise ZeroDivisionError
    assert not Notice.objects.exists()


def test_a_notice_is_mailed_once_in_text_and_html(cast: Cast) -> None:
    """R-F4: the person is told in plain words, with the way to the post."""
    notice = tell(cast.alice, text="It's too wide.\n\nThe post: <b>hills</b>")
    assert (deliver(), deliver()) == (1, 0)
    (sent,) = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    assert (sent.to, sent.subject) == (["alice@example.org"], "Your post failed")
    assert "http://127.0.0.1:8000/g/1/" in sent.body
    assert "It's too wide.\n\nThe post: <b>hills</b>" in sent.body
    html = str(sent.alternatives[0][0])
    assert "&lt;b&gt;hills&lt;/b&gt;" in html
    notice.refresh_from_db()
    assert (notice.mail_at, notice.mailed_at is None) == (None, False)


def test_a_name_with_a_line_break_stops_no_mail(cast: Cast) -> None:
    """A subject of two lines is refused by the mail library, for the whole batch."""
    tell(cast.alice, title="Your post to Eve\r\nBcc: all@example.org failed")
    tell(cast.bob)
    assert deliver() == 2
    assert mail.outbox[0].subject == "Your post to Eve Bcc: all@example.org failed"


@pytest.mark.usefixtures("nobody_answers")
def test_a_mail_server_that_is_away_keeps_the_notice_for_later(cast: Cast) -> None:
    notice = tell(cast.alice)
    assert deliver() == 0
    notice.refresh_from_db()
    assert notice.mail_at is not None
    assert (notice.mail_tries, notice.mailed_at) == (1, None)
    assert notice.mail_at > clock.now() + LEASE / 2
    assert deliver() == 0


def test_it_goes_out_once_the_mail_server_is_back(
    cast: Cast, request: pytest.FixtureRequest, settings: LazySettings
) -> None:
    backend = settings.EMAIL_BACKEND
    request.getfixturevalue("nobody_answers")
    tell(cast.alice)
    deliver()
    settings.EMAIL_BACKEND = backend
    with time_machine.travel(clock.now() + LEASE + timedelta(seconds=1)):
        assert deliver() == 1
    assert len(mail.outbox) == 1


@pytest.mark.usefixtures("nobody_answers")
def test_after_enough_tries_it_stays_on_the_page_only(cast: Cast) -> None:
    notice = tell(cast.alice)
    Notice.objects.update(mail_tries=MAX_TRIES - 1)
    deliver()
    notice.refresh_from_db()
    assert (notice.mail_at, notice.mailed_at) == (None, None)
    assert notice.mail_tries == MAX_TRIES


@pytest.mark.django_db(transaction=True)
def test_two_deliverers_at_once_mail_each_notice_once() -> None:
    people = [person(f"Person{number}") for number in range(25)]
    for each in people:
        tell(each)
    start = Barrier(2)

    def run(_: int) -> int:
        start.wait(timeout=20)
        try:
            return deliver()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        sent = list(pool.map(run, range(2)))
    got = Counter(message.to[0] for message in mail.outbox)
    assert sum(sent) == len(people)
    assert got == Counter(each.email for each in people)
