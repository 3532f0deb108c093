"""What an account pays for, as Stripe last told it, and which of its events came."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Account
from core import clock


class Status(models.TextChoices):
    """Stripe's own words for a subscription's state."""

    INCOMPLETE = "incomplete", "Waiting for the first payment"
    INCOMPLETE_EXPIRED = "incomplete_expired", "Never paid"
    TRIALING = "trialing", "Trial"
    ACTIVE = "active", "Paid"
    PAST_DUE = "past_due", "Payment failed"
    UNPAID = "unpaid", "Unpaid"
    CANCELED = "canceled", "Ended"
    PAUSED = "paused", "Paused"


# It gives its plan, or still may within the grace time.
LIVE = frozenset({Status.TRIALING, Status.ACTIVE, Status.PAST_DUE})


class Subscription(models.Model):
    """One an account. `asked` numbers the questions to Stripe, `answered` the one whose
    answer stands here: an older question's answer is dropped.

    `grace_until`: a payment failed, and the plan is kept until then; `warned` counts
    the warnings that were sent on the way.
    """

    account = models.OneToOneField(
        Account, on_delete=models.CASCADE, related_name="subscription"
    )
    customer_id = models.CharField(max_length=255, blank=True)
    subscription_id = models.CharField(max_length=255, blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, blank=True)
    plan = models.CharField(max_length=16, blank=True)
    paid_until = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    grace_until = models.DateTimeField(null=True, blank=True)
    warned = models.PositiveSmallIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            # billing.actions.grace: whose grace time runs
            models.Index(
                fields=["grace_until"],
                condition=Q(grace_until__isnull=False),
                name="billing_grace",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.status or 'none'}"

    @property
    def live(self) -> bool:
        return self.status in LIVE


class StripeEvent(models.Model):
    """One that Stripe told, kept by its id: told again it does nothing more.

    `subscription_id` is all that is read of it; the state is asked of Stripe itself, so
    that the order in which events come plays no part.
    """

    id = models.CharField(primary_key=True, max_length=255)
    kind = models.CharField(max_length=64)
    subscription_id = models.CharField(max_length=255, blank=True)
    received_at = models.DateTimeField(default=clock.now)
    # When to ask (again); None: done, or nothing to do.
    next_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            # billing.actions.events.settle_due
            models.Index(
                fields=["next_at"],
                condition=Q(next_at__isnull=False),
                name="billing_events_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
