"""The one place that changes the state of a connection (R-D1)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from profiles.actions import concern
from profiles.errors import StateChanged
from profiles.models import Connection, ConnectionEvent
from profiles.states import is_worse, require

CAUSE_LENGTH = 300


@transaction.atomic
def mark(
    connection: Connection,
    state: str,
    cause: str,
    *,
    missing: list[str] | None = None,
    actor: User | None = None,
) -> None:
    """Move the connection and tell its history; nothing when nothing would change.

    `missing` None keeps what is stored. Its people are told when it breaks and none of
    them did it. Raises IllegalMove, and StateChanged when the
    row left the state that `connection` was read in.
    """
    before, lacked = connection.state, set(connection.missing)
    require(before, state)
    columns: dict[str, Any] = {"state": state, "cause": cause[:CAUSE_LENGTH]}
    if missing is not None:
        columns["missing"] = missing
    if all(getattr(connection, name) == value for name, value in columns.items()):
        return
    rows = Connection.objects.filter(pk=connection.pk, state=before)
    if rows.update(**columns) != 1:
        raise StateChanged(str(connection.pk))
    for name, value in columns.items():
        setattr(connection, name, value)
    event = ConnectionEvent.objects.create(
        connection=connection,
        before=before,
        after=state,
        cause=columns["cause"],
        actor=actor,
    )
    more = state == before and bool(set(connection.missing) - lacked)
    if actor is None and (more or is_worse(before, state)):
        concern.broke(connection, event.pk)


def locked(connection_id: UUID | str) -> Connection:
    """The row as it is now, kept from others until the transaction ends."""
    rows = Connection.objects.select_for_update(of=("self",))
    return rows.select_related("profile").get(pk=connection_id)
