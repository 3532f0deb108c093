from __future__ import annotations

from importlib import import_module

from celery import shared_task
from django.conf import settings

from accounts.signin import buckets


@shared_task(name="accounts.tidy")
def tidy() -> None:
    """Counted tries whose window is over, and sessions that ran out."""
    buckets.purge()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
