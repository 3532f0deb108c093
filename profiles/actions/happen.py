"""What happens to a connection, and where that leads: `states.AFTER` decides."""

from __future__ import annotations

from accounts.models import User
from platforms import registry
from platforms.types import Permission
from profiles.actions.mark import mark
from profiles.ends import near_end
from profiles.models import Connection
from profiles.rights import VITAL, described
from profiles.states import Event, Facts, after


def happen(
    connection: Connection,
    event: Event,
    cause: str,
    *,
    missing: list[str] | None = None,
    actor: User | None = None,
) -> None:
    """A locked row. `cause` is for its history; `missing` None keeps what is stored."""
    absent = connection.missing if missing is None else missing
    facts = Facts(
        missing=bool(absent),
        vital=any(p.feature in VITAL for p in _described(connection, absent)),
        enabled=connection.auto_publish_at is not None,
        near_end=near_end(connection),
    )
    state = after(connection.state, event, facts)
    if state is not None:
        mark(connection, state, cause, missing=missing, actor=actor)


def _described(connection: Connection, names: list[str]) -> tuple[Permission, ...]:
    adapter = registry.get(connection.profile.platform)
    return described(adapter, connection.method, names)
