"""One foreign call in terms of our errors: by the phase in which it died, and its place.

`mutating` calls that die after the request left are `OutcomeUnknown`; all others are
`Unavailable`, because repeating them does no harm.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from core.http import AddressRefused, AnswerLost, BadReply, Http, NotSent, Reply
from platforms import clock
from platforms.errors import OutcomeUnknown, PlatformError, Rejected, Unavailable

# No platform's pause is longer; a senseless number must not park a profile for ever.
LONGEST_PAUSE = timedelta(days=1)

T = TypeVar("T")


def call(
    http: Http,
    name: str,
    method: str,
    url: str,
    *,
    mutating: bool = False,
    **parts: Any,
) -> Reply:
    """Send once. Judging the reply's status and body is the adapter's table's work."""
    try:
        return http.request(method, url, **parts)
    except NotSent as error:
        raise Unavailable(
            f"{name} can't be reached right now.", details=str(error)
        ) from None
    except AnswerLost as error:
        raise lost(name, mutating, str(error)) from None
    except BadReply as error:
        raise lost(name, mutating, str(error), error.reply.status) from None
    except AddressRefused as error:
        raise Rejected(str(error), details="address refused") from None


def lost(
    name: str, mutating: bool, details: str, status: int | None = None
) -> PlatformError:
    """The right error for an answer that is missing or makes no sense."""
    if mutating:
        return OutcomeUnknown(
            f"{name} didn't confirm. We are checking whether it went out.",
            details=details,
            status=status,
        )
    return Unavailable(f"{name} didn't answer.", details=details, status=status)


def json_of(reply: Reply, name: str, *, mutating: bool = False) -> Any:
    """The reply's JSON, or the right error when it is none."""
    try:
        return reply.json()
    except BadReply as error:
        raise lost(name, mutating, str(error), reply.status) from None


def read_as(
    read: Callable[[Any], T], value: Any, name: str, *, mutating: bool = False
) -> T:
    """Foreign JSON through a declared shape; a surprise is an answer without sense.

    `read` only picks and converts, so that these errors can mean nothing else.
    """
    try:
        return read(value)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        details = f"unexpected shape: {type(error).__name__}"
        raise lost(name, mutating, details) from None


def retry_at(reply: Reply, *, otherwise_s: float) -> datetime:
    """When the reply's Retry-After (seconds or a date) allows the next call."""
    told = reply.headers.get("retry-after", "")
    return bounded(_moment(told) or clock.after(otherwise_s))


def bounded(until: datetime) -> datetime:
    return min(max(until, clock.after(1)), clock.now() + LONGEST_PAUSE)


def _moment(told: str) -> datetime | None:
    try:
        if told.isdecimal():
            return clock.after(int(told))
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
