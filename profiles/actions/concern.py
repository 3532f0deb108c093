"""Write down what people are to be told; `tell` does it a moment later."""

from __future__ import annotations

from datetime import datetime, timedelta

from core import clock
from profiles.models import Concern, Connection

# What breaks together is told together: one mail for forty profiles of one password.
GATHER = timedelta(seconds=20)
# More of what was just told, for the same reason, waits for its like this long.
HOLD = timedelta(hours=1)


def broke(connection: Connection, event_id: int) -> None:
    """In the transaction of the event itself."""
    _write(connection, Concern.Kind.BROKEN, f"broken:{event_id}", _when(connection))


def ending(connection: Connection, ends: datetime, step: int) -> None:
    key = f"ending:{connection.pk}:{ends:%Y-%m-%d}:{step}"
    _write(connection, Concern.Kind.ENDING, key, clock.now() + GATHER)


def quiet(connection: Connection, since: datetime) -> None:
    key = f"quiet:{connection.pk}:{since:%Y-%m-%d}"
    _write(connection, Concern.Kind.QUIET, key, clock.now() + GATHER)


def _write(
    connection: Connection, kind: Concern.Kind, key: str, due_at: datetime
) -> None:
    row = Concern(
        connection=connection,
        account_id=connection.profile.account_id,
        kind=kind,
        key=key,
        due_at=due_at,
    )
    Concern.objects.bulk_create([row], ignore_conflicts=True)


def _when(connection: Connection) -> datetime:
    now = clock.now()
    like = Concern.objects.filter(
        account=connection.profile.account_id,
        kind=Concern.Kind.BROKEN,
        told_at__gt=now - HOLD,
        connection__cause=connection.cause,
        connection__profile__platform=connection.profile.platform,
    ).exclude(connection=connection)
    told_at = like.order_by("-told_at").values_list("told_at", flat=True).first()
    return max(now + GATHER, told_at + HOLD) if told_at else now + GATHER
