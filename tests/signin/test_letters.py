"""Mails about sign-in: a new device, and every change of how one signs in (R-A8)."""

from __future__ import annotations

from smtplib import SMTPServerDisconnected
from unittest.mock import patch

import pytest
from django.core import mail

from accounts.models import User
from tests.people import PASSWORD
from tests.signin.conftest import browser, is_in, sign_in, subjects

pytestmark = pytest.mark.django_db
NEW_DEVICE = "Signed in from a new device"


@pytest.fixture
def seen(cast):
    """Alice has signed in before, elsewhere."""
    sign_in(browser("203.0.113.5"), "alice@example.org")
    return cast.alice


def test_the_very_first_sign_in_is_no_news(cast, guest):
    sign_in(guest, "alice@example.org")
    assert mail.outbox == []


def test_another_browser_is(seen, guest):
    sign_in(guest, "alice@example.org")
    assert subjects() == [NEW_DEVICE]
    assert mail.outbox[0].to == ["alice@example.org"]


def test_the_mail_says_when_where_and_with_what(seen, guest):
    User.objects.update(timezone="Asia/Tokyo")
    sign_in(guest, "alice@example.org")
    body = mail.outbox[0].body
    assert "Firefox on Windows" in body
    assert "198.51.100.7" in body
    assert "(Asia/Tokyo)" in body


def test_the_same_browser_is_told_once(seen, guest):
    for _ in range(3):
        sign_in(guest, "alice@example.org")
        guest.post("/user/logout/")
    assert subjects() == [NEW_DEVICE]


def test_a_wrong_password_is_no_sign_in(seen, guest):
    sign_in(guest, "alice@example.org", "wrong")
    assert mail.outbox == []


def test_after_a_new_password_old_browsers_are_news_again(seen, guest):
    """Somebody who stole the browser and knows the new password isn't overlooked."""
    thief = browser("203.0.113.5")
    sign_in(thief, "alice@example.org")
    seen.refresh_from_db()
    seen.set_password("four new words here")
    seen.save()
    mail.outbox.clear()
    sign_in(thief, "alice@example.org", "four new words here")
    assert subjects() == [NEW_DEVICE]


def test_the_browser_that_changed_it_is_not(seen, guest):
    sign_in(guest, "alice@example.org")
    new = {"password1": "four new words here", "password2": "four new words here"}
    guest.post("/user/password/change/", new | {"oldpassword": PASSWORD})
    guest.post("/user/logout/")
    mail.outbox.clear()
    sign_in(guest, "alice@example.org", "four new words here")
    assert mail.outbox == []


def test_a_changed_password_is_told(seen, guest):
    sign_in(guest, "alice@example.org")
    new = {"password1": "four new words here", "password2": "four new words here"}
    guest.post("/user/password/change/", new | {"oldpassword": PASSWORD})
    assert subjects()[-1] == "Your password was changed"


def test_a_mail_server_that_is_away_keeps_nobody_out(seen, guest):
    sent = "django.core.mail.backends.locmem.EmailBackend.send_messages"
    with patch(sent, side_effect=SMTPServerDisconnected("gone")):
        sign_in(guest, "alice@example.org")
    assert is_in(guest)


def test_the_cookie_can_not_be_read_by_scripts(cast, guest, settings):
    sign_in(guest, "alice@example.org")
    cookie = guest.cookies["device"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert str(cast.alice.password) not in cookie.value


def test_a_browser_of_many_remembers_the_last_five(cast, guest):
    for name in ("alice", "bob", "charlie"):
        sign_in(guest, f"{name}@example.org")
        guest.post("/user/logout/")
    mail.outbox.clear()
    sign_in(guest, "alice@example.org")
    assert mail.outbox == []
