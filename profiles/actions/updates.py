"""Read a platform's news for its bot: who showed a code, who gave which rights."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q

from core import clock
from platforms import registry
from platforms.adapter import Adapter
from platforms.errors import (
    AuthExpired,
    OperatorTrouble,
    PlatformError,
    RateLimited,
)
from platforms.types import Updates
from profiles.actions.news import apply
from profiles.models import Journey, SocialProfile, UpdatesCursor

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
# A platform that can't be reached, and a bot whose token the platform refuses.
PAUSE = timedelta(seconds=10)
LONG_PAUSE = timedelta(minutes=5)


def pull_all() -> int:
    """Read every bot that somebody needs; returns how many events there were."""
    return sum(pull(adapter) for adapter in registry.every() if _needed(adapter))


def pull(adapter: Adapter) -> int:
    """One reader at a time; events and cursor are written together."""
    owner = uuid.uuid4()
    row = _lease(adapter.key, owner)
    if row is None:
        return 0
    free_at: datetime | None = None
    trouble = ""
    try:
        news = adapter.updates(row.cursor)
        return _take_over(adapter, owner, news)
    except PlatformError as error:
        free_at = _pause(adapter, error)
        passing = not isinstance(error, OperatorTrouble)
        trouble = row.trouble if passing else error.message
        return 0
    finally:
        rows = UpdatesCursor.objects.filter(pk=adapter.key, owner=owner)
        rows.update(owner=None, lease_until=free_at, trouble=trouble)


def _has_bot(adapter: Adapter) -> bool:
    return any(method.kind == "bot" for method in adapter.offered())


def _needed(adapter: Adapter) -> bool:
    """Somebody waits in a chat, or a profile's rights may change."""
    if not _has_bot(adapter):
        return False
    keys = [method.key for method in adapter.methods if method.kind == "bot"]
    profiles = SocialProfile.objects.active().filter(
        platform=adapter.key, connection__method__in=keys
    )
    waiting = Journey.objects.waiting_in_chat().filter(platform=adapter.key)
    return waiting.exists() or profiles.exists()


def _lease(platform: str, owner: uuid.UUID) -> UpdatesCursor | None:
    UpdatesCursor.objects.get_or_create(platform=platform)
    now = clock.now()
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    rows = UpdatesCursor.objects.filter(free, pk=platform)
    if rows.update(owner=owner, lease_until=now + LEASE) != 1:
        return None
    return UpdatesCursor.objects.get(pk=platform)


@transaction.atomic
def _take_over(adapter: Adapter, owner: uuid.UUID, news: Updates) -> int:
    """Nothing when the lease lapsed meanwhile: the next reader gets them again."""
    rows = UpdatesCursor.objects.filter(pk=adapter.key, owner=owner)
    if rows.update(cursor=news.cursor) != 1:
        return 0
    for event in news.events:
        apply(adapter, event)
    return len(news.events)


def _pause(adapter: Adapter, error: PlatformError) -> datetime:
    log.warning("updates.failed", platform=adapter.key, error=type(error).__name__)
    if isinstance(error, RateLimited):
        return max(error.until, clock.now() + PAUSE)
    return clock.now() + (LONG_PAUSE if isinstance(error, AuthExpired) else PAUSE)
