"""R-B2: two tabs can't both take the last place."""

from __future__ import annotations

import pytest

from accounts.actions.groups import create_group
from accounts.actions.invitations import invite
from accounts.actions.plans import set_plan
from accounts.models import AccessGroup, Account, Role
from accounts.people import places_taken
from profiles.actions.sets import count_sets, create_set
from tests.accounts.test_invitation_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(cast):
    """On Growth: three groups, six Social Sets, six people."""
    set_plan(cast.group.account, "growth")
    return cast.group.account


def fresh(account):
    """Each tab has read it for itself."""
    return Account.objects.get(pk=account.pk)


def test_of_two_groups_the_last_place_takes_one(cast, account):
    create_group(account=account, actor=cast.alice, name="Second")

    def press():
        create_group(account=fresh(account), actor=cast.alice, name="Another")

    assert at_once(press, press, press) == ["", "plan_groups", "plan_groups"]
    assert account.groups.count() == 3


def test_of_many_sets_no_more_than_there_is_room_for(cast, account):
    for number in range(4):
        create_set(group=cast.group, actor=cast.alice, name=f"Set {number}")

    def press():
        group = AccessGroup.objects.get(pk=cast.group.pk)
        create_set(group=group, actor=cast.bob, name="Another")

    assert at_once(press, press, press) == ["", "plan_sets", "plan_sets"]
    assert count_sets(account) == 6


def test_of_two_invitations_the_last_place_takes_one(cast, account):
    def invitation(name):
        return lambda: invite(
            account=fresh(account),
            actor=cast.alice,
            email=f"{name}@example.org",
            grants={cast.group: Role.MEMBER},
        )

    for name in ("mira", "noor", "oda"):
        invitation(name)()
    assert at_once(invitation("paul"), invitation("quim")) == ["", "plan_people"]
    assert places_taken(account) == 6
