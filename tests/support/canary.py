"""Watch the whole suite for tokens where none may stand (R-D2).

Every token that is sealed during a test becomes a canary. Until the test ends no answer,
log line, task message or session may hold it, and at its end no column of any table.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.db import connection
from django.http import HttpRequest, HttpResponse

from platforms.registrations import Registration
from platforms.types import Token
from profiles.client_registration import ClientRegistration
from profiles.models import Connection, Journey

SHORTEST = 16
_RUN = re.compile(rf"[A-Za-z0-9_+/=-]{{{SHORTEST},}}")
_PUBLIC = ("http", "did:", "urn:")


class Aviary:
    """The canaries of the test that runs, and where one was seen."""

    def __init__(self) -> None:
        self.secrets: set[str] = set()
        self.seen: list[str] = []
        self.total = 0
        self.scanned = 0

    def begin(self) -> None:
        self.secrets, self.seen = set(), []

    def add(self, values: Iterable[str]) -> None:
        for value in values:
            if not value.startswith(_PUBLIC):
                self.secrets.update(_RUN.findall(value))

    def look(self, text: str, where: str) -> None:
        for secret in self.secrets:
            if secret in text:
                self.seen.append(f"a token stands in {where}")


AVIARY = Aviary()


def token_values(token: Token) -> Iterator[str]:
    yield token.access
    yield token.refresh
    yield from (value for name, value in token.extra.items() if name not in _OPEN)


# It stands in the address of every sign-in.
_OPEN = {"client_id"}


def watch_seals(monkeypatch: pytest.MonkeyPatch) -> None:
    seal, journey_seal = Connection.seal, Journey.seal
    registration_seal = ClientRegistration.seal

    def sealed(row: Connection, token: Token) -> None:
        AVIARY.add(token_values(token))
        seal(row, token)

    def journey_sealed(row: Journey, data: dict[str, Any]) -> None:
        secret = data.get("secret")
        if isinstance(secret, dict):
            AVIARY.add(str(v) for k, v in secret.items() if k in _SECRET_NAMES)
        journey_seal(row, data)

    def registration_sealed(row: ClientRegistration, made: Registration) -> None:
        AVIARY.add(value for name, value in made.items() if name.endswith("secret"))
        registration_seal(row, made)

    monkeypatch.setattr(ClientRegistration, "seal", registration_sealed)
    monkeypatch.setattr(Connection, "seal", sealed)
    monkeypatch.setattr(Journey, "seal", journey_sealed)


_SECRET_NAMES = {"verifier", "code_verifier", "dpop_key", "key"}


def watch_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    send = Celery.send_task

    def sent(app: Celery, name: str, *args: Any, **kwargs: Any) -> Any:
        AVIARY.look(repr((args, kwargs)), f"a message of {name}")
        return send(app, name, *args, **kwargs)

    monkeypatch.setattr(Celery, "send_task", sent)


class AnswerWatch:
    """Middleware around everything: what leaves, and what is kept in the session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if AVIARY.secrets:
            kept = getattr(request, "session", None)
            AVIARY.look(repr(dict(kept.items()) if kept else ""), "a session")
            AVIARY.look(repr(response.headers), f"headers of {request.path}")
            if not response.streaming:
                body = response.content.decode(errors="replace")
                AVIARY.look(body, f"the page {request.path}")
        return response


class LogWatch(logging.Handler):
    """Reads log lines as they are written, after the product's own formatting."""

    def emit(self, record: logging.LogRecord) -> None:
        if not AVIARY.secrets:
            return
        for handler in logging.getLogger().handlers:
            if isinstance(handler, logging.StreamHandler) and handler.formatter:
                line = handler.formatter.format(record)
                AVIARY.look(line, f"a log line of {record.name}")


def look_at_file(path: Path) -> None:
    """A worker's log."""
    if AVIARY.secrets and path.exists():
        AVIARY.look(path.read_text(errors="replace"), f"the log {path.name}")


def look_at_database() -> None:
    """Every row of every table of ours, as text, all in one statement."""
    names = connection.introspection.table_names()
    each = (f"SELECT '{name}', t::text FROM \"{name}\" t" for name in names)  # noqa: S608
    rows: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        for name, row in cursor.fetchall():
            rows.setdefault(name, []).append(row)
    for name, found in rows.items():
        AVIARY.look("\n".join(found), f"the table {name}")
