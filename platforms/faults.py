"""A row of a platform's table of refusals, and the error it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from platforms.errors import (
    AuthExpired,
    PermissionMissing,
    PlatformError,
    RateLimited,
    Rejected,
    Unavailable,
)

Class = Literal["again", "limited", "reconnect", "permission", "rejected", "outage"]

HOUR_S = 3_600.0


@dataclass(frozen=True)
class Fault:
    """What a code means. `unsure`: from a publishing call, the post may be live."""

    kind: Class
    words: str
    field: str = ""
    pause_s: float = HOUR_S
    scope: str = "profile"
    unsure: bool = False

    def error(
        self,
        name: str,
        needs: tuple[str, ...],
        until: datetime,
        facts: Mapping[str, Any],
    ) -> PlatformError:
        """`needs`: permissions it is about; `until`: the end of a pause, if it is one.

        `{name}` in the words becomes the platform's name.
        """
        words = self.words.format(name=name)
        if self.kind == "limited":
            return RateLimited(words, until, self.scope, **facts)
        if self.kind == "permission":
            return PermissionMissing(words, needs, **facts)
        if self.kind == "rejected":
            return Rejected(words, self.field, **facts)
        if self.kind == "reconnect":
            return AuthExpired(words, **facts)
        return Unavailable(words, **facts)
