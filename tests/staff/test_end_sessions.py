"""An operator signs somebody out everywhere, or everybody (ASVS V7.4.5)."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from notifications.models import Notice
from tests.signin.conftest import browser, is_in, sign_in
from tests.staff.conftest import last

pytestmark = pytest.mark.django_db
WHY = "Her laptop was stolen"


def end(*words: str) -> str:
    out = StringIO()
    call_command("end_sessions", *words, stdout=out)
    return out.getvalue()


@pytest.fixture
def signed_in(cast):
    """Alice in two browsers, Charlie in one."""
    clients = [browser(f"203.0.113.{number}") for number in range(3)]
    whose = ("alice", "alice", "charlie")
    for client, name in zip(clients, whose, strict=True):
        sign_in(client, f"{name}@example.org")
        assert is_in(client)
    return clients


def outside(client) -> bool:
    answer = client.get("/user/security/")
    return bool(answer.status_code == 302)


def test_one_person_is_out_everywhere_and_nobody_else(signed_in):
    assert "2 sessions ended" in end("Alice@example.org", "--reason", WHY)
    assert [outside(client) for client in signed_in] == [True, True, False]


def test_it_is_written_down_and_told_with_its_reason(signed_in, cast):
    end("alice@example.org", "--reason", WHY)
    assert (last().verb, last().reason) == ("sessions.ended", WHY)
    assert WHY in Notice.objects.get(user=cast.alice, code="sessions.ended").text


def test_who_was_signed_out_can_come_back(signed_in):
    end("alice@example.org", "--reason", WHY)
    sign_in(signed_in[0], "alice@example.org")
    assert not outside(signed_in[0])


def test_everybody(signed_in):
    assert "3 sessions ended" in end("--everybody", "--reason", "A key leaked")
    assert all(outside(client) for client in signed_in)
    assert (last().words, last().reason) == ("Of everybody", "A key leaked")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--reason", WHY), "Name one address"),
        (("alice@example.org", "--everybody", "--reason", WHY), "Name one address"),
        (("nobody@example.org", "--reason", WHY), "Nobody has this address"),
        (("alice@example.org", "--reason", " "), "Say why"),
        (("alice@example.org",), "--reason"),
    ],
)
def test_what_is_missing_is_said_and_nobody_is_out(signed_in, words, said):
    with pytest.raises(CommandError, match=said):
        end(*words)
    assert not outside(signed_in[0])
