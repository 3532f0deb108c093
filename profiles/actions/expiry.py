"""Connections that end by themselves are told before, and when they have (R-D4)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format

from core import clock
from platforms import registry
from profiles.actions import concern
from profiles.actions.happen import happen
from profiles.actions.mark import locked
from profiles.ends import near_end, next_look, step_of
from profiles.models import Connection
from profiles.states import LIVE, Event

BATCH = 500


def due() -> QuerySet[Connection]:
    """Of the registered platforms only: a row may outlive its adapter."""
    rows = Connection.objects.filter(warn_at__lte=clock.now())
    return rows.filter(profile__platform__in=registry.keys())


def look_at_ends() -> int:
    """Mark and tell what is near its end or past it; returns how many were looked at."""
    rows = due().order_by("warn_at").values_list("pk", flat=True)
    found = list(rows[:BATCH])
    for pk in found:
        _look(pk)
    return len(found)


@transaction.atomic
def _look(pk: UUID) -> None:
    """Doubled ticks find nothing more to do; a key keeps what is told from doubling."""
    row = locked(pk)
    ends = row.ends_at if row.state in LIVE else None
    if ends is not None and ends <= clock.now():
        happen(row, Event.ENDED, f"The sign-in ran out on {_day(row, ends)}.")
    elif ends is not None and near_end(row):
        happen(row, Event.NEARS_END, f"The sign-in runs out on {_day(row, ends)}.")
        concern.ending(row, ends, step_of(ends))
    at = next_look(row) if row.state in LIVE else None
    Connection.objects.filter(pk=pk).update(warn_at=at)


def _day(row: Connection, ends: datetime) -> str:
    """In the zone of the group, as its people read a calendar."""
    return date_format(clock.to_wall(ends, row.profile.group.timezone), "j F Y")
