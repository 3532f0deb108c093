"""Many rows moved by one statement, each with columns of its own (PostgreSQL).

What `states.move` asks of one row is asked of each: its state, and its fence.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Field

from scheduling.models import Target
from scheduling.states import MOVES, IllegalMove

# Who holds one row shall not hold up all that come together, or after it, for long.
PATIENCE_MS = 250

SQL = """
SET LOCAL lock_timeout = {patience};
UPDATE {table} AS held SET {columns}
FROM json_to_recordset(%s) AS given(id uuid, leaves text, under bigint, {types})
WHERE held.id = given.id AND held.state = given.leaves AND held.fence = given.under
RETURNING held.id
"""


@dataclass(frozen=True)
class Move:
    """`columns` as in `states.move`, values only."""

    target: Target
    to: str
    columns: dict[str, Any]

    def take_over(self) -> None:
        """What the database has now, in the object."""
        for name, value in {"state": self.to, **self.columns}.items():
            setattr(self.target, name, value)


def move_together(moves: Sequence[Move]) -> list[Move]:
    """Those that were moved; nothing is done to the rest, nor to any object.

    Of two for one row only the first may be. Within a transaction. OperationalError
    when somebody holds one for longer than PATIENCE_MS.
    """
    alike: dict[tuple[str, ...], dict[UUID, Move]] = {}
    for move in moves:
        if move.to not in MOVES[move.target.state]:
            raise IllegalMove(f"target: {move.target.state} -> {move.to}")
        same = alike.setdefault(tuple(sorted(move.columns)), {})
        same.setdefault(move.target.pk, move)
    with connection.cursor() as cursor:
        moved = []
        for names, same in alike.items():
            fields = [_field(name) for name in ("state", *names)]
            rows = json.dumps(_rows(fields, same.values()), default=_text)
            cursor.execute(_statement(fields), [rows])
            moved += [same[pk] for (pk,) in cursor.fetchall()]
    return moved


def _field(name: str) -> Field[Any, Any]:
    found = Target._meta.get_field(name)
    assert isinstance(found, Field)
    return found


def _statement(fields: Sequence[Field[Any, Any]]) -> str:
    """Names are those of the model's columns, never from outside."""
    quote = connection.ops.quote_name
    columns = [(quote(str(f.column)), f.db_type(connection)) for f in fields]
    return SQL.format(
        patience=PATIENCE_MS,
        table=quote(Target._meta.db_table),
        columns=", ".join(f"{name} = given.{name}" for name, _ in columns),
        types=", ".join(f"{name} {kind}" for name, kind in columns),
    )


def _rows(
    fields: Sequence[Field[Any, Any]], moves: Iterable[Move]
) -> list[dict[str, Any]]:
    rows = []
    for move in moves:
        target, values = move.target, {"state": move.to, **move.columns}
        row = {"id": target.pk, "leaves": target.state, "under": target.fence}
        row |= {str(f.column): f.get_prep_value(values[f.name]) for f in fields}
        rows.append(row)
    return rows


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
