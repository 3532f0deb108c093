"""Where sign-in leads, and where mails lead: home, whatever a request says."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from accounts.signin.adapter import at_home
from tests.people import PASSWORD, two_step
from tests.signin.conftest import (
    AGENT,
    CODE,
    Answer,
    browser,
    code_now,
    give_code,
    link_in,
    sign_in,
)

pytestmark = pytest.mark.django_db
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example",
    "https:evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://127.0.0.1:8000@evil.example/",
    "https://testserver.evil.example/",
    "\t//evil.example/",
    "ht\ntps://evil.example/",
]
HOME = "/"


def where(answer: Answer) -> str:
    return str(answer.headers["Location"])


def test_signing_in_and_out_lead_nowhere_else(cast, guest):
    for wanted in ELSEWHERE:
        there = where(sign_in(guest, "alice@example.org", next=wanted))
        back = where(guest.post("/user/logout/", {"next": wanted}))
        assert (wanted, there, back) == (wanted, HOME, HOME)


def test_nor_does_the_second_step(careful):
    for number, wanted in enumerate(ELSEWHERE):
        Authenticator.objects.filter(user=careful).delete()
        two_step(careful)
        client = browser(f"192.0.2.{number}")
        sign_in(client, careful.email, next=wanted)
        found = where(client.post(CODE, {"code": code_now(), "next": wanted}))
        assert (wanted, found) == (wanted, HOME)


def test_nor_does_showing_who_it_is(cast, guest):
    sign_in(guest, "alice@example.org")
    for wanted in ELSEWHERE:
        fields = {"password": PASSWORD, "next": wanted}
        found = where(guest.post("/user/reauthenticate/", fields))
        assert (wanted, found) == (wanted, HOME)


def test_a_page_of_ours_is_found_again(cast, guest):
    answer = sign_in(guest, "alice@example.org", next="/settings/users/?a=1")
    assert answer.headers["Location"] == "/settings/users/?a=1"


def test_also_over_the_second_step(careful, guest):
    sign_in(guest, careful.email, next="/settings/users/")
    assert give_code(guest, code_now()).headers["Location"] == "/settings/users/"


# The Host header


@pytest.fixture
def liar() -> Client:
    """Comes to an address that is allowed, but isn't ours to send people to."""
    return Client(HTTP_HOST="localhost:6666", headers={"user-agent": AGENT})


def test_a_host_that_is_not_allowed_gets_nothing(cast):
    client = Client(HTTP_HOST="evil.example")
    answer = client.post("/user/reset_password/", {"email": "alice@example.org"})
    assert answer.status_code == 400
    assert mail.outbox == []


def test_mails_lead_to_our_own_address(cast, liar, settings):
    """A reset link that led elsewhere would hand over the account."""
    settings.BASE_URL = "https://later.example"
    liar.post("/user/reset_password/", {"email": "alice@example.org"})
    liar.post("/user/reset_password/", {"email": "nobody@example.org"})
    for email in ("alice@example.org", "lena@example.org"):
        fields = {"name": "Lena", "email": email, "password1": PASSWORD}
        liar.post("/user/signup/", fields)
    assert len(mail.outbox) == 4
    for message in mail.outbox:
        assert link_in(message).startswith("https://later.example/")
        html = str(message.alternatives[0][0])
        assert "localhost" not in message.body + html


def test_forwarded_hosts_are_not_read(cast, guest):
    guest.post(
        "/user/reset_password/",
        {"email": "alice@example.org"},
        headers={"x-forwarded-host": "evil.example", "forwarded": "host=evil.example"},
    )
    assert "evil" not in mail.outbox[-1].body


def test_passkeys_belong_to_our_own_address(cast, liar, settings):
    settings.BASE_HOST = "later.example"
    json = {"accept": "application/json"}
    asked = liar.get("/user/two-step/webauthn/login/", headers=json).json()
    assert asked["request_options"]["publicKey"]["rpId"] == "later.example"


def test_a_link_keeps_its_query(settings):
    settings.BASE_URL = "https://later.example"
    assert at_home("http://x/a/?b=1#c") == "https://later.example/a/?b=1"


def test_no_other_site_can_sign_somebody_in(cast):
    """Login CSRF: the form needs its token, the passkey its token, too."""
    client = Client(enforce_csrf_checks=True)
    two_step(cast.bob)
    for path in (
        "/user/login/",
        "/user/two-step/authenticate/",
        "/user/two-step/webauthn/login/",
        "/user/reset_password/",
        "/user/logout/",
    ):
        assert client.post(path, {"login": "a", "password": "b"}).status_code == 403
