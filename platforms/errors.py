"""The closed list of ways a platform can fail us. Adapters raise nothing else."""

from __future__ import annotations

from datetime import datetime


class PlatformError(Exception):
    """`message` is a plain sentence for the person; `details` the platform's words.

    `status` is the HTTP status, `code` the platform's own code, `request_id` its
    request id: all for the attempt's record, none of them secret.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        code: str = "",
        details: str = "",
        request_id: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.details = details
        self.request_id = request_id


class AuthExpired(PlatformError):
    """The token is dead: refresh once, else the person must reconnect."""


class AccessRemoved(AuthExpired):
    """The platform says that it was taken from us: no renewal brings it back."""


class PermissionMissing(PlatformError):
    """The token lives but may not do this; `names` are the missing permissions."""

    def __init__(
        self, message: str, names: tuple[str, ...] = (), **facts: object
    ) -> None:
        super().__init__(message, **facts)  # type: ignore[arg-type]
        self.names = names


class RateLimited(PlatformError):
    """Not taken; wait until `until` for `scope` ("app" or "profile")."""

    def __init__(
        self, message: str, until: datetime, scope: str = "profile", **facts: object
    ) -> None:
        super().__init__(message, **facts)  # type: ignore[arg-type]
        self.until = until
        self.scope = scope


class Rejected(PlatformError):
    """Refused for good; `field` is the part of the post that caused it."""

    def __init__(self, message: str, field: str = "", **facts: object) -> None:
        super().__init__(message, **facts)  # type: ignore[arg-type]
        self.field = field


class Unavailable(PlatformError):
    """Surely not taken; trying again later is safe."""


class OperatorTrouble(Unavailable):
    """Not taken, and only this installation's operator can mend it: a dead bot token.

    Tried again like any other trouble, and told to the operator by an alarm.
    """


class OutcomeUnknown(PlatformError):
    """May have been taken; never send again before asking the platform.

    `until`: the platform also wants this profile left in peace until then.
    """

    def __init__(
        self, message: str, until: datetime | None = None, **facts: object
    ) -> None:
        super().__init__(message, **facts)  # type: ignore[arg-type]
        self.until = until


class Unsupported(PlatformError):
    """The platform's API has no way to do this."""
