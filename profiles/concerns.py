"""What people are to be told of their connections."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Account
from core import clock


class Concern(models.Model):
    """Written with the event it is about, told once, with others of its account.

    `key` names event, day and step, so that nothing is ever said twice.
    """

    class Kind(models.TextChoices):
        BROKEN = "broken", "Broken"
        ENDING = "ending", "Ends soon"
        QUIET = "quiet", "Nothing published"

    connection = models.ForeignKey(
        "profiles.Connection", on_delete=models.CASCADE, related_name="concerns"
    )
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = models.CharField(max_length=120, unique=True)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            # profiles.actions.tell: what is to be told now
            models.Index(
                fields=["due_at"], condition=Q(told_at=None), name="concern_due"
            ),
            # profiles.actions.concern: whether the like was told a moment ago
            models.Index(fields=["account", "told_at"], name="concern_told"),
        ]

    def __str__(self) -> str:
        return self.key
