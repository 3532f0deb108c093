"""The second step: each code works once, guessing is hopeless (R-A7)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.cache import cache

from accounts.signin.secrets import seal
from core import clock
from tests.people import PASSWORD, two_step
from tests.signin.conftest import (
    browser,
    code_now,
    give_code,
    is_in,
    sign_in,
    subjects,
)

pytestmark = pytest.mark.django_db
WRONG = "000000"


def recovery_codes(user) -> list[str]:
    """As the page shows them."""
    data = {"seed": seal("a" * 80, user.pk), "used_mask": 0}
    Authenticator.objects.create(
        user=user, type=Authenticator.Type.RECOVERY_CODES, data=data
    )
    client = browser()
    sign_in(client, user.email)
    give_code(client, code_now())
    page = client.get("/user/two-step/recovery-codes/download/").content.decode()
    return [line.replace(" ", "") for line in page.splitlines() if line[:4].isdigit()]


def test_password_and_code_let_in(careful, guest):
    answer = sign_in(guest, careful.email)
    assert answer.headers["Location"] == "/user/two-step/authenticate/"
    assert not is_in(guest)
    assert give_code(guest, code_now()).status_code == 302
    assert is_in(guest)


def test_a_code_works_once(careful, guest):
    """RFC 6238, 5.2: also from another browser, at once, with the cache emptied."""
    code, thief = code_now(), browser("192.0.2.66")
    sign_in(guest, careful.email)
    sign_in(thief, careful.email)
    give_code(guest, code)
    cache.clear()
    assert give_code(thief, code).status_code == 200
    assert not is_in(thief)


def test_the_code_before_is_over_once_a_later_one_was_used(careful, guest):
    sign_in(guest, careful.email)
    give_code(guest, code_now())
    late = browser("192.0.2.66")
    sign_in(late, careful.email)
    give_code(late, code_now(ahead=-1))
    assert not is_in(late)


@pytest.mark.parametrize(
    ("ahead", "fits"), [(-2, False), (-1, True), (1, True), (2, False)]
)
def test_a_phone_may_be_half_a_minute_off(careful, guest, ahead, fits):
    with time_machine.travel(clock.now(), tick=False):
        sign_in(guest, careful.email)
        give_code(guest, code_now(ahead))
    assert is_in(guest) is fits


@pytest.mark.parametrize("typed", ["{} {}", "{}-{}", " {}{} "])
def test_blanks_and_dashes_do_not_matter(careful, guest, typed):
    code = code_now()
    sign_in(guest, careful.email)
    give_code(guest, typed.format(code[:3], code[3:]))
    assert is_in(guest)


@pytest.mark.parametrize("typed", ["", "½²³", "123456" * 50, "<script>", "\x00"])
def test_nonsense_is_no_code(careful, guest, typed):
    sign_in(guest, careful.email)
    assert give_code(guest, typed).status_code == 200
    assert not is_in(guest)


def test_guessing_codes_ends_after_ten(careful, guest):
    """Whoever has the password has ten codes of a million an hour."""
    sign_in(guest, careful.email)
    said = [give_code(guest, WRONG).content.decode() for _ in range(11)]
    assert "Too many tries" not in said[9]
    assert "Too many tries" in said[10]
    give_code(guest, code_now())
    assert not is_in(guest)


def test_a_new_address_or_session_brings_no_new_guesses(careful):
    for number in range(10):
        client = browser(f"192.0.2.{number}")
        sign_in(client, careful.email)
        give_code(client, WRONG)
    last = browser("198.51.100.99")
    sign_in(last, careful.email)
    give_code(last, code_now())
    assert not is_in(last)


def test_the_owner_is_told_that_the_password_is_known(careful, guest):
    sign_in(guest, careful.email)
    for _ in range(12):
        give_code(guest, WRONG)
    assert subjects() == ["Somebody knows your password"]
    assert mail.outbox[0].to == [careful.email]


def test_the_owners_own_browser_still_gets_in(careful, known):
    """R-A8: who guesses codes doesn't lock the owner out."""
    at_home = browser("203.0.113.5")
    sign_in(at_home, careful.email)
    give_code(at_home, code_now(-1))
    at_home.post("/user/logout/")
    thief = browser("192.0.2.66")
    sign_in(thief, careful.email)
    for _ in range(15):
        give_code(thief, WRONG)
    sign_in(at_home, careful.email)
    give_code(at_home, code_now())
    assert is_in(at_home)


def test_guesses_are_forgotten_after_an_hour(careful, guest):
    sign_in(guest, careful.email)
    for _ in range(11):
        give_code(guest, WRONG)
    with time_machine.travel(clock.now() + timedelta(hours=1, minutes=1), tick=False):
        later = browser()
        sign_in(later, careful.email)
        give_code(later, code_now())
    assert is_in(later)


def test_a_recovery_code_works_once(careful):
    code = recovery_codes(careful)[3]
    first, second = browser(), browser("192.0.2.66")
    sign_in(first, careful.email)
    give_code(first, code)
    sign_in(second, careful.email)
    give_code(second, code)
    assert (is_in(first), is_in(second)) == (True, False)


def test_a_code_of_somebody_else_is_nothing(careful, cast, guest):
    two_step(cast.bob)
    theirs = Authenticator.objects.get(user=cast.bob)
    theirs.data = {"secret": seal("KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU", cast.bob.pk)}
    theirs.save()
    sign_in(guest, cast.bob.email)
    give_code(guest, code_now())
    assert not is_in(guest)


def test_a_secret_whose_key_is_gone_lets_nobody_in_and_breaks_nothing(careful, guest):
    row = Authenticator.objects.get(user=careful)
    row.data = {"secret": row.data["secret"].replace("v1.test.", "v1.lost.")}
    row.save()
    sign_in(guest, careful.email)
    answer = give_code(guest, code_now())
    assert "checked at the moment" in answer.content.decode()
    assert not is_in(guest)


def test_the_second_step_is_given_fifteen_minutes(careful, guest):
    sign_in(guest, careful.email)
    with time_machine.travel(clock.now() + timedelta(minutes=16), tick=False):
        answer = give_code(guest, code_now())
    assert answer.headers["Location"] == "/user/login/"
    assert not is_in(guest)


def test_a_code_without_a_password_leads_to_sign_in(careful, guest):
    assert give_code(guest, code_now()).headers["Location"] == "/user/login/"
    assert PASSWORD not in str(guest.session.items())
