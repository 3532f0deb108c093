"""The six-week rule (R-D5): a connection stays active while something is published."""

from __future__ import annotations

from datetime import datetime, timedelta

from core import clock
from platforms import registry
from profiles.models import Connection
from profiles.states import USABLE

LIMIT = timedelta(weeks=6)
AHEAD = timedelta(weeks=1)


def quiet_since(connection: Connection) -> datetime | None:
    """The last publication, or else the connecting; None when there was neither."""
    return connection.profile.last_published_at or connection.connected_at


def too_quiet(connection: Connection) -> bool:
    """Less than a week is left, or none; only where something could be published."""
    since = quiet_since(connection)
    publishes = registry.adapter_class(connection.profile.platform).publishes
    if since is None or connection.state not in USABLE or not publishes:
        return False
    return since <= clock.now() - (LIMIT - AHEAD)
