"""Dangerous acts ask who is there once more (accounts/fresh.py)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from accounts.fresh import require_fresh
from core import clock
from core.errors import DomainError
from tests.people import PASSWORD
from tests.signin.conftest import code_now, give_code, sign_in

pytestmark = pytest.mark.django_db
ASKS = "/user/two-step/recovery-codes/generate/"
WAY = "/user/reauthenticate/"


@pytest.fixture
def long_ago(careful, guest):
    """Signed in an hour ago: yielded with the clock there."""
    with time_machine.travel(clock.now() - timedelta(hours=1), tick=False):
        sign_in(guest, careful.email)
        give_code(guest, code_now())
    return guest


def test_whoever_just_signed_in_is_not_asked(careful, guest):
    sign_in(guest, careful.email)
    give_code(guest, code_now())
    assert guest.get(ASKS).status_code == 200


def test_an_hour_later_they_are(long_ago):
    answer = long_ago.get(ASKS)
    assert answer.headers["Location"] == f"{WAY}?next={ASKS.replace('/', '%2F')}"


def test_the_password_leads_back(long_ago):
    answer = long_ago.post(WAY, {"password": PASSWORD, "next": ASKS})
    assert answer.headers["Location"] == ASKS
    assert long_ago.get(ASKS).status_code == 200


def test_so_does_a_code(long_ago):
    url = "/user/two-step/reauthenticate/"
    long_ago.post(url, {"code": code_now(), "next": ASKS})
    assert long_ago.get(ASKS).status_code == 200


def test_a_wrong_password_does_not(long_ago):
    long_ago.post(WAY, {"password": "wrong", "next": ASKS})
    assert long_ago.get(ASKS).status_code == 302


def test_it_lasts_ten_minutes(long_ago):
    long_ago.post(WAY, {"password": PASSWORD})
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert long_ago.get(ASKS).status_code == 302


def test_a_proof_of_one_session_is_none_in_another(long_ago, careful, client):
    client.force_login(careful)
    long_ago.post(WAY, {"password": PASSWORD})
    assert client.get(ASKS).status_code == 302


def test_an_address_is_not_changed_without(long_ago, careful):
    """Nor is what was posted kept, to be played back later."""
    fields = {"email": careful.email, "action_primary": ""}
    answer = long_ago.post("/user/email/", fields)
    assert answer.headers["Location"] == f"{WAY}?next=%2Fuser%2Femail%2F"
    assert "account_reauthentication_state" not in long_ago.session


def test_what_was_posted_is_not_replayed(alice, cast):
    """The button is pressed again, by somebody who has shown who they are."""
    answer = alice.post("/settings/users/two-step/", {"required": "on"})
    assert "settings%2Fusers%2F" in answer.headers["Location"]
    alice.post(WAY, {"password": PASSWORD, "next": "/settings/users/"})
    assert "account_reauthentication_state" not in alice.session
    cast.group.account.refresh_from_db()
    assert not cast.group.account.two_step_required


def test_a_program_gets_a_refusal():
    request = RequestFactory().get("/")
    request.user, request.session = AnonymousUser(), {}
    with pytest.raises(DomainError, match="Confirm that it is you"):
        require_fresh(request)


@pytest.mark.parametrize(
    "path",
    [
        "/user/two-step/totp/activate/",
        "/user/two-step/webauthn/add/",
        "/user/two-step/totp/deactivate/",
    ],
)
def test_all_that_changes_or_shows_second_steps_asks(long_ago, path):
    where = long_ago.get(path).headers["Location"]
    assert where.startswith((WAY, "/user/two-step/totp/deactivate/"))
