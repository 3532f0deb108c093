"""Tables of what belongs to a row: the first so many, and the way to the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from support import rights

SHOWN = 20


@dataclass(frozen=True)
class Cell:
    text: object
    url: str = ""


@dataclass(frozen=True)
class Panel:
    """`more`: the list of all of them, "" when these are all. `facts` stand above."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    more: str = ""
    facts: Sequence[Sequence[Cell]] = ()


def link(row: Model | None, text: object = None) -> Cell:
    if row is None:
        return Cell("")
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return Cell(text or str(row), reverse(name, args=[row.pk]))


def panel(
    request: HttpRequest,
    title: str,
    rows: QuerySet[Any],
    columns: dict[str, Callable[[Any], object]],
    **filters: object,
) -> Iterable[Panel]:
    """None for whoever may not look at these. `filters`: those of the list of all."""
    label = rows.model._meta.label_lower
    if not rights.may_see(request.user, label):
        return
    found = list(rows[: SHOWN + 1])
    cells = [[_cell(show(row)) for show in columns.values()] for row in found[:SHOWN]]
    more = ""
    if len(found) > SHOWN and filters:
        name = f"admin:{label.replace('.', '_')}_changelist"
        more = f"{reverse(name)}?{urlencode(filters)}"
    yield Panel(title, list(columns), cells, more)


def _cell(value: object) -> Cell:
    return value if isinstance(value, Cell) else Cell("" if value is None else value)
