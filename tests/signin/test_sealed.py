"""Secrets of second steps: sealed for their person, known to the rotation (R-D2)."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.db import connection

from accounts.signin.secrets import seal, unseal
from core import rotation
from core.crypto import KeyRing, Tampered
from tests.people import TOTP_SECRET, two_step
from tests.signin.conftest import browser, code_for, code_now, give_code, is_in, sign_in

pytestmark = pytest.mark.django_db
OLD = KeyRing({"k1": bytes(32)})
BOTH = KeyRing({"k2": bytes([7]) * 32, "k1": bytes(32)})
NEW = KeyRing({"k2": bytes([7]) * 32})
SET_UP = "/user/two-step/totp/activate/"


@pytest.fixture
def set_up(cast, guest):
    """Alice sets it up by the pages; her secret."""
    sign_in(guest, "alice@example.org")
    secret = guest.get(SET_UP).context["form"].secret
    guest.post(SET_UP, {"code": code_for(secret)})
    return secret


def everything() -> str:
    """Of what the database holds on second steps and sessions, each row as text."""
    found = list(Authenticator.objects.values_list("data", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM django_session")
        return json.dumps([found, cursor.fetchall()])


def test_what_the_pages_store_is_sealed_for_the_person(cast, set_up):
    row = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert unseal(row.data["secret"], cast.alice.pk) == set_up
    assert set_up not in everything()
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
    assert codes.data["seed"].startswith("v1.test.")


def test_also_while_it_is_only_being_set_up(cast, guest):
    sign_in(guest, "alice@example.org")
    secret = guest.get(SET_UP).context["form"].secret
    assert secret not in str(dict(guest.session.items()))
    assert guest.get(SET_UP).context["form"].secret == secret


def test_one_that_is_copied_to_another_row_does_not_open(cast, guest):
    """Whoever can write to the database can't make somebody's secret a known one."""
    mine, hers = two_step(cast.charlie), two_step(cast.alice)
    Authenticator.objects.filter(pk=hers.pk).update(data=mine.data)
    sign_in(guest, "alice@example.org")
    give_code(guest, code_now())
    assert not is_in(guest)
    with pytest.raises(Tampered):
        unseal(mine.data["secret"], cast.alice.pk)


def test_the_rotation_brings_them_under_the_new_key(cast, settings):
    settings.TOKEN_KEYS = OLD
    row = two_step(cast.alice)
    row.data |= {"last_step": 5}
    row.save()
    Authenticator.objects.create(
        user=cast.alice,
        type=Authenticator.Type.RECOVERY_CODES,
        data={"seed": seal("a" * 80, cast.alice.pk), "used_mask": 6},
    )
    settings.TOKEN_KEYS = BOTH
    call_command("rotate_keys", stdout=StringIO())
    settings.TOKEN_KEYS = NEW
    row.refresh_from_db()
    assert unseal(row.data["secret"], cast.alice.pk) == TOTP_SECRET
    assert row.data["last_step"] == 5
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
    assert unseal(codes.data["seed"], cast.alice.pk) == "a" * 80
    assert codes.data["used_mask"] == 6


def test_the_doctor_sees_a_key_that_is_missing(careful, settings):
    settings.TOKEN_KEYS = NEW
    assert rotation.unknown_keys(NEW) == {"test": 1}


def test_passkeys_hold_no_secret_and_are_left_alone(cast, settings):
    data = {"name": "Laptop", "credential": {"id": "public"}}
    row = Authenticator.objects.create(
        user=cast.alice, type=Authenticator.Type.WEBAUTHN, data=data
    )
    settings.TOKEN_KEYS = BOTH
    call_command("rotate_keys", stdout=StringIO())
    row.refresh_from_db()
    assert row.data == data


def test_signing_in_works_during_a_rotation(careful, settings):
    """New key in front, the row still under the old one."""
    test = settings.TOKEN_KEYS.keys["test"]
    settings.TOKEN_KEYS = KeyRing({"k2": bytes([7]) * 32, "test": test})
    client = browser()
    sign_in(client, careful.email)
    give_code(client, code_now())
    assert is_in(client)
