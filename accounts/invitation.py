"""An invitation to an account, and what it gives (R-A2 to R-A5)."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from core import clock


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def waiting(self) -> InvitationQuerySet:
        """Neither accepted nor taken back; it may have run out, and can be renewed."""
        return self.filter(accepted_at=None, revoked_at=None)


class Invitation(models.Model):
    """`email` is where it went; `asked_email` what the inviter wrote.

    The token itself is in the mail only: `token_hash` is its SHA-256 in hex.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField()
    asked_email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="one_waiting_invitation",
            )
        ]
        indexes: ClassVar = [
            # accounts.actions.invitations.renew_for: whose password was forgotten
            models.Index(
                fields=["email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="invitation_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.account}"

    @property
    def varied(self) -> bool:
        """It went to another address than the inviter wrote."""
        return self.email != self.asked_email

    @property
    def ran_out(self) -> bool:
        return self.expires_at <= clock.now()


class InvitationGrant(models.Model):
    """The role in one Access Group that accepting gives."""

    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, related_name="grants"
    )
    group = models.ForeignKey("accounts.AccessGroup", on_delete=models.CASCADE)
    role = models.CharField(max_length=12)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["invitation", "group"], name="one_grant_a_group"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} in {self.group}"
