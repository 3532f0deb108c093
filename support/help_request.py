"""What people ask the support staff, and what it answers (R-G9)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import AccessGroup
from core import clock


class HelpRequest(models.Model):
    """`user` None: somebody who wasn't signed in, and is answered at `email` alone.

    `story` is what was tried with the post they stood at, as they saw it when they sent
    it: a list of {profile, state, moments}, nothing secret in it.
    """

    class Status(models.TextChoices):
        OPEN = "open", "Waits for an answer"
        ANSWERED = "answered", "Answered"
        CLOSED = "closed", "Closed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="help_requests",
    )
    email = models.EmailField(blank=True)
    group = models.ForeignKey(
        AccessGroup, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    page = models.CharField(max_length=300, blank=True)
    browser = models.CharField(max_length=300, blank=True)
    post_id = models.UUIDField(null=True, blank=True)
    story = models.JSONField(default=list, blank=True)
    asked_at = models.DateTimeField(default=clock.now)
    # The last word of either side; 90 days later it is purged.
    said_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering: ClassVar = ["-said_at"]
        indexes: ClassVar = [
            # support.admin.help: what waits, the oldest first
            models.Index(fields=["status", "said_at"], name="help_waiting"),
            models.Index(fields=["user", "-said_at"], name="help_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.asker}, {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def asker(self) -> str:
        return str(self.user) if self.user else self.email

    @property
    def address(self) -> str:
        return self.user.email if self.user else self.email


class HelpMessage(models.Model):
    """One word of either side; the first is the question."""

    request = models.ForeignKey(
        HelpRequest, on_delete=models.CASCADE, related_name="messages"
    )
    # None: whoever asked without being signed in.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    staff = models.BooleanField(default=False)
    text = models.TextField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering: ClassVar = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:60]
