"""The doctor: each app registers a part, `manage.py doctor` asks them all (R-J5)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db import Error as DatabaseTrouble


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


def examine(wanted: Iterable[str] = ()) -> dict[str, list[Finding]]:
    """Part → its findings, in the order of registering; all parts unless some are."""
    names = list(wanted) or parts()
    return {name: _ask(_parts[name]) for name in names}


def _ask(part: Part) -> list[Finding]:
    try:
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
