"""Refusals of this app that carry more than words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.errors import DomainError

if TYPE_CHECKING:
    from profiles.models import Journey


class ConnectionBroken(Exception):
    """No token can be had: a person must act first. `cause` is plain words for them."""

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


class StateChanged(Exception):
    """Somebody else moved the connection meanwhile; nothing was written."""


class JourneyRefused(DomainError):
    """A connecting can't go on. `journey` is set when its person may start again."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        field: str = "",
        journey: Journey | None = None,
    ) -> None:
        super().__init__(code, message, field=field)
        self.journey = journey
