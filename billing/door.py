"""Stripe's library, made to pass our one door to the network (core.http)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import stripe
from django.conf import settings

from core import clock
from core.errors import DomainError
from core.http import AnswerLost, BadReply, Http, NotSent

# A person waits for the answer.
TIMEOUT_S = 15.0
TOLERANCE_S = 300
Trouble = stripe.StripeError
_away: Any = stripe.APIConnectionError
Unsigned = stripe.SignatureVerificationError
AWAY = DomainError(
    "billing_away",
    "The payment service doesn't answer right now. Nothing was changed; try again in a "
    "few minutes.",
)


class _Door(stripe.HTTPClient):
    name = "later"

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        **_: Any,
    ) -> tuple[str, int, Mapping[str, str]]:
        try:
            reply = Http().request(
                method, url, headers=headers, data=post_data, timeout_s=TIMEOUT_S
            )
        except (NotSent, AnswerLost, BadReply) as error:
            name = type(error).__name__
            raise _away(f"Stripe: {name}") from None
        return reply.body.decode(errors="replace"), reply.status, reply.headers

    def close(self) -> None:
        """Connections belong to core.http."""


def enabled() -> bool:
    return bool(settings.STRIPE_SECRET_KEY)


def client() -> stripe.StripeClient:
    """Raises DomainError on an installation without billing."""
    if not enabled():
        words = "Billing isn't set up on this installation."
        raise DomainError("billing_off", words)
    return _client(settings.STRIPE_SECRET_KEY)


@cache
def _client(key: str) -> stripe.StripeClient:
    # Telemetry of ours is nobody's business.
    stripe.enable_telemetry = False
    return stripe.StripeClient(key, http_client=_Door(), max_network_retries=0)


@dataclass(frozen=True)
class Told:
    """A subscription as Stripe has it now. `plan` "": of a price that isn't ours;
    `account` "": not begun by us."""

    id: str
    customer: str
    status: str
    plan: str
    account: str
    paid_until: datetime | None
    ends_at: datetime | None


def checkout_url(wanted: Mapping[str, Any], key: str) -> str:
    """Of a page to buy on; asked twice with one `key` it is one page. Raises Trouble."""
    sessions = client().v1.checkout.sessions
    params: Any = dict(wanted)
    return sessions.create(params, {"idempotency_key": key}).url or ""


def portal_url(customer: str, back: str) -> str:
    """Raises Trouble."""
    sessions = client().v1.billing_portal.sessions
    return sessions.create({"customer": customer, "return_url": back}).url


def forget_customer(customer: str) -> None:
    """Ends their subscriptions at once; who is gone already is gone. Raises Trouble."""
    try:
        client().v1.customers.delete(customer)
    except stripe.InvalidRequestError as error:
        if error.http_status != 404:
            raise


def verify(text: str, signature: str) -> None:
    """Raises Unsigned unless Stripe signed this text within five minutes."""
    secret = settings.STRIPE_WEBHOOK_SECRET
    stripe.WebhookSignature.verify_header(text, signature, secret, TOLERANCE_S)


def subscription(id: str) -> Told:
    """Raises Trouble."""
    return told(client().v1.subscriptions.retrieve(id).to_dict())


def told(data: Mapping[str, Any]) -> Told:
    item = data["items"]["data"][0]
    plans = {price: plan for plan, price in settings.STRIPE_PRICES.items()}
    ends = data.get("cancel_at")
    if ends is None and data.get("cancel_at_period_end"):
        ends = _period_end(data, item)
    return Told(
        id=data["id"],
        customer=str(data["customer"]),
        status=data["status"],
        plan=plans.get(item["price"]["id"], ""),
        account=data.get("metadata", {}).get("account", ""),
        paid_until=_moment(_period_end(data, item)),
        ends_at=_moment(ends),
    )


def _period_end(data: Mapping[str, Any], item: Mapping[str, Any]) -> int | None:
    """Of the item since Stripe's version of March 2025, of the whole before it."""
    found: int | None = item.get("current_period_end", data.get("current_period_end"))
    return found


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else clock.from_epoch(seconds)
