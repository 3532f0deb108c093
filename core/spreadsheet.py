"""CSV that a spreadsheet can't take for formulas: every export goes through here (R-I5).

A cell that begins like a formula is run when the file is opened (OWASP, "CSV
injection"); an apostrophe in front makes it text. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

# Full-width twins count as their ASCII forms in spreadsheets of East Asian locales.
_BEGINS_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")


class Writable(Protocol):
    def write(self, text: str, /) -> object: ...


def cell(value: object) -> str:
    """One value as text; what people or platforms wrote is never a formula."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict | list | tuple):
        return _harmless(json.dumps(value, ensure_ascii=False, default=str))
    return _harmless("" if value is None else str(value))


def _harmless(text: str) -> str:
    text = text.replace("\0", "")
    first = text.lstrip(" ")[:1]
    return f"'{text}" if first in _BEGINS_FORMULA and first else text


class Sheet:
    """Rows of one CSV file, written as they come."""

    def __init__(self, stream: Writable, columns: Iterable[str]) -> None:
        self._writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        self.add(columns)

    def add(self, values: Iterable[object]) -> None:
        self._writer.writerow([cell(value) for value in values])
