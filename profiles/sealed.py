"""All secrets of this app, for the rotation of their keys."""

from __future__ import annotations

from core.rotation import Sealed
from profiles.actions.trouble import note_unreadable
from profiles.models import ClientRegistration, Connection, Journey

COLUMNS = (
    Sealed(Connection, "sealed", lost=note_unreadable),
    Sealed(Connection, "farewell", "farewell_aad"),
    Sealed(ClientRegistration, "sealed"),
    Sealed(Journey, "sealed"),
)
