"""What people call themselves and theirs passes one place, at every door (R-I5)."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail

from accounts.actions.groups import create_group
from accounts.actions.invitations import invite
from accounts.actions.name import set_name
from accounts.invitation import Invitation
from accounts.models import User
from core.errors import DomainError
from profiles.actions.sets import create_set, rename_set
from tests.people import PASSWORD, person
from tests.signin.conftest import path_in
from tests.staff.conftest import sign_in

pytestmark = pytest.mark.django_db
TRICKY = "\u202eMira\r\n\u200bBcc: x@y.example\x1b"
PLAIN = "Mira Bcc: x@y.example"
LONG = "x" * 200
BAD = ("", "\u200d \u202e", LONG, "Free http://bad.example")


def asked(cast, name: str = "") -> Invitation:
    found = invite(
        account=cast.group.account,
        actor=cast.alice,
        email="mira@example.com",
        grants={cast.group: "member"},
        name=name,
    )
    assert found.invitation is not None
    return found.invitation


def test_joining(cast, client):
    asked(cast)
    client.get(path_in(mail.outbox[-1]))
    client.post("/user/invitation/", {"name": TRICKY, "password": PASSWORD})
    assert User.objects.get(email="mira@example.com").name == PLAIN


@pytest.mark.parametrize("name", BAD)
def test_joining_without_one_that_can_be_used(cast, client, name):
    asked(cast)
    client.get(path_in(mail.outbox[-1]))
    answer = client.post("/user/invitation/", {"name": name, "password": PASSWORD})
    assert answer.status_code == 422
    assert not User.objects.filter(email="mira@example.com").exists()


def test_inviting(cast):
    assert asked(cast, TRICKY).name == PLAIN


@pytest.mark.parametrize("name", [LONG, "See http://bad.example"])
def test_inviting_by_one_that_can_not_be_used(cast, name):
    with pytest.raises(DomainError):
        asked(cast, name)
    assert mail.outbox == []


def test_signing_up(client, db):
    fields = {"name": TRICKY, "email": "mira@example.com", "password1": PASSWORD}
    client.post("/user/signup/", fields)
    assert User.objects.get().name == PLAIN


@pytest.mark.parametrize("name", BAD)
def test_signing_up_without_one_that_can_be_used(client, db, name):
    fields = {"name": name, "email": "mira@example.com", "password1": PASSWORD}
    assert client.post("/user/signup/", fields).status_code == 200
    assert not User.objects.exists()


def test_changing_ones_own(alice, cast):
    answer = alice.post("/user/name/", {"name": TRICKY})
    cast.alice.refresh_from_db()
    assert (answer.status_code, cast.alice.name) == (302, PLAIN)
    assert PLAIN in alice.get("/user/security/").content.decode()


@pytest.mark.parametrize("name", BAD)
def test_changing_it_to_one_that_can_not_be_used(alice, cast, name):
    assert alice.post("/user/name/", {"name": name}).status_code == 422
    with pytest.raises(DomainError):
        set_name(person=cast.alice, name=name)
    cast.alice.refresh_from_db()
    assert cast.alice.name == "Alice"


def test_groups_and_sets(cast):
    account, alice = cast.group.account, cast.alice
    assert create_group(account=account, actor=alice, name=TRICKY).name == PLAIN
    made = create_set(group=cast.group, actor=alice, name=TRICKY)
    assert made.name == PLAIN
    for name in BAD:
        with pytest.raises(DomainError):
            create_group(account=account, actor=alice, name=name)
        with pytest.raises(DomainError):
            rename_set(social_set=made, actor=alice, name=name)


def test_passkeys(db):
    owner = person("Nora", is_staff=True)
    client = sign_in(owner)
    key = Authenticator.objects.get(user=owner)
    client.post(f"/user/two-step/webauthn/keys/{key.pk}/edit/", {"name": TRICKY})
    key.refresh_from_db()
    assert key.data["name"] == PLAIN
    client.post(f"/user/two-step/webauthn/keys/{key.pk}/edit/", {"name": "\u202e"})
    key.refresh_from_db()
    assert key.data["name"] == PLAIN
