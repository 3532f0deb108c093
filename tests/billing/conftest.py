"""Stripe as far as we talk to it: its events with real signatures, its answers canned.

The shapes are those of its API reference, version 2025-03-31, cut to what is read.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any

import pytest
import stripe

from core import http

SECRET = "whsec_tests_only_0123456789abcdef"
PRICES = {"starter": "price_starter", "growth": "price_growth"}
PERIOD_END = 1_798_000_000


@dataclass
class Desk:
    """What Stripe would answer, and what it was asked."""

    subscriptions: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    away: bool = False

    def request(self, method, url, *, headers=None, data=None, **_):
        self.asked.append((method, url, {"headers": headers, "data": data}))
        if self.away:
            raise http.NotSent("ConnectionError")
        path = url.split("api.stripe.com/v1/")[1]
        return self._answer(*self._found(path))

    def _found(self, path: str) -> tuple[int, dict[str, Any]]:
        if path == "checkout/sessions":
            return 200, {"object": "checkout.session", "url": "https://checkout.test/c"}
        if path == "billing_portal/sessions":
            portal = {"object": "billing_portal.session", "url": "https://portal.test"}
            return 200, portal
        found = self.subscriptions.get(path.removeprefix("subscriptions/"))
        if found is None:
            return 404, {"error": {"type": "invalid_request_error", "message": "No."}}
        return 200, found

    def _answer(self, status: int, body: dict[str, Any]) -> http.Reply:
        return http.Reply(status, {"Request-Id": "req_1"}, json.dumps(body).encode())


@pytest.fixture
def desk(monkeypatch, settings) -> Desk:
    settings.STRIPE_SECRET_KEY = "sk_test_nothing"
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    settings.STRIPE_PRICES = PRICES
    settings.DEFAULT_PLAN = "free"
    desk = Desk()
    monkeypatch.setattr(
        http.Http, "request", lambda self, *a, **k: desk.request(*a, **k)
    )
    return desk


@pytest.fixture
def account(cast):
    return cast.group.account


@pytest.fixture
def subscription(desk, account):
    """One at Stripe, of Alice's account."""

    def make(status="active", id="sub_1", price="price_growth", **more):
        item = {"price": {"id": price}, "current_period_end": PERIOD_END}
        desk.subscriptions[id] = {
            "id": id,
            "object": "subscription",
            "customer": "cus_1",
            "status": status,
            "items": {"object": "list", "data": [item]},
            "metadata": {"account": str(account.pk)},
            "cancel_at": None,
            "cancel_at_period_end": False,
            **more,
        }
        return desk.subscriptions[id]

    return make


def event(kind: str, found: dict[str, Any], id: str = "evt_1", **more) -> str:
    return json.dumps(
        {
            "id": id,
            "object": "event",
            "api_version": "2025-03-31.basil",
            "created": int(time.time()),
            "livemode": False,
            "type": kind,
            "data": {"object": found},
            **more,
        }
    )


def updated(id: str = "evt_1", subscription: str = "sub_1", what="updated") -> str:
    found = {"id": subscription, "object": "subscription", "status": "active"}
    return event(f"customer.subscription.{what}", found, id)


def signature(payload: str, secret: str = SECRET, at: int | None = None) -> str:
    """As Stripe's own library makes it."""
    signed = stripe.WebhookSignature.generate_signature_header
    return signed(payload, secret, at or int(time.time()))
