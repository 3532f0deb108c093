"""What Stripe tells by itself: signed, kept once, and then asked of Stripe itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from django.db.models import F

from billing import door
from billing.actions.sync import sync
from billing.models import StripeEvent
from core import clock
from core.queue import enqueue

log = structlog.get_logger(__name__)

# Of these the subscription is asked for; others are none of our business.
OF_SUBSCRIPTION = frozenset(
    f"customer.subscription.{what}"
    for what in ("created", "updated", "deleted", "paused", "resumed")
)
OF_INVOICE = frozenset({"invoice.paid", "invoice.payment_failed"})
OF_CHECKOUT = frozenset({"checkout.session.completed"})
BATCH = 50
# Stripe is asked again within minutes; after days it is the operator's matter.
MOST_TRIES = 60
LONGEST_WAIT = timedelta(hours=1)


class Forged(Exception):
    """Not signed by Stripe just now, or no event at all."""


def receive(payload: bytes, signature: str) -> bool:
    """Keep an event; False when it came before or concerns nothing here.

    Raises Forged; nothing is written then.
    """
    event = _verified(payload, signature)
    found = _subscription_of(event)
    _, fresh = StripeEvent.objects.get_or_create(
        pk=event["id"],
        defaults={
            "kind": event["type"][:64],
            "subscription_id": found,
            "next_at": clock.now() if found else None,
        },
    )
    if fresh and found:
        enqueue("billing.settle")
    return fresh and bool(found)


def _verified(payload: bytes, signature: str) -> dict[str, Any]:
    try:
        text = payload.decode()
        door.verify(text, signature)
        event = json.loads(text)
    except (door.Unsigned, ValueError, RecursionError) as error:
        raise Forged(type(error).__name__) from None
    if not _is_event(event):
        raise Forged("no event")
    return dict(event)


def _is_event(event: object) -> bool:
    if not isinstance(event, dict):
        return False
    named = (event.get(name) for name in ("id", "type"))
    data = event.get("data")
    inner = isinstance(data, dict) and isinstance(data.get("object"), dict)
    return inner and all(isinstance(each, str) and each for each in named)


def _subscription_of(event: Mapping[str, Any]) -> str:
    """Its id, "" where the event is about something else."""
    kind, found = event["type"], event["data"]["object"]
    if kind in OF_SUBSCRIPTION:
        return _id(found.get("id"))
    if kind in OF_CHECKOUT:
        return _id(found.get("subscription"))
    if kind in OF_INVOICE:
        parent = found.get("parent") or {}
        details = parent.get("subscription_details") or {}
        # The first since Stripe's version of March 2025.
        return _id(details.get("subscription") or found.get("subscription"))
    return ""


def _id(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= 255 else ""


def settle_due() -> int:
    """Ask Stripe about what came; how many questions were answered."""
    due = StripeEvent.objects.filter(next_at__lte=clock.now()).order_by("next_at")
    return sum(_settle(event) for event in due[:BATCH])


def _settle(event: StripeEvent) -> bool:
    """Taken first, so that a worker that dies costs a wait and no loop."""
    wait = min(timedelta(minutes=2 ** min(event.tries, 8)), LONGEST_WAIT)
    rows = StripeEvent.objects.filter(pk=event.pk, next_at=event.next_at)
    if not rows.update(next_at=clock.now() + wait, tries=F("tries") + 1):
        return False
    try:
        sync(event.subscription_id)
    except door.Trouble as error:
        last = event.tries + 1 >= MOST_TRIES
        why = {"id": event.pk, "error": type(error).__name__, "given_up": last}
        log.warning("billing.not_answered", **why)
        if not last:
            return False
    StripeEvent.objects.filter(pk=event.pk).update(next_at=None)
    return True
