"""A row of a platform's table of refusals, and the error it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from platforms.errors import (
    AuthExpired,
    OperatorTrouble,
    PermissionMissing,
    PlatformError,
    RateLimited,
    Rejected,
    Unavailable,
)

Class = Literal[
    "again", "limited", "operator", "outage", "permission", "reconnect", "rejected"
]

HOUR_S = 3_600.0
# Those that carry nothing of their own; the others are trouble that passes.
PLAIN: Mapping[str, type[PlatformError]] = {
    "reconnect": AuthExpired,
    "operator": OperatorTrouble,
}


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
        return PLAIN.get(self.kind, Unavailable)(words, **facts)
