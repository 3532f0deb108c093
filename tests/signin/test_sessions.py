"""Sessions: of whom, since when, from where, and ended at once (R-A8)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from accounts.signin.browsers import in_words, is_handheld
from core import clock
from tests.people import PASSWORD
from tests.signin.conftest import browser, code_for, code_now, give_code, is_in, sign_in

pytestmark = pytest.mark.django_db
NEW = {"password1": "four new words here", "password2": "four new words here"}


def opens(client) -> bool:
    return client.get("/user/security/").status_code == 200


# Fixation


def test_signing_in_takes_a_new_session(cast, guest):
    """One that was planted into the browser before is worth nothing."""
    guest.get("/user/invitation/some-token/")
    planted = guest.session.session_key
    assert planted
    sign_in(guest, "alice@example.org")
    assert guest.session.session_key != planted
    assert not Session.objects.filter(pk=planted).exists()


def test_so_does_the_second_step(careful, guest):
    sign_in(guest, careful.email)
    half_way = guest.session.session_key
    give_code(guest, code_now())
    assert guest.session.session_key != half_way
    thief = browser()
    thief.cookies["sessionid"] = half_way
    assert not opens(thief)


def test_signing_out_ends_the_session_for_good(cast, guest):
    sign_in(guest, "alice@example.org")
    key = guest.session.session_key
    guest.post("/user/logout/")
    thief = browser()
    thief.cookies["sessionid"] = key
    assert not opens(thief)


def test_an_account_that_is_switched_off_is_out_at_once(cast, guest):
    sign_in(guest, "alice@example.org")
    cast.alice.is_active = False
    cast.alice.save()
    assert not opens(guest)


def test_who_is_somebody_already_leaves_that_behind(cast, guest):
    """Signing in as another takes nothing along of the one before."""
    sign_in(guest, "alice@example.org")
    guest.post("/user/logout/")
    sign_in(guest, "bob@example.org")
    assert guest.session["_auth_user_id"] == str(cast.bob.pk)


# A new password


def test_a_changed_password_ends_all_other_sessions(cast, guest):
    other = browser("192.0.2.9")
    sign_in(guest, "alice@example.org")
    sign_in(other, "alice@example.org")
    guest.post("/user/password/change/", NEW | {"oldpassword": PASSWORD})
    assert (opens(guest), opens(other)) == (True, False)


def test_a_password_chosen_by_mail_ends_all(cast, guest, mailoutbox):
    sign_in(guest, "alice@example.org")
    helped = browser("192.0.2.9")
    helped.post("/user/reset_password/", {"email": "alice@example.org"})
    path = "/" + mailoutbox[-1].body.split("://", 1)[1].split("/", 1)[1].split()[0]
    helped.post(helped.get(path).headers["Location"], NEW)
    assert not opens(guest)


@pytest.mark.django_db(transaction=True)
def test_the_first_second_step_ends_what_is_signed_in_without_it(cast, guest):
    other = browser("192.0.2.9")
    sign_in(other, "alice@example.org")
    sign_in(guest, "alice@example.org")
    page = guest.get("/user/two-step/totp/activate/")
    secret = page.context["form"].secret
    guest.post("/user/two-step/totp/activate/", {"code": code_for(secret)})
    assert (opens(guest), opens(other)) == (True, False)


# The list


def test_the_page_names_browser_and_address(cast, guest):
    phone = browser("192.0.2.9")
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1"
    sign_in(guest, "alice@example.org")
    phone.post(
        "/user/login/",
        {"login": "alice@example.org", "password": PASSWORD},
        headers={"user-agent": agent},
    )
    page = guest.get("/user/security/").content.decode()
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert "198.51.100.7 · now" in page
    assert "192.0.2.9 · last seen now" in page or "192.0.2.9 · last seen" in page
    assert page.count("This browser") == 1


def test_one_can_be_signed_out(cast, guest):
    other = browser("192.0.2.9")
    sign_in(other, "alice@example.org")
    sign_in(guest, "alice@example.org")
    row = UserSession.objects.get(ip="192.0.2.9")
    guest.post(f"/user/security/sessions/{row.pk}/end/")
    assert (opens(guest), opens(other)) == (True, False)


def test_everywhere_else_can_be_signed_out(cast, guest):
    others = [browser(f"192.0.2.{n}") for n in range(3)]
    for client in (*others, guest):
        sign_in(client, "alice@example.org")
    guest.post("/user/security/sessions/end-others/")
    assert [opens(client) for client in (guest, *others)] == [True, False, False, False]


def test_ones_own_session_can_be_ended_like_the_others(cast, guest):
    sign_in(guest, "alice@example.org")
    row = UserSession.objects.get()
    answer = guest.post(f"/user/security/sessions/{row.pk}/end/")
    assert answer.headers["Location"] == "/"
    assert not is_in(guest)


def test_sessions_of_others_are_out_of_reach(cast, guest, bob):
    sign_in(guest, "alice@example.org")
    row = UserSession.objects.get(user=cast.alice)
    bob.post(f"/user/security/sessions/{row.pk}/end/")
    bob.post("/user/security/sessions/end-others/")
    assert opens(guest)


def test_that_it_was_seen_is_written_down_now_and_then(cast, guest):
    """Every five minutes at most: a page doesn't pay for it each time."""
    sign_in(guest, "alice@example.org")
    first = UserSession.objects.get().last_seen_at
    guest.get("/user/security/")
    assert UserSession.objects.get().last_seen_at == first
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False):
        guest.get("/user/email/", REMOTE_ADDR="192.0.2.44")
        row = UserSession.objects.get()
        assert (row.last_seen_at, row.ip) == (clock.now(), "192.0.2.44")


def in_days(days: float):
    return time_machine.travel(clock.now() + timedelta(days=days), tick=False)


def test_what_nobody_used_for_two_weeks_is_over(cast, guest):
    """R-A8: a browser that was forgotten somewhere is nobody's way in for ever."""
    sign_in(guest, "alice@example.org")
    with in_days(13):
        assert opens(guest)
    with in_days(26):
        assert opens(guest)
    with in_days(26 + 15):
        assert not opens(guest)
        assert not is_in(guest)


def test_after_thirty_days_it_is_over_whatever_its_use(cast, guest):
    sign_in(guest, "alice@example.org")
    for days in (7, 14, 21, 28):
        with in_days(days):
            assert opens(guest)
    with in_days(31):
        assert not opens(guest)
        sign_in(guest, "alice@example.org")
        assert opens(guest)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0) Chrome/129.0 Safari/537.36",
            "Chrome on Windows",
        ),
        (
            "Mozilla/5.0 (Windows) Chrome/129.0 Safari/537.36 Edg/129.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (Macintosh; Mac OS X) Version/18 Safari/605", "Safari on Mac"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/129 Mobile", "Chrome on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/130", "Firefox on Linux"),
        ("curl/8.0", "An unknown browser"),
        ("", "An unknown browser"),
        ("<script>alert(1)</script>", "An unknown browser"),
    ],
)
def test_browsers_are_told_in_words(agent, words):
    assert in_words(agent) == words


def test_phones_look_like_phones():
    assert is_handheld("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)")
    assert not is_handheld("Mozilla/5.0 (Windows NT 10.0)")
