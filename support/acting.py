"""A look through a customer's eyes: by whom, whose, why and until when."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import Account
from core import clock


class ActingQuerySet(models.QuerySet["Acting"]):
    def going_on(self) -> ActingQuerySet:
        return self.filter(ended_at=None, until__gt=clock.now())


class Acting(models.Model):
    """It ends at `until` by itself, whatever lives on; `ended_at` is an earlier end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="looked_after"
    )
    # None: the person is in no account.
    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, null=True, related_name="+"
    )
    reason = models.CharField(max_length=300)
    begun_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ActingQuerySet.as_manager()

    class Meta:
        verbose_name = "look as a customer"
        verbose_name_plural = "looks as customers"
        ordering: ClassVar = ["-begun_at", "-id"]
        indexes: ClassVar = [
            # support.views.history: what a customer is shown of it
            models.Index(fields=["customer", "-begun_at"], name="acting_customer"),
            models.Index(fields=["account", "-begun_at"], name="acting_account"),
        ]

    def __str__(self) -> str:
        return f"{self.staff} as {self.customer}, {self.begun_at:%Y-%m-%d %H:%M}"

    @property
    def goes_on(self) -> bool:
        return self.ended_at is None and self.until > clock.now()

    @property
    def over_at(self) -> datetime | None:
        """None while it goes on."""
        return None if self.goes_on else self.ended_at or self.until
