"""Inviting, sending again, taking back (R-A2, R-A3, R-A5)."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail

from accounts.actions.accept import find
from accounts.actions.groups import open_account
from accounts.actions.invitations import readdress, resend, revoke
from accounts.invitation import Invitation
from accounts.models import Membership, Role
from core import clock
from core.errors import DomainError
from tests.accounts.conftest import token_of_last_mail
from tests.people import person

pytestmark = pytest.mark.django_db


def a_minute_ago(invitation: Invitation) -> None:
    sent_at = clock.now() - timedelta(minutes=2)
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=sent_at)


def test_the_mail_is_the_one_that_people_are_told_to_look_for(asked):
    """R-A3: sender and subject, word by word."""
    asked()
    [message] = mail.outbox
    assert message.from_email.endswith("<alerts@later.com>")
    assert message.subject == "Later -- Invitation to Join."
    assert message.to == ["mira@example.org"]
    assert "Alice Studio" in message.body


def test_only_a_hash_of_the_token_is_kept(asked):
    """R-A3: who reads the database can't come in with it."""
    asked()
    token = token_of_last_mail()
    [row] = Invitation.objects.values()
    assert token not in str(row)
    assert find(token).pk == row["id"]


def test_an_address_of_another_account_gets_a_talent_variation(asked):
    """R-A2: one address, one account; the inviter learns which was used."""
    found = asked("Charlie@Example.org")
    assert (found.asked, found.used) == (
        "charlie@example.org",
        "charlie+talent@example.org",
    )
    assert mail.outbox[-1].to == ["charlie+talent@example.org"]
    assert "charlie@example.org belongs to another" in mail.outbox[-1].body


def test_the_next_free_variation_is_taken(asked, cast):
    """R-A2: +talent2, and so on."""
    taken = person("Charlie+Talent")
    open_account(owner=taken, name="Somebody else")
    assert asked("charlie@example.org").used == "charlie+talent2@example.org"


def test_a_colleague_gets_the_group_without_a_mail(asked, cast, second):
    found = asked("bob@example.org", grants={second: Role.VIEWER})
    assert found.invitation is None
    assert Membership.objects.get(user=cast.bob, group=second).role == Role.VIEWER
    assert not mail.outbox


def test_inviting_again_adds_to_the_invitation_that_waits(asked, second):
    first = asked()
    a_minute_ago(first.invitation)
    asked("MIRA@example.org", grants={second: Role.VIEWER})
    [row] = Invitation.objects.all()
    assert {g.group.name: g.role for g in row.grants.all()} == {
        "Alice Studio": "member",
        "Second": "viewer",
    }


def test_sending_again_makes_the_link_before_useless(asked, cast):
    invitation = asked().invitation
    before = token_of_last_mail()
    a_minute_ago(invitation)
    assert resend(invitation=invitation, actor=cast.alice)
    assert find(before) is None
    assert find(token_of_last_mail()).pk == invitation.pk


def test_a_mailbox_is_not_flooded(asked, cast):
    invitation = asked().invitation
    with pytest.raises(DomainError, match="less than a minute ago"):
        resend(invitation=invitation, actor=cast.alice)
    assert len(mail.outbox) == 1


def test_what_was_taken_back_lets_nobody_in(asked, cast):
    invitation = asked().invitation
    revoke(invitation=invitation, actor=cast.alice)
    assert find(token_of_last_mail()) is None
    with pytest.raises(DomainError, match="taken back"):
        resend(invitation=invitation, actor=cast.alice)


def test_another_address_gets_the_same_roles(asked, cast):
    """R-A5: the one before is over."""
    first = asked().invitation
    before = token_of_last_mail()
    done = readdress(invitation=first, actor=cast.alice, email="m@example.net")
    assert find(before) is None
    assert mail.outbox[-1].to == ["m@example.net"]
    [grant] = done.invitation.grants.all()
    assert (grant.group, grant.role) == (cast.group, Role.MEMBER)


def test_a_mail_server_that_is_away_keeps_the_invitation(asked, monkeypatch):
    """The inviter is told, and can send it again at once."""

    def away(*_: object, **__: object) -> None:
        raise SMTPServerDisconnected

    monkeypatch.setattr("accounts.mails.EmailMultiAlternatives.send", away)
    found = asked()
    assert not found.mailed
    assert Invitation.objects.waiting().get().sent_at is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "mira at example"}, "email"),
        ({"grants": {}}, "groups"),
        ({"role": "owner"}, "role"),
        ({"foreign": True}, "groups"),
    ],
)
def test_senseless_input_is_told_beside_its_field(asked, cast, change, field):
    more: dict[str, object] = {}
    if "role" in change:
        more["grants"] = {cast.group: change["role"]}
    elif "foreign" in change:
        more["grants"] = {cast.charlies_group: "member"}
    else:
        more = change
    with pytest.raises(DomainError) as caught:
        asked(**more)
    assert caught.value.field == field
    assert not mail.outbox


def test_only_the_owner_invites(asked, cast):
    """R-A6."""
    with pytest.raises(DomainError) as caught:
        asked(actor=cast.bob)
    assert caught.value.code == "not_owner"
