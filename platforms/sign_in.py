"""What every OAuth sign-in shares: the code of a way back, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping

from platforms.errors import PlatformError, Rejected

USED_CODE = "This sign-in has expired or was used already. Please start again."


def code_of(query: Mapping[str, str]) -> str:
    """The code of a way back; Rejected in words when there is none."""
    if query.get("error"):
        raise Rejected(
            "You didn't allow the connection, so nothing was connected.",
            code=query["error"][:64],
            details=query.get("error_description", "")[:500],
        )
    code = query.get("code", "").removesuffix("#_")
    if not code:
        raise Rejected("The sign-in came back empty. Please start again.", code="code")
    return code


def used_code(error: PlatformError) -> Rejected:
    """A platform's refusal to exchange a code, in words: starting again mends it."""
    return Rejected(
        USED_CODE,
        status=error.status,
        code=error.code,
        details=error.details,
        request_id=error.request_id,
    )
