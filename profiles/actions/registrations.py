"""Registrations at servers, kept in the database: each server is asked once.

The foreign call runs outside of any transaction, under a lease on the server's row.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import timedelta

import structlog
from django.db.models import Q

from core import clock
from core.crypto import Tampered
from platforms.errors import Unavailable
from platforms.registrations import Registration
from profiles.client_registration import ClientRegistration, terms_hash

log = structlog.get_logger(__name__)

# Longer than the time-outs of the two calls that registering takes at most.
LEASE = timedelta(seconds=60)
# How long a second person waits for the first one's answer, and how often it looks.
WAIT_S = 8.0
LOOK_EVERY_S = 0.1
BUSY = "Your server is being asked right now. Please try again in a moment."


class KeptRegistrations:
    """`platforms.registrations.Registrations` of one platform."""

    def __init__(self, platform: str) -> None:
        self.rows = ClientRegistration.objects.filter(platform=platform)
        self.platform = platform

    def kept(self, server: str, terms: str) -> Registration | None:
        """None for what can't be read any more, too: the server makes another."""
        row = self.rows.filter(server=server, terms=terms_hash(terms)).first()
        if row is None or not row.sealed:
            return None
        try:
            return row.unseal()
        except Tampered:
            log.warning("registration.unreadable", server=server)
            return None

    def renew(
        self,
        server: str,
        terms: str,
        make: Callable[[], Registration],
        *,
        stale: str = "",
    ) -> Registration:
        row, _ = self.rows.get_or_create(platform=self.platform, server=server)
        deadline = time.monotonic() + WAIT_S
        while True:
            owner = uuid.uuid4()
            if _take_lease(row.pk, owner):
                return self._renew_as(owner, row, terms, make, stale)
            if found := self._other_than(stale, server, terms):
                return found
            if time.monotonic() > deadline:
                raise Unavailable(BUSY)
            time.sleep(LOOK_EVERY_S)

    def _other_than(self, stale: str, server: str, terms: str) -> Registration | None:
        found = self.kept(server, terms)
        return found if found and found["client_id"] != stale else None

    def _renew_as(
        self,
        owner: uuid.UUID,
        row: ClientRegistration,
        terms: str,
        make: Callable[[], Registration],
        stale: str,
    ) -> Registration:
        held = ClientRegistration.objects.filter(pk=row.pk, owner=owner)
        try:
            if found := self._other_than(stale, row.server, terms):
                return found
            made = make()
            row.seal(made)
            held.update(
                sealed=row.sealed, terms=terms_hash(terms), registered_at=clock.now()
            )
            log.info("registration.made", platform=self.platform, server=row.server)
            return made
        finally:
            held.update(owner=None, lease_until=None)


def _take_lease(pk: int, owner: uuid.UUID) -> bool:
    now = clock.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    rows = ClientRegistration.objects.filter(free, pk=pk)
    return rows.update(owner=owner, lease_until=now + LEASE) == 1
