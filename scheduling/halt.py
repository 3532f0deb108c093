"""The stop switch: over a profile, a group or an account (R-F10)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import AccessGroup, Account
from core import clock
from profiles.models import SocialProfile


class ResumePlan(models.TextChoices):
    """How a post that stood still goes on (scheduling.resuming)."""

    NOW = "now", "As soon as possible"
    FREE = "free", "Next free time"
    TOMORROW = "tomorrow", "At its hour tomorrow"
    HOLD = "hold", "Leave on hold"
    DROP = "drop", "Drop"


class StopQuerySet(models.QuerySet["Stop"]):
    def open(self) -> StopQuerySet:
        return self.filter(lifted_at=None)

    def in_force(self) -> StopQuerySet:
        """Its end counts at once, whenever the beat comes round to lifting it."""
        return self.open().filter(Q(until=None) | Q(until__gt=clock.now()))

    def over(self, group: AccessGroup) -> StopQuerySet:
        """Those of the group, of its profiles, and of its whole account."""
        return self.filter(account=group.account_id).filter(
            Q(group=None) | Q(group=group)
        )


class Stop(models.Model):
    """Nothing of its reach goes out while it is in force; kept when lifted (R-F10).

    Its reach: one profile, else one group, else the whole account. `until` None: until
    somebody lifts it. Lifted by nobody: it ended by itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="stops")
    group = models.ForeignKey(
        AccessGroup, on_delete=models.CASCADE, null=True, related_name="stops"
    )
    profile = models.ForeignKey(
        SocialProfile, on_delete=models.CASCADE, null=True, related_name="stops"
    )
    reason = models.CharField(max_length=300)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    set_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField(null=True, blank=True)
    # What becomes of what it held; `spacing_min` minutes apart on each profile.
    plan = models.CharField(
        max_length=8, choices=ResumePlan.choices, default=ResumePlan.HOLD
    )
    spacing_min = models.PositiveSmallIntegerField(default=15)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = StopQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-set_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(profile=None) | Q(group__isnull=False),
                name="stopped_profile_has_group",
            ),
            models.UniqueConstraint(
                fields=["profile"],
                condition=Q(lifted_at=None),
                name="one_stop_a_profile",
            ),
            models.UniqueConstraint(
                fields=["group"],
                condition=Q(lifted_at=None, profile=None),
                name="one_stop_a_group",
            ),
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(lifted_at=None, group=None),
                name="one_stop_an_account",
            ),
        ]
        indexes: ClassVar = [
            # scheduling.stops.stop_id: asked for each post at its time
            models.Index(
                fields=["account"], condition=Q(lifted_at=None), name="stop_open"
            ),
        ]

    def __str__(self) -> str:
        return f"stop since {self.set_at:%Y-%m-%d %H:%M}"
