"""What becomes of this app's data (core.holdings)."""

from __future__ import annotations

from django.db.models import Q

from billing.models import StripeEvent, Subscription
from core.holdings import Aged, Batches, Holding, Section

HOLDINGS = (
    Holding(
        Subscription,
        export=Section("subscription", ("plan", "status", "paid_until", "ends_at")),
        account="account",
        # Once Stripe has forgotten the customer, and takes no money any more.
        batches=Batches(1, ready=Q(customer_id="")),
    ),
    Holding(
        StripeEvent,
        export="Names of events at the payment service; what they led to is told.",
        aged=Aged("received_at"),
    ),
)
