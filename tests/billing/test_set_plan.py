"""The operator gives a plan that nobody has to buy."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Account
from billing.models import Subscription

pytestmark = pytest.mark.django_db


def put(owner: str, plan: str) -> str:
    said = StringIO()
    call_command("set_plan", owner, plan, stdout=said)
    return said.getvalue().strip()


def test_an_account_gets_a_plan_and_the_usual_one_again(cast):
    assert put("Alice@example.org", "growth") == "Alice Studio is on Growth."
    assert Account.objects.get(pk=cast.group.account_id).plan == "growth"
    assert put("alice@example.org", "usual") == "Alice Studio is on Unlimited."


def test_only_owners_have_one(cast):
    with pytest.raises(CommandError, match="owns an account"):
        put("bob@example.org", "growth")


def test_what_is_paid_for_stays(cast):
    Subscription.objects.create(account=cast.group.account, status="active")
    with pytest.raises(CommandError, match="pays for a plan"):
        put("alice@example.org", "free")


def test_no_other_plans_are_known(cast):
    with pytest.raises(CommandError, match="invalid choice"):
        put("alice@example.org", "gold")
