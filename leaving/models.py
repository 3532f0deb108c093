"""Exports of an account's data, and deletions with their receipts (R-I3, R-J6)."""

from __future__ import annotations

import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Account
from core import clock


def new_code() -> str:
    return secrets.token_urlsafe(16)


class Deletion(models.Model):
    """What was deleted and when; who they were is not in it.

    `code` is the address of its receipt. `subject` is the id of an account or a person:
    once `done_at` is set it is the id of nothing.
    """

    class Kind(models.TextChoices):
        ACCOUNT = "account", "Account"
        PERSON = "person", "Person"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    subject = models.UUIDField(unique=True)
    code = models.CharField(max_length=32, unique=True, default=new_code)
    # When access ended and what names people was gone.
    cleared_at = models.DateTimeField(default=clock.now)
    # When the rest was gone, too.
    done_at = models.DateTimeField(null=True, blank=True)
    # Rows by section of the export, as they went.
    gone = models.JSONField(default=dict)
    # Whoever works on it, so that it isn't worked on twice.
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            # leaving.actions.erase: what is to be gone on with
            models.Index(
                fields=["cleared_at"], condition=Q(done_at=None), name="deletion_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.cleared_at:%Y-%m-%d}"


def export_path(export: Export, name: str) -> str:
    return f"exports/{export.pk}/{name}"


class Export(models.Model):
    """All of an account's data as one file, made in the background.

    `done` of `total` counts rows and files. Whoever works on it holds the lease; a
    raised `fence` takes it from them.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        WORKING = "working", "Being prepared"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        EXPIRED = "expired", "Deleted after its days"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        Account, on_delete=models.CASCADE, related_name="exports"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    status = models.CharField(
        max_length=9, choices=State.choices, default=State.WAITING
    )
    asked_at = models.DateTimeField(default=clock.now)
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    file = models.FileField(upload_to=export_path, max_length=300, blank=True)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-asked_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(status__in=["waiting", "working"]),
                name="one_export_at_a_time",
            )
        ]
        indexes: ClassVar = [
            # leaving.actions.gather: what is to be begun or gone on with
            models.Index(
                fields=["asked_at"],
                condition=Q(status__in=["waiting", "working"]),
                name="export_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account}, {self.asked_at:%Y-%m-%d}"

    @property
    def open(self) -> bool:
        return self.status in {self.State.WAITING, self.State.WORKING}

    @property
    def percent(self) -> int:
        return min(99, 100 * self.done // self.total) if self.total else 0
