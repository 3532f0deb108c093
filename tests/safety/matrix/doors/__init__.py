"""The table: every address outside of the admin, app by app."""

from __future__ import annotations

from tests.safety.matrix.act import Door
from tests.safety.matrix.doors import (
    accounts,
    billing,
    later,
    leaving,
    media,
    notifications,
    profiles,
    scheduling,
    signing_in,
    support,
    talent,
)

_APPS = (
    accounts,
    billing,
    later,
    leaving,
    media,
    notifications,
    profiles,
    scheduling,
    signing_in,
    support,
    talent,
)

TABLE: dict[str, Door] = {
    route: door for app in _APPS for route, door in app.DOORS.items()
}
