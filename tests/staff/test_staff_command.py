"""`manage.py staff`: who is staff and of which kind, written down (R-I1, R-I2)."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.people import accounts_of
from support.rights import Kind, kinds_of
from tests.people import person
from tests.staff.conftest import last, make_staff, verbs

pytestmark = pytest.mark.django_db


def staff(*words: str) -> str:
    out = StringIO()
    call_command("staff", *words, stdout=out)
    return out.getvalue()


def kinds(email: str) -> frozenset[Kind]:
    return kinds_of(User.objects.get(email=email))


def test_a_person_is_made_staff_of_a_kind():
    person("Hanna")
    said = staff("Hanna@example.org", "--give", "support", "auditor")
    assert said == "hanna@example.org: auditor, support\n"
    assert kinds("hanna@example.org") == {Kind.SUPPORT, Kind.AUDITOR}


def test_somebody_new_comes_in_by_mail(client, mailoutbox):
    """R-I1: in no account, and nobody but the address's reader knows a password."""
    said = staff("hanna@example.org", "--new", "Hanna Ray", "--give", "support")
    assert "/user/reset_password/" in said
    hanna = User.objects.get(email="hanna@example.org")
    assert not hanna.has_usable_password()
    assert not accounts_of(hanna).exists()
    client.post("/user/reset_password/", {"email": "hanna@example.org"})
    link = re.search(r"/user/password/reset/key/\S+", mailoutbox[-1].body)
    assert link
    form = client.get(link[0], follow=True)
    way = form.redirect_chain[-1][0]
    secret = "seven quiet harbours"
    client.post(way, {"password1": secret, "password2": secret})
    hanna.refresh_from_db()
    assert hanna.check_password(secret)


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("hanna@example.org", "Somebody has this address"),
        ("hanna", "no e-mail address"),
    ],
)
def test_somebody_new_has_an_address_of_their_own(email, said):
    person("Hanna")
    with pytest.raises(CommandError, match=said):
        staff(email, "--new", "Hanna", "--give", "support")
    assert User.objects.count() == 1


def test_it_is_written_down_with_its_reason():
    """R-I2."""
    person("Hanna")
    staff("hanna@example.org", "--give", "support", "--reason", "New in the team")
    entry = last()
    assert (entry.verb, entry.words) == ("staff.groups_changed", "+support")
    assert (entry.reason, entry.object_type) == ("New in the team", "accounts.user")


def test_a_kind_is_taken_and_the_rest_stays():
    make_staff("Hanna", Kind.SUPPORT, Kind.AUDITOR)
    staff("hanna@example.org", "--take", "support")
    assert kinds("hanna@example.org") == {Kind.AUDITOR}


def test_who_is_dismissed_has_nothing_left():
    make_staff("Hanna", *Kind)
    assert staff("hanna@example.org", "--dismiss").endswith("no staff\n")
    hanna = User.objects.get(email="hanna@example.org")
    assert (hanna.is_staff, hanna.groups.count()) == (False, 0)


def test_customers_stay_customers(cast):
    """R-I1: nobody looks after an account that they are in themselves."""
    with pytest.raises(CommandError, match="in an account"):
        staff("bob@example.org", "--give", "support")
    cast.bob.refresh_from_db()
    assert not cast.bob.is_staff
    assert "staff.groups_changed" not in verbs()


def test_nobody_is_made_up():
    with pytest.raises(CommandError, match="Nobody has this address"):
        staff("ghost@example.org", "--give", "support")


def test_all_staff_are_listed():
    make_staff("Zoe")
    make_staff("Anna", Kind.OPERATIONS)
    person("Customer")
    assert staff() == (
        "anna@example.org: operations\nzoe@example.org: in no group: sees nothing\n"
    )
