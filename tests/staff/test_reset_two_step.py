"""R-A7: who lost all second steps is let in again by an operator, in the open."""

from __future__ import annotations

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from notifications.models import Notice
from tests.people import two_step
from tests.signin.conftest import browser, code_now, give_code, is_in, sign_in
from tests.staff.conftest import last

pytestmark = pytest.mark.django_db
WHY = "Phone lost, known by voice"


def reset(*words: str) -> str:
    out = StringIO()
    call_command("reset_two_step", *words, stdout=out)
    return out.getvalue()


def test_the_steps_go_and_the_password_is_enough_again(cast):
    two_step(cast.alice)
    assert "taken away" in reset("Alice@example.org", "--reason", WHY)
    assert not Authenticator.objects.filter(user=cast.alice).exists()
    client = browser()
    sign_in(client, cast.alice.email)
    assert is_in(client)


def test_nobody_stays_signed_in_by_them(cast):
    two_step(cast.alice)
    client = browser()
    sign_in(client, cast.alice.email)
    give_code(client, code_now())
    assert is_in(client)
    reset("alice@example.org", "--reason", WHY)
    assert client.get("/user/security/").status_code == 302


def test_it_is_written_down_and_told_with_its_reason(cast):
    two_step(cast.alice)
    reset("alice@example.org", "--reason", WHY)
    assert (last().verb, last().reason) == ("two_step.reset", WHY)
    assert WHY in Notice.objects.get(user=cast.alice).text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nobody@example.org", "--reason", WHY), "Nobody has this address"),
        (("alice@example.org", "--reason", " "), "Say why"),
        (("alice@example.org", "--reason", WHY), "nothing was changed"),
        (("alice@example.org",), "--reason"),
    ],
)
def test_what_makes_no_sense_changes_nothing(cast, words, said):
    with pytest.raises(CommandError, match=said):
        reset(*words)
    assert not Notice.objects.exists()
