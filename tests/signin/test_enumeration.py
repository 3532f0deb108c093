"""Nobody learns who has an account here: by no text, status, header or work done."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail

from accounts.actions.invitations import invite
from accounts.models import Role
from tests.people import PASSWORD, two_step
from tests.signin.conftest import browser, sign_in

pytestmark = pytest.mark.django_db
NOBODY = "nobody@example.org"


def visible(answer) -> tuple[int, str, str]:
    """What a stranger sees: without what differs from one request to the next."""
    page = answer.content.decode()
    page = re.sub(r'(value|content)="[\w-]{32,}"', "", page)
    page = re.sub(r"[\w.+]+@example\.org", "ADDRESS", page)
    return answer.status_code, answer.headers.get("Location", ""), page


@contextmanager
def hashing() -> Iterator[Callable[[], int]]:
    """How many passwords were hashed: nothing else takes time worth measuring."""
    encode = MD5PasswordHasher.encode
    with patch.object(
        MD5PasswordHasher, "encode", autospec=True, side_effect=encode
    ) as counted:
        yield lambda: counted.call_count


def signing_in(email: str):
    return sign_in(browser(), email, "wrong password")


def resetting(email: str):
    return browser().post("/user/reset_password/", {"email": email})


def signing_up(email: str):
    fields = {"name": "Lena", "email": email, "password1": PASSWORD}
    return browser().post("/user/signup/", fields)


@pytest.fixture
def everybody(cast) -> dict[str, str]:
    """One of each kind: what they are to us must not show."""
    two_step(cast.alice)
    cast.charlie.is_active = False
    cast.charlie.save()
    cast.bob.set_unusable_password()
    cast.bob.save()
    grants = {cast.group: Role.MEMBER}
    account = cast.group.account
    invite(account=account, actor=cast.alice, email="mira@example.org", grants=grants)
    mail.outbox.clear()
    return {
        "careful": "alice@example.org",
        "switched off": "charlie@example.org",
        "without password": "bob@example.org",
        "staff": "dana@example.org",
        "invited": "mira@example.org",
    }


WAYS = [signing_in, resetting, signing_up]
KINDS = ["careful", "switched off", "without password", "staff", "invited"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_answer_is_the_same_for_everybody_and_nobody(everybody, way, kind):
    assert visible(way(everybody[kind])) == visible(way(NOBODY))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_and_as_much_work(everybody, way, kind):
    """Hashing a password takes longer than all else; each way hashes as often."""
    with hashing() as known:
        way(everybody[kind])
        first = known()
    with hashing() as unknown:
        way(NOBODY)
        assert unknown() == first


@pytest.mark.parametrize("way", [resetting, signing_up])
@pytest.mark.parametrize("kind", ["careful", "staff", "invited"])
def test_a_mail_goes_out_either_way(everybody, way, kind):
    """Sending one takes time as well."""
    way(everybody[kind])
    way(NOBODY)
    assert len(mail.outbox) == 2


def test_being_slowed_down_tells_nothing(everybody):
    for email in (everybody["careful"], NOBODY):
        for number in range(6):
            sign_in(browser(f"192.0.2.{len(email)}"), email, f"wrong {number}")
    known = sign_in(browser("192.0.2.17"), everybody["careful"], "wrong")
    unknown = sign_in(browser("192.0.2.18"), NOBODY, "wrong")
    assert visible(known) == visible(unknown)


def test_passkeys_name_nobody(everybody):
    """The question to the browser is the same for all: it names no key and no person."""
    json = {"accept": "application/json"}
    asked = browser().get("/user/two-step/webauthn/login/", headers=json).json()
    key = asked["request_options"]["publicKey"]
    assert not key.get("allowCredentials")
    assert set(key) - {"allowCredentials"} == {"challenge", "rpId", "userVerification"}


@pytest.mark.parametrize("address", ["alice@example.org", NOBODY])
def test_an_invitation_tells_a_stranger_nothing(everybody, address):
    answer = browser().get("/user/invitation/made-up-token/", follow=True)
    assert answer.status_code == 410
    assert address not in answer.content.decode()
