"""Many rows moved by one statement, each with columns of its own (PostgreSQL).

What `states.move` asks of one row is asked of each: its state, and its fence.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache
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


class Move:
    """`columns` as in `states.move`, values only; what is wrong with them is raised here.

    So one thread's mistake is its own, whoever moves the row in the end.
    """

    def __init__(self, target: Target, to: str, columns: dict[str, Any]) -> None:
        if to not in MOVES[target.state]:
            raise IllegalMove(f"target: {target.state} -> {to}")
        self.target = target
        self.columns = {"state": to, **columns}
        self.names = tuple(sorted(self.columns))
        self.row = json.dumps(self._row())

    def _row(self) -> dict[str, Any]:
        target = self.target
        row: dict[str, Any] = {"id": str(target.pk)}
        row |= {"leaves": target.state, "under": target.fence}
        for name, value in self.columns.items():
            field = _field(name)
            kept = field.get_prep_value(value)
            is_time = isinstance(kept, datetime)
            row[str(field.column)] = kept.isoformat() if is_time else kept
        return row

    def take_over(self) -> None:
        """What the database has now, in the object."""
        for name, value in self.columns.items():
            setattr(self.target, name, value)


def move_together(moves: Sequence[Move]) -> list[Move]:
    """Those that were moved; nothing is done to the rest, nor to any object.

    Of two for one row only the first may be. Within a transaction. OperationalError
    when somebody holds a row for longer than PATIENCE_MS.
    """
    alike: dict[tuple[str, ...], dict[UUID, Move]] = {}
    for move in moves:
        alike.setdefault(move.names, {}).setdefault(move.target.pk, move)
    moved = []
    with connection.cursor() as cursor:
        for names, same in alike.items():
            rows = ",".join(move.row for move in same.values())
            cursor.execute(_statement(names), [f"[{rows}]"])
            moved += [same[pk] for (pk,) in cursor.fetchall()]
    return moved


@cache
def _statement(names: tuple[str, ...]) -> str:
    """Names are those of the model's columns, never from outside."""
    quote = connection.ops.quote_name
    fields = [_field(name) for name in names]
    columns = [(quote(str(f.column)), f.db_type(connection)) for f in fields]
    return SQL.format(
        patience=PATIENCE_MS,
        table=quote(Target._meta.db_table),
        columns=", ".join(f"{name} = given.{name}" for name, _ in columns),
        types=", ".join(f"{name} {kind}" for name, kind in columns),
    )


def _field(name: str) -> Field[Any, Any]:
    found = Target._meta.get_field(name)
    assert isinstance(found, Field)
    return found
