from __future__ import annotations

from accounts.models import User
from profiles.models import Connection, ConnectionEvent


def note(connection: Connection, cause: str, *, actor: User | None = None) -> None:
    """Tell its history what happened to it and left its state alone."""
    ConnectionEvent.objects.create(
        connection=connection,
        before=connection.state,
        after=connection.state,
        cause=cause[: ConnectionEvent._meta.get_field("cause").max_length],
        actor=actor,
    )
