"""Who looks after others' accounts is in none: not by any door (R-I1)."""

from __future__ import annotations

import pytest
from django.core import mail

from accounts.actions.invitations import invite
from accounts.models import Account, Membership
from core.errors import DomainError
from tests.people import person
from tests.signin.conftest import path_in
from tests.staff.conftest import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def helper(cast):
    return person("Hanna", is_staff=True)


def test_an_invitation_lets_no_staff_in(cast, helper):
    invite(
        account=cast.group.account,
        actor=cast.alice,
        email=helper.email,
        grants={cast.group: "member"},
    )
    client = sign_in(helper)
    client.get(path_in(mail.outbox[-1]))
    answer = client.post("/user/invitation/")
    assert answer.status_code == 422
    assert "Support staff are in no account" in answer.content.decode()
    assert not Membership.objects.filter(user=helper).exists()


def test_nor_an_account_of_their_own(helper):
    sign_in(helper).post("/start/")
    assert not Account.objects.filter(owner=helper).exists()


def test_nor_the_role_that_an_owner_gives(cast, helper):
    Membership.objects.create(user=helper, group=cast.group, role="viewer")
    with pytest.raises(DomainError, match="in no account"):
        invite(
            account=cast.group.account,
            actor=cast.alice,
            email=helper.email,
            grants={cast.group: "member"},
        )
