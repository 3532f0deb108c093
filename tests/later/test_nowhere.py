"""Somebody whose account is gone isn't lost (R-I3)."""

from __future__ import annotations

import pytest

from accounts.models import Account, Membership
from leaving.actions.close import close_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def gone(cast):
    close_account(account=cast.group.account, actor=cast.alice)
    return cast


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_who_is_in_no_account_is_told_how_to_go_on(gone, request, who):
    page = request.getfixturevalue(who).get("/").content.decode()
    assert "You are in no account" in page
    assert f"invites {who}@example.org" in page


def test_a_new_account_is_one_press_away(gone, bob):
    """And a second press makes no second one."""
    bob.post("/start/")
    bob.post("/start/")
    account = Account.objects.get(owner=gone.bob)
    role = Membership.objects.get(user=gone.bob)
    assert (account.name, role.group.account, role.role) == ("Bob", account, "owner")
    assert "/calendar/" in bob.get("/")["Location"]


def test_who_is_in_an_account_gets_no_second_one(cast, bob):
    """R-A2: an address belongs to one account at a time."""
    bob.post("/start/")
    assert not Account.objects.filter(owner=cast.bob).exists()


def test_staff_and_visitors_see_the_landing_page(dana, client):
    for each in (dana, client):
        assert "You are in no account" not in each.get("/").content.decode()
