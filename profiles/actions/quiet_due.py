"""Note profiles that near six weeks without a post (R-D5), a share of them each tick."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce

from core import clock
from platforms import registry
from profiles.actions import concern
from profiles.actions.inspect import share
from profiles.dangers import Danger, endangered
from profiles.models import Connection
from profiles.quiet import AHEAD, LIMIT
from profiles.states import USABLE


def note_quiet() -> int:
    """Those of this time of day; how many are quiet. Noted again, it is told once."""
    found = list(_quiet(clock.now()))
    coming = endangered({each.profile_id: clock.now() for each in found})
    quiet = [each for each in found if not _speaks(each, coming.get(each.profile_id))]
    for each in quiet:
        concern.quiet(each, _since(each))
    return len(quiet)


def _quiet(now: datetime) -> QuerySet[Connection]:
    keys = [adapter.key for adapter in registry.every() if adapter.publishes]
    rows = Connection.objects.filter(
        pk__range=share(now),
        state__in=USABLE,
        profile__removed_at=None,
        profile__platform__in=keys,
    )
    since = Coalesce(F("profile__last_published_at"), F("connected_at"))
    long_quiet = rows.annotate(since=since).filter(since__lte=now - (LIMIT - AHEAD))
    return long_quiet.select_related("profile")


def _speaks(connection: Connection, coming: Danger | None) -> bool:
    """A post is scheduled before the six weeks are over."""
    if coming is None or not coming.first:
        return False
    return coming.first[0].at < max(_since(connection) + LIMIT, clock.now() + AHEAD)


def _since(connection: Connection) -> datetime:
    since: datetime = connection.since  # type: ignore[attr-defined]
    return since
