"""The doctor: each app registers a part, `manage.py doctor` asks them all (R-J5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db import Error as DatabaseTrouble

from core.bounded import bounded
from core.patience import patience


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """`todo` is the next step of whoever runs this installation; empty when fine."""

    level: Level
    name: str
    text: str
    todo: str = ""


def ok(name: str, text: str) -> Finding:
    return Finding(Level.OK, name, text)


def warn(name: str, text: str, todo: str) -> Finding:
    return Finding(Level.WARN, name, text, todo)


def fail(name: str, text: str, todo: str) -> Finding:
    return Finding(Level.FAIL, name, text, todo)


Part = Callable[[], Iterable[Finding]]
_parts: dict[str, Part] = {}


def register(name: str, part: Part) -> None:
    """Once for each name, from `AppConfig.ready`."""
    _parts[name] = part


def parts() -> list[str]:
    return list(_parts)


def examine(
    wanted: Iterable[str] = (), *, within_s: float = 0
) -> dict[str, list[Finding]]:
    """Part → its findings, in the order of registering; all parts unless some are.

    With `within_s` each statement, and all foreign calls of a part together, end by
    then: for a page that somebody waits for.
    """
    names = list(wanted) or parts()
    return {name: _ask(_parts[name], within_s) for name in names}


def _ask(part: Part, within_s: float) -> list[Finding]:
    try:
        if not within_s:
            return list(part())
        with patience(within_s), bounded(within_s):
            return list(part())
    except DatabaseTrouble as error:
        words = "The database can't be asked."
        todo = (
            "See that it runs, that DATABASE_URL is right, and run `manage.py migrate`."
        )
        return [fail("database", f"{words} ({type(error).__name__})", todo)]


def worst(found: dict[str, list[Finding]]) -> Level:
    levels = {finding.level for findings in found.values() for finding in findings}
    return next((one for one in (Level.FAIL, Level.WARN) if one in levels), Level.OK)
