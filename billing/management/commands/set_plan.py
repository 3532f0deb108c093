"""`manage.py set_plan owner@example.org growth`: a plan that nobody has to buy."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions.plans import set_plan
from accounts.entitlements import plan_of
from accounts.models import Account
from accounts.plans import PLANS
from billing.models import Subscription

USUAL = "usual"


class Command(BaseCommand):
    help = "Put an account on a plan; usual: on the one that all have (DEFAULT_PLAN)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("owner", help="The e-mail address of the account's owner")
        parser.add_argument("plan", choices=[*PLANS, USUAL])

    def handle(self, *args: Any, owner: str, plan: str, **options: Any) -> None:
        account = Account.objects.filter(owner__email__iexact=owner).first()
        if account is None:
            raise CommandError(f"Nobody with the address {owner} owns an account.")
        held = Subscription.objects.filter(account=account).first()
        if held is not None and held.live:
            raise CommandError(
                "It pays for a plan: Stripe's next word would undo this."
            )
        set_plan(account, "" if plan == USUAL else plan)
        self.stdout.write(f"{account} is on {plan_of(account).name}.")
