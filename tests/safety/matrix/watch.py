"""One request, seen from below: what it wrote, and which rights it was refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from core.errors import DomainError
from tests.safety.matrix.request import Request

_WRITE = re.compile(r'\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)')
# Nobody's property: the visit itself, and what is written down about it.
OF_THE_VISIT = re.compile(
    r"\w+ (INTO |FROM )?django_session|(INSERT INTO|UPDATE) usersessions_usersession"
    r"|INSERT INTO accounts_auditentry|(INSERT INTO|UPDATE) accounts_bucket"
)
_RIGHTS = ("may_not_", "not_owner")


@dataclass
class Seen:
    status: int = 0
    location: str = ""
    content: bytes = b""
    wrote: list[str] = field(default_factory=list)
    refused: bool = False
    wrongs: list[str] = field(default_factory=list)

    @property
    def signs_in(self) -> bool:
        return self.status == 302 and "/login/" in self.location

    def __str__(self) -> str:
        onward = f" → {self.location}" if self.location else ""
        wrote = f", wrote {', '.join(sorted(set(self.wrote)))}" if self.wrote else ""
        refused = ", refused by right" if self.refused else ""
        return f"{self.status}{onward}{wrote}{refused}"


class _Undo(Exception):
    """Takes back what a request wrote."""


def ask(
    client: Client, request: Request, judge: Callable[[], list[str]] | None = None
) -> Seen:
    """As if it had never happened; `judge` looks at what was written before it goes."""
    seen = Seen()
    try:
        with transaction.atomic():
            with _watching(seen):
                _fill(seen, request.send(client))
            if judge and seen.wrote:
                seen.wrongs = judge()
            raise _Undo
    except _Undo:
        return seen


def _fill(seen: Seen, answer: HttpResponse) -> None:
    seen.status = answer.status_code
    seen.location = answer.headers.get("Location", "")
    streamed = getattr(answer, "streaming_content", None)
    # Read to its end, a file closes by itself.
    seen.content = b"".join(streamed) if streamed else answer.content


@contextmanager
def _watching(seen: Seen) -> Iterator[None]:
    plain = DomainError.__init__

    def heard(error: DomainError, code: str, message: str, *, field: str = "") -> None:
        seen.refused = seen.refused or code.startswith(_RIGHTS)
        plain(error, code, message, field=field)

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITE.match(sql)
        if found and not OF_THE_VISIT.fullmatch(f"{found[1]} {found[2]}"):
            seen.wrote.append(found[2])
        return execute(sql, params, many, context)

    with (
        mock.patch.object(DomainError, "__init__", heard),
        connection.execute_wrapper(note),
    ):
        yield
