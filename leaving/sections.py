"""Tables of an export: whose rows they are, read as a stream, written as JSON and CSV."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet

from core.batches import batches
from core.holdings import Holding, Section, holdings
from core.spreadsheet import Sheet
from leaving.models import Export

PAGE = 500


def told() -> list[tuple[Holding, Section]]:
    return [(each, each.section) for each in holdings() if each.section]


def rows_of(holding: Holding, export: Export) -> QuerySet[Any]:
    """The account's; of what belongs to people alone, the asking person's own."""
    if holding.account:
        whose: dict[str, object] = {holding.account: export.account_id}
    else:
        whose = {holding.person[0]: export.asked_by_id}
    return holding.model._default_manager.filter(**whose).order_by("pk")


def count(export: Export) -> int:
    return sum(rows_of(holding, export).count() for holding, _ in told())


def names_of(section: Section) -> list[str]:
    return [column.replace("__", "_") for column in section.columns]


def write(
    holding: Holding,
    section: Section,
    export: Export,
    folder: Path,
    after_page: Callable[[int], None],
) -> None:
    """`<name>.json` and `<name>.csv`; under their names only once they are whole."""
    names = names_of(section)
    parts = [folder / f"{section.name}.{kind}.part" for kind in ("json", "csv")]
    with ExitStack() as files:
        as_json, as_csv = (
            files.enter_context(path.open("w", encoding="utf-8", newline=""))
            for path in parts
        )
        sheet, comma = Sheet(as_csv, names), ""
        as_json.write("[")
        for page in pages(holding, section, export):
            for row in page:
                sheet.add(row)
                as_json.write(f"{comma}\n{_json(names, row)}")
                comma = ","
            after_page(len(page))
        as_json.write("\n]\n")
    for path in parts:
        path.replace(path.with_suffix(""))


def pages(
    holding: Holding, section: Section, export: Export
) -> Iterator[list[tuple[Any, ...]]]:
    """A server-side cursor on PostgreSQL: a page is all that is in memory."""
    rows = rows_of(holding, export).values_list(*section.columns)
    stream = rows.iterator(chunk_size=PAGE)
    yield from batches(stream, PAGE)


def _json(names: list[str], row: tuple[Any, ...]) -> str:
    found = dict(zip(names, row, strict=True))
    return json.dumps(found, cls=DjangoJSONEncoder, ensure_ascii=False)
