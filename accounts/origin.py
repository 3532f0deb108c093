"""Where the request in hand came from, for what is written down about it."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from structlog.contextvars import get_contextvars

from accounts.signin.client import client_address

LONGEST_AGENT = 200


@dataclass(frozen=True)
class Origin:
    """All empty for what no request caused: a task, a command."""

    address: str = ""
    agent: str = ""
    request_id: str = ""


NOWHERE = Origin()
_current: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def current() -> Origin:
    return _current.get()


def origin_of(request: HttpRequest) -> Origin:
    return Origin(
        address=client_address(request),
        agent=request.headers.get("User-Agent", "")[:LONGEST_AGENT],
        request_id=str(get_contextvars().get("request_id", "")),
    )


class OriginMiddleware:
    """Actions don't get the request: what they write down finds it here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reset = _current.set(origin_of(request))
        try:
            return self.get_response(request)
        finally:
            _current.reset(reset)
