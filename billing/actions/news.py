"""What the account's owner is told of payments."""

from __future__ import annotations

from django.urls import reverse

from accounts.plans import PLANS
from billing.models import Subscription
from core import clock
from notifications.actions import notify
from notifications.queries import zone_of


def tell_trouble(held: Subscription) -> None:
    assert held.grace_until is not None
    _tell(
        held,
        "billing.trouble",
        f"A payment failed: {_plan(held)} stays until {_day(held)}",
        "Your card or bank refused the payment. Everything works on as it does now; "
        "put the payment right before then. After that your account goes on without "
        "the paid plan: nothing is deleted, and posts that need it turn into reminders.",
    )


def tell_back(held: Subscription) -> None:
    _tell(
        held,
        "billing.paid",
        f"The payment came through: {_plan(held)} goes on",
        "Thank you. Nothing has changed for your posts.",
    )


def tell_ended(held: Subscription) -> None:
    _tell(
        held,
        "billing.ended",
        f"{_plan(held)} has ended: the payment didn't come through",
        "Nothing was deleted. Groups, Social Sets and people stay; posts that need the "
        "plan are reminders now, and you are told which. Choose a plan to go on.",
    )


def tell_over(held: Subscription) -> None:
    _tell(
        held,
        "billing.over",
        f"{_plan(held)} has ended",
        "Nothing was deleted. Groups, Social Sets and people stay; posts that need the "
        "plan are reminders now, and you are told which. You can choose a plan again at "
        "any time.",
    )


def tell_double(held: Subscription) -> None:
    _tell(
        held,
        "billing.double",
        "You have two subscriptions",
        "A second one was bought for your account. Both are charged: end the one that "
        "you don't want under Manage billing, or write to support for a refund.",
    )


def _plan(held: Subscription) -> str:
    plan = PLANS.get(held.plan)
    return f"the {plan.name} plan" if plan else "your plan"


def _day(held: Subscription) -> str:
    assert held.grace_until is not None
    wall = clock.to_wall(held.grace_until, zone_of(held.account.owner))
    return f"{wall:%A} {wall.day} {wall:%B}"


def _tell(held: Subscription, code: str, title: str, text: str) -> None:
    notify(
        user=held.account.owner,
        code=code,
        title=title[0].upper() + title[1:],
        text=text,
        path=reverse("billing:plan"),
        button="Open your plan",
    )
