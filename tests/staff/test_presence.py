"""Staff coming, going and being imitated is in the audit trail (R-I2)."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory

from support.rights import Kind
from tests.staff.conftest import last, make_staff, sign_in, verbs

pytestmark = pytest.mark.django_db


def test_coming_and_going(cast):
    hanna = make_staff("Hanna", Kind.SUPPORT)
    client = sign_in(hanna)
    client.post("/user/logout/")
    assert verbs() == ["staff.signed_in", "staff.signed_out"]
    assert (last().actor, last().object_id) == ("hanna@example.org", str(hanna.pk))


def test_a_failed_try_at_a_staff_address(cast):
    request = RequestFactory().post("/user/login/")
    for email in ("DANA@example.org", "alice@example.org", "ghost@example.org"):
        authenticate(request, email=email, username=email, password="wrong")
    assert verbs() == ["staff.sign_in_failed"]
    assert (last().actor, last().object_id) == ("", str(cast.dana.pk))


def test_customers_come_and_go_unwatched(alice):
    alice.post("/user/logout/")
    assert verbs() == []
