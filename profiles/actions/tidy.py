"""Forget what a connecting that led nowhere left behind."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from core import clock
from profiles.models import Journey

# Long enough for its result page to be looked at again, and for support to help.
KEEP = timedelta(days=7)


def stale_secrets() -> QuerySet[Journey]:
    """Tokens and verifiers of journeys whose time is over."""
    return Journey.objects.filter(expires_at__lte=clock.now()).exclude(sealed="")


def forget_secrets() -> int:
    return stale_secrets().update(sealed="")


def stale_journeys() -> QuerySet[Journey]:
    return Journey.objects.filter(expires_at__lte=clock.now() - KEEP)


def forget_journeys() -> int:
    deleted, _ = stale_journeys().delete()
    return deleted
