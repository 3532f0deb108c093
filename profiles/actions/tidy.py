"""Forget what a connecting that led nowhere left behind."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from profiles.models import Journey

# Long enough for its result page to be looked at again, and for support to help.
KEEP = timedelta(days=7)


def forget_secrets() -> int:
    """Tokens and verifiers of journeys whose time is over; returns how many."""
    rows = Journey.objects.filter(expires_at__lte=clock.now()).exclude(sealed="")
    return rows.update(sealed="")


def forget_journeys() -> int:
    rows = Journey.objects.filter(expires_at__lte=clock.now() - KEEP)
    deleted, _ = rows.delete()
    return deleted
