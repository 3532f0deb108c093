"""Two tabs: a person who comes into two accounts at once is in one of them (R-A2)."""

from __future__ import annotations

import pytest
from django.core import mail

from accounts.actions.accept import accept_as
from accounts.actions.invitations import invite
from accounts.people import accounts_of
from later.signup import start_anew
from tests.accounts.test_invitation_races import at_once
from tests.people import person
from tests.signin.conftest import path_in

pytestmark = pytest.mark.django_db(transaction=True)


def asked(owner, group) -> str:
    """The token of an invitation to Mira, who has a sign-in and no account."""
    invite(
        account=group.account,
        actor=owner,
        email="mira@example.org",
        grants={group: "member"},
    )
    return path_in(mail.outbox[-1]).split("/")[-2]


@pytest.fixture
def mira(cast):
    return person("Mira")


def test_two_invitations_pressed_in_one_moment(cast, mira):
    tokens = [
        asked(cast.alice, cast.group),
        asked(cast.charlie, cast.charlies_group),
    ]
    codes = at_once(*(lambda t=t: accept_as(token=t, person=mira) for t in tokens))
    assert accounts_of(mira).count() == 1
    assert sorted(codes)[0] == ""


def test_an_invitation_and_a_start_of_ones_own(cast, mira):
    token = asked(cast.alice, cast.group)
    at_once(lambda: accept_as(token=token, person=mira), lambda: start_anew(mira))
    assert accounts_of(mira).count() == 1
