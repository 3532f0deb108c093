from __future__ import annotations

from typing import ClassVar

from django.db import models

from core import clock


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
