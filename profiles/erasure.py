"""Requests of people at a platform to erase what we got from there about them."""

from __future__ import annotations

import secrets
import uuid
from typing import ClassVar

from django.db import models

from core import clock


def new_code() -> str:
    return secrets.token_urlsafe(16)


class Erasure(models.Model):
    """Proof that it was done; who they were is not in it.

    `code` is the address of its public page. `digest`, the SHA-256 of the platform's
    call, makes a repeated call the same request.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    platform = models.CharField(max_length=32)
    code = models.CharField(max_length=32, unique=True, default=new_code)
    digest = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    received_at = models.DateTimeField(default=clock.now)
    done_at = models.DateTimeField(null=True, blank=True)
    profiles = models.PositiveIntegerField(default=0)
    tokens = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.platform}, {self.received_at:%Y-%m-%d}"
