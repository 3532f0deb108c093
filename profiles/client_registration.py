"""What servers that know no app of the operator's made for us, one row a server."""

from __future__ import annotations

import hashlib
import json
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from platforms.registrations import Registration


class ClientRegistration(models.Model):
    """`sealed` holds the keys (R-D2), "" while there are none.

    Whoever registers holds the lease, so that a server is asked once. `terms` is the
    SHA-256 of what the keys were made for: way back and scopes.
    """

    platform = models.CharField(max_length=32)
    server = models.CharField(max_length=253)
    terms = models.CharField(max_length=64, blank=True)
    sealed = models.TextField(blank=True)
    registered_at = models.DateTimeField(null=True, blank=True)
    owner = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["platform", "server"], name="one_registration_a_server"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform} at {self.server}"

    @property
    def aad(self) -> str:
        return f"profiles.client_registration:{self.pk}:sealed"

    def seal(self, registration: Registration) -> None:
        self.sealed = settings.TOKEN_KEYS.seal(json.dumps(dict(registration)), self.aad)

    def unseal(self) -> Registration:
        """Raises core.crypto.Tampered."""
        found: dict[str, Any] = json.loads(
            settings.TOKEN_KEYS.unseal(self.sealed, self.aad)
        )
        return found


def terms_hash(terms: str) -> str:
    return hashlib.sha256(terms.encode()).hexdigest()
