"""What a platform says one may do, against what is needed (R-C4)."""

from __future__ import annotations

from collections.abc import Iterable

from platforms.adapter import Adapter
from profiles.actions.happen import happen
from profiles.models import Connection
from profiles.rights import missing_of
from profiles.states import LIVE, Event


def settle_rights(
    connection: Connection,
    adapter: Adapter,
    granted: Iterable[str],
    *,
    gone: str,
    back: str,
) -> None:
    """A locked row: permissions that went show, and those that came back heal it.

    `gone` and `back` are the causes in words; what is as it was has none.
    """
    given, before = list(granted), set(connection.missing)
    missing = missing_of(adapter, connection.method, given)
    Connection.objects.filter(pk=connection.pk).update(granted=given)
    lives = connection.state in LIVE
    if lives and set(missing) - before:
        happen(connection, Event.WITHDRAWN, gone, missing=missing)
    elif not lives or set(missing) != before:
        happen(connection, Event.GIVEN, back, missing=missing)
