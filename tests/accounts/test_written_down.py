"""Who changed who may do what stands in the audit trail (ASVS V16.2.1, R-J6)."""

from __future__ import annotations

import pytest
from django.core import mail

from accounts.actions.accept import accept_as_new
from accounts.actions.invitations import Invited, invite, revoke
from accounts.actions.members import set_roles
from accounts.actions.plans import set_plan
from accounts.audit import AuditEntry
from core.errors import DomainError
from tests.people import PASSWORD
from tests.signin.conftest import path_in

pytestmark = pytest.mark.django_db


def last() -> tuple[str, str, str, object]:
    entry = AuditEntry.objects.latest("id")
    return entry.verb, entry.actor, entry.words, entry.account_id


def ask(cast, email: str = "mira@example.com") -> Invited:
    return invite(
        account=cast.group.account,
        actor=cast.alice,
        email=email,
        grants={cast.group: "viewer"},
    )


def test_an_invitation_its_end_and_its_acceptance(cast):
    account, alice = cast.group.account_id, "alice@example.org"
    gives = "Viewer in Alice Studio"
    found = ask(cast)
    assert last() == ("invitation.made", alice, gives, account)
    revoke(invitation=found.invitation, actor=cast.alice)
    assert last() == ("invitation.revoked", alice, "", account)
    ask(cast, "nora@example.com")
    token = path_in(mail.outbox[-1]).split("/")[-2]
    accept_as_new(token=token, name="Nora", password=PASSWORD)
    assert last() == ("invitation.accepted", "nora@example.com", gives, account)


def test_roles_that_change_and_end(cast):
    """Whose they are is its object, so that it goes when they go (R-I3)."""
    account = cast.group.account
    change = {"account": account, "actor": cast.alice, "person": cast.bob}
    set_roles(**change, grants={cast.group: "viewer"})
    assert last()[0::2] == ("roles.changed", "Viewer in Alice Studio")
    assert AuditEntry.objects.latest("id").object_id == str(cast.bob.pk)
    set_roles(**change, grants={})
    assert last()[0] == "person.removed"


def test_a_colleague_who_gets_another_group(cast):
    ask(cast, "bob@example.org")
    assert last()[0] == "roles.added"


def test_a_plan(cast):
    set_plan(cast.group.account, "growth")
    assert last() == ("plan.changed", "", "usual → growth", cast.group.account_id)
    set_plan(cast.group.account, "growth")
    set_plan(cast.group.account, "")
    assert AuditEntry.objects.filter(verb="plan.changed").count() == 2
    assert last()[2] == "growth → usual"


def test_what_is_refused_is_no_deed(cast):
    before = AuditEntry.objects.count()
    with pytest.raises(DomainError):
        set_roles(
            account=cast.group.account,
            actor=cast.bob,
            person=cast.bob,
            grants={cast.group: "reviewer"},
        )
    assert AuditEntry.objects.count() == before
