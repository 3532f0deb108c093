"""R-B7: states of a subscription, grace after a failed payment, and what is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from accounts.entitlements import plan_of
from accounts.models import Account
from billing import door
from billing.actions import grace
from billing.actions.sync import GRACE, sync, write
from billing.models import Subscription
from core import clock
from notifications.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def became(subscription, account):
    """The subscription's state at Stripe changed, and we asked."""

    def now(status: str, **more) -> str:
        subscription(status, **more)
        sync(more.get("id", "sub_1"))
        return plan_of(Account.objects.get(pk=account.pk)).key

    return now


def plan(account) -> str:
    return plan_of(Account.objects.get(pk=account.pk)).key


def titles() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("title", flat=True))


@pytest.fixture
def travel():
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


@pytest.mark.parametrize(
    ("status", "key"),
    [
        ("active", "growth"),
        ("trialing", "growth"),
        ("incomplete", "free"),
        ("incomplete_expired", "free"),
        ("canceled", "free"),
        ("unpaid", "free"),
        ("paused", "free"),
    ],
)
def test_only_what_is_paid_gives_the_plan(became, status, key):
    assert became(status) == key


def test_another_price_is_another_plan(became):
    assert became("active") == "growth"
    assert became("active", price="price_starter") == "starter"


def test_the_end_that_a_person_chose_is_told_by_date(became):
    """The plan is kept until then."""
    assert became("active", cancel_at_period_end=True) == "growth"
    held = Subscription.objects.get()
    assert held.ends_at == held.paid_until is not None
    assert became("canceled") == "free"
    assert titles() == ["The Growth plan has ended"]


def test_a_failed_payment_stops_nothing_for_a_week(became, travel, account):
    became("active")
    assert became("past_due") == "growth"
    held = Subscription.objects.get()
    assert held.grace_until == clock.now() + GRACE
    (title,) = titles()
    assert title.startswith("A payment failed: the Growth plan stays until")
    assert Notice.objects.get().user == account.owner


def test_warnings_come_once_each_and_then_the_end(became, travel, account):
    became("active")
    became("past_due")
    start = clock.now()
    for day, told in ((1, 1), (4, 2), (5, 2), (6, 3), (7, 4), (8, 4)):
        travel.move_to(start + timedelta(days=day))
        grace.look()
        grace.look()
        assert len(titles()) == told, day
    assert plan(account) == "free"
    assert "has ended" in titles()[-1]


def test_a_payment_in_time_ends_the_trouble(became, travel, account):
    became("active")
    became("past_due")
    assert became("active") == "growth"
    assert Subscription.objects.get().grace_until is None
    assert "The payment came through" in titles()[-1]
    travel.shift(timedelta(days=9))
    assert (grace.look(), plan(account)) == (0, "growth")


def test_a_payment_after_the_end_brings_the_plan_back(became, travel):
    became("active")
    became("past_due")
    travel.shift(timedelta(days=8))
    grace.look()
    assert became("past_due") == "free"
    assert became("active") == "growth"


def test_stripe_that_gives_up_earlier_takes_no_day_of_grace(became, travel, account):
    became("active")
    became("past_due")
    assert became("canceled") == "growth"
    travel.shift(GRACE)
    grace.look()
    assert plan(account) == "free"


def test_the_trouble_told_twice_runs_once(became, travel):
    became("active")
    became("past_due")
    before = Subscription.objects.get().grace_until
    travel.shift(timedelta(days=2))
    became("past_due")
    assert Subscription.objects.get().grace_until == before
    assert len(titles()) == 1


def test_an_older_answer_never_covers_a_newer_one(became, subscription, account):
    """Two workers asked; the one that asked first is heard last."""
    became("active")
    held = Subscription.objects.get()
    old = door.told(subscription("canceled"))
    Subscription.objects.update(asked=held.asked + 2)
    write(account, door.told(subscription("active")), held.asked + 2)
    write(account, old, held.asked + 1)
    assert (plan(account), Subscription.objects.get().status) == ("growth", "active")


def test_the_end_of_an_old_subscription_says_nothing_of_the_new(became):
    became("canceled")
    assert became("active", id="sub_2", price="price_starter") == "starter"
    assert became("canceled", id="sub_1") == "starter"
    assert Subscription.objects.get().subscription_id == "sub_2"


def test_two_that_live_at_once_are_told_to_the_owner(became):
    """Money is never decided about by itself."""
    became("active")
    became("active", id="sub_2")
    assert "You have two subscriptions" in titles()


def test_before_march_2025_the_period_stood_elsewhere(subscription):
    old = subscription()
    end = old["items"]["data"][0].pop("current_period_end")
    old["current_period_end"] = end
    assert door.told(old).paid_until == clock.from_epoch(end)


def test_of_two_first_questions_the_older_answer_is_not_kept(
    subscription, account, monkeypatch
):
    """Two webhooks at once, of a subscription that nobody here knew: one worker's answer
    is old by the time the other has written down a newer one."""
    subscription("incomplete")
    real, first = door.subscription, []

    def overtaken(id: str):
        told = real(id)
        if not first:
            first.append(told)
            subscription("active")
            sync(id)
        return told

    monkeypatch.setattr(door, "subscription", overtaken)
    sync("sub_1")
    assert first[0].status == "incomplete"
    assert (Subscription.objects.get().status, plan(account)) == ("active", "growth")
