"""R-B7: what Stripe tells: signed, once, in any order, and asked of Stripe itself."""

from __future__ import annotations

import time
from itertools import permutations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.entitlements import plan_of
from accounts.models import Account
from billing.actions import events
from billing.actions.events import Forged, receive, settle_due
from billing.models import StripeEvent, Subscription
from tests.billing.conftest import event, signature, updated

pytestmark = pytest.mark.django_db
URL = "/hooks/billing/stripe/"


def tell(payload: str) -> bool:
    return receive(payload.encode(), signature(payload))


def plan(account) -> str:
    return plan_of(Account.objects.get(pk=account.pk)).key


def call(client, payload: str, header: str):
    return client.post(
        URL,
        payload,
        content_type="application/json",
        headers={"Stripe-Signature": header},
    )


def test_what_was_bought_becomes_the_plan(desk, subscription, account):
    subscription()
    assert (plan(account), tell(updated())) == ("free", True)
    assert settle_due() == 1
    assert plan(account) == "growth"
    held = Subscription.objects.get(account=account)
    assert (held.customer_id, held.status) == ("cus_1", "active")
    assert held.paid_until.year == 2026


def test_one_event_told_again_and_again_is_one(desk, subscription, account):
    """The first asks twice: whose it is, then, numbered, how it stands."""
    subscription()
    assert [tell(updated()) for _ in range(3)] == [True, False, False]
    assert (settle_due(), settle_due()) == (1, 0)
    assert len(desk.asked) == 2
    assert [tell(updated("evt_2")) for _ in range(3)] == [True, False, False]
    assert (settle_due(), settle_due()) == (1, 0)
    assert len(desk.asked) == 3


@pytest.mark.parametrize("order", list(permutations(("created", "updated", "deleted"))))
def test_their_order_plays_no_part(desk, subscription, account, order):
    """Whatever came last, Stripe says that it has ended."""
    subscription("canceled")
    for what in order:
        tell(updated(f"evt_{what}", what=what))
    settle_due()
    assert plan(account) == "free"
    assert Subscription.objects.get().status == "canceled"


def test_the_subscriptions_event_may_come_before_the_purchases(
    desk, subscription, account
):
    subscription()
    tell(updated("evt_2", what="created"))
    bought = {"object": "checkout.session", "subscription": "sub_1"}
    tell(event("checkout.session.completed", bought, "evt_1"))
    settle_due()
    assert plan(account) == "growth"


@pytest.mark.parametrize(
    "invoice",
    [
        {"parent": {"subscription_details": {"subscription": "sub_1"}}},
        {"subscription": "sub_1"},
    ],
)
def test_invoices_name_their_subscription_in_both_versions(
    desk, subscription, account, invoice
):
    subscription()
    tell(event("invoice.paid", {"object": "invoice", **invoice}))
    settle_due()
    assert plan(account) == "growth"


@pytest.mark.parametrize(
    "payload",
    [
        event("customer.created", {"id": "cus_1"}),
        event("invoice.paid", {"object": "invoice", "parent": None}),
        event("payment_intent.succeeded", {"id": "pi_1"}),
    ],
)
def test_what_is_none_of_our_business_is_taken_and_left(desk, client, payload):
    answer = call(client, payload, signature(payload))
    assert (answer.status_code, settle_due()) == (200, 0)


# Forged


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=1,v1=nonsense",
        "v1=",
        "t=abc,v1=00",
        signature(updated(), "whsec_of_somebody_else"),
        signature(updated("evt_other")),
        signature(updated(), at=int(time.time()) - 3_600),
    ],
)
def test_what_stripe_did_not_sign_just_now_changes_nothing(
    desk, subscription, client, header
):
    """R-I5: forged, of another event, or an hour old."""
    subscription()
    answer = call(client, updated(), header)
    assert (answer.status_code, StripeEvent.objects.count()) == (400, 0)


@pytest.mark.parametrize("payload", ["", "[]", "{}", '{"id": 5}', "nul\0", "{"])
def test_signed_nonsense_is_refused(desk, payload):
    with pytest.raises(Forged):
        tell(payload)


def test_bytes_that_are_no_text_are_refused(desk):
    with pytest.raises(Forged):
        receive(b"\xff\xfe", "t=1,v1=00")


def test_a_flood_is_refused_unread(desk, client):
    payload = event("customer.created", {"id": "x" * 300_000})
    assert call(client, payload, signature(payload)).status_code == 413


def test_without_keys_the_address_is_not_there(client, settings):
    settings.STRIPE_SECRET_KEY = ""
    assert call(client, updated(), "").status_code == 404


def test_the_address_needs_no_cookie_and_no_form(desk, subscription):
    """Stripe has neither."""
    subscription()
    strict = Client(enforce_csrf_checks=True)
    payload = updated()
    assert call(strict, payload, signature(payload)).status_code == 200
    assert reverse("billing:stripe_hook") == URL


# Trouble


def test_stripe_that_is_away_is_asked_again(desk, subscription, account, monkeypatch):
    subscription()
    tell(updated())
    desk.away = True
    assert settle_due() == 0
    row = StripeEvent.objects.get()
    assert (row.tries, row.next_at is not None) == (1, True)
    desk.away = False
    StripeEvent.objects.update(next_at=row.received_at)
    assert (settle_due(), plan(account)) == (1, "growth")


def test_it_is_given_up_in_the_end(desk, monkeypatch):
    """A subscription that Stripe doesn't know: nothing asks for ever."""
    monkeypatch.setattr(events, "MOST_TRIES", 2)
    tell(updated(subscription="sub_gone"))
    for _ in range(2):
        StripeEvent.objects.update(next_at=StripeEvent.objects.get().received_at)
        settle_due()
    assert StripeEvent.objects.get().next_at is None


def test_a_subscription_that_is_not_ours_touches_nobody(desk, subscription, account):
    """One Stripe account may serve other shops."""
    subscription(metadata={})
    subscription(id="sub_2", metadata={"account": "no uuid"})
    tell(updated("evt_1"))
    tell(updated("evt_2", "sub_2"))
    assert settle_due() == 2
    assert Subscription.objects.count() == 0


def test_a_price_that_is_not_ours_leaves_the_plan(desk, subscription, account):
    subscription()
    tell(updated("evt_1"))
    settle_due()
    subscription(price="price_of_a_mug")
    tell(updated("evt_2"))
    settle_due()
    assert plan(account) == "growth"
