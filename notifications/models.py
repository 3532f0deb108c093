"""What people are told, and the demo's mailbox."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from core import clock


class Notice(models.Model):
    """One message to one person, written with the event it tells; mailed later.

    The row is the outbox: `mail_at` is when to (try to) mail it, empty once done.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    code = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    text = models.TextField()
    path = models.CharField(max_length=300)
    # What pressing leads to, such as "Refresh @mira".
    button = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    mail_at = models.DateTimeField(null=True, blank=True, default=clock.now)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mailed_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            # notifications.actions.deliver: what is to be mailed now
            models.Index(
                fields=["mail_at"], condition=Q(mail_at__isnull=False), name="outbox"
            ),
            # the bell: what a person hasn't read
            models.Index(
                fields=["user"], condition=Q(read_at=None), name="notice_unread"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} → {self.user}"


class Mail(models.Model):
    """A mail that the demo caught instead of sending it."""

    to = models.CharField(max_length=500)
    sender = models.CharField(max_length=255)
    subject = models.CharField(max_length=500)
    text = models.TextField()
    html = models.TextField(blank=True)
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering: ClassVar = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to}"
