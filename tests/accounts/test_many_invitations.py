"""Nobody's mailbox is a plaything, and no tab undoes another (R-A3, R-A6)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core import mail

from accounts.actions.groups import create_group
from accounts.actions.invitations import invite, resend
from accounts.models import Membership
from accounts.views.users import INVITATIONS
from core import clock
from core.errors import DomainError
from core.limits import spend

pytestmark = pytest.mark.django_db
ADDRESS = "mira@example.com"


def ask(cast):
    found = invite(
        account=cast.group.account,
        actor=cast.alice,
        email=ADDRESS,
        grants={cast.group: "member"},
    )
    return found.invitation


def again(invitation, actor, minutes: int) -> None:
    with time_machine.travel(clock.now() + timedelta(minutes=minutes), tick=False):
        resend(invitation=invitation, actor=actor)


def test_one_address_gets_five_mails_an_hour(cast):
    invitation = ask(cast)
    for minutes in (2, 4, 6, 8):
        again(invitation, cast.alice, minutes)
    with pytest.raises(DomainError, match="the last one works"):
        again(invitation, cast.alice, 10)
    assert len(mail.outbox) == 5
    again(invitation, cast.alice, 70)
    assert len(mail.outbox) == 6


def test_whoever_invites_it(cast):
    """Two accounts share the address' five."""
    invitation = ask(cast)
    for minutes in (2, 4, 6, 8):
        again(invitation, cast.alice, minutes)
    with pytest.raises(DomainError, match="several mails"):
        invite(
            account=cast.charlies_group.account,
            actor=cast.charlie,
            email=ADDRESS,
            grants={cast.charlies_group: "member"},
        )


@time_machine.travel("2026-11-21 12:00:30", tick=False)
def test_a_person_invites_no_crowd(alice, cast, redis_cache):
    for _ in range(INVITATIONS.times):
        spend(INVITATIONS, f"person:{cast.alice.pk}")
    answer = alice.post("/settings/users/invite/", {"email": ADDRESS})
    assert answer.status_code == 429
    assert alice.get("/settings/users/invite/").status_code == 200


def test_a_group_made_in_another_tab_keeps_its_role(alice, cast):
    """The page of roles was open before: it says nothing of that group."""
    second = create_group(account=cast.group.account, actor=cast.alice, name="New")
    Membership.objects.create(user=cast.bob, group=second, role="reviewer")
    page = f"/settings/users/{cast.bob.pk}/"
    alice.post(page, {f"role-{cast.group.pk}": "viewer"})
    roles = Membership.objects.filter(user=cast.bob).values_list("group", "role")
    assert dict(roles) == {cast.group.pk: "viewer", second.pk: "reviewer"}


def test_no_access_takes_it_away(alice, cast):
    second = create_group(account=cast.group.account, actor=cast.alice, name="New")
    Membership.objects.create(user=cast.bob, group=second, role="reviewer")
    page = f"/settings/users/{cast.bob.pk}/"
    alice.post(page, {f"role-{cast.group.pk}": "member", f"role-{second.pk}": ""})
    assert not Membership.objects.filter(user=cast.bob, group=second).exists()
