"""Every sealed column, and its rows brought under the ring's first key (R-D2).

Online: small batches, each row locked for milliseconds and passed over while somebody
else holds it. What is done stands in the rows themselves, so it resumes by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, Model, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Greatest, StrIndex, Substr

from core.crypto import KeyMissing, KeyRing, Tampered, sealed_under
from core.doctor import Finding, fail, ok, warn

log = structlog.get_logger(__name__)

BATCH = 200
# "v1." comes before the key's id.
ID_STARTS = 4


@dataclass(frozen=True)
class Sealed:
    """A column of sealed texts, or a JSON column with one under `key`.

    `aad` names the attribute with their associated data, or reads it from a row, with
    the columns it `needs`. `lost` is told the id of a row that doesn't open, which
    only its people can mend.
    """

    model: type[Model]
    column: str
    aad: str | Callable[[Any], str] = "aad"
    lost: Callable[[Any], None] | None = None
    key: str = ""
    needs: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        parts = (self.model._meta.label_lower, self.column, self.key)
        return ".".join(filter(None, parts))

    def rows(self) -> QuerySet[Any]:
        """With something in it, which stands in `sealed_text`."""
        rows = self.model._default_manager.annotate(sealed_text=self._text())
        return rows.filter(sealed_text__gt="")

    def _text(self) -> Combinable:
        if not self.key:
            return F(self.column)
        # Else SQLite compares it as JSON.
        return Cast(KT(f"{self.column}__{self.key}"), TextField())

    def aad_of(self, row: Any) -> str:
        return str(
            getattr(row, self.aad) if isinstance(self.aad, str) else self.aad(row)
        )


_columns: dict[str, Sealed] = {}


def register(column: Sealed) -> None:
    """Once for each column, from `AppConfig.ready`."""
    _columns[column.name] = column


def columns() -> list[Sealed]:
    return list(_columns.values())


def by_key(column: Sealed) -> dict[str, int]:
    """Key id → how many rows are sealed under it; "" for what is no sealed text."""
    rest = Substr("sealed_text", ID_STARTS)
    rows = column.rows().annotate(
        key=Substr(rest, 1, Greatest(StrIndex(rest, Value(".")) - 1, 0))
    )
    counted = rows.order_by().values_list("key").annotate(Count("pk"))
    return {str(key or ""): count for key, count in counted}


def unknown_keys(ring: KeyRing) -> dict[str, int]:
    """Keys that rows need and the ring lacks."""
    found: dict[str, int] = {}
    for column in columns():
        for key, count in by_key(column).items():
            if key and key not in ring.keys:
                found[key] = found.get(key, 0) + count
    return found


@dataclass
class Progress:
    """One column's: rows under the first key now, and those that don't open."""

    column: Sealed
    total: int
    done: int = 0
    lost: list[Any] = field(default_factory=list)


def rotate(column: Sealed, *, batch: int = BATCH) -> Iterator[Progress]:
    """One pass, told after each batch. Rows that others hold are left for the next."""
    ring: KeyRing = settings.TOKEN_KEYS
    progress = Progress(column, stale(column, ring).count())
    after: Any = None
    while found := _batch(column, ring, after, batch, progress):
        after = found[-1]
        yield progress
    _tell(column, progress.lost)
    yield progress


def stale(column: Sealed, ring: KeyRing) -> QuerySet[Any]:
    prefix = sealed_under(ring.primary)
    return column.rows().exclude(sealed_text__startswith=prefix)


@transaction.atomic
def _batch(
    column: Sealed, ring: KeyRing, after: Any, size: int, progress: Progress
) -> list[Any]:
    """The ids that were looked at; none when the pass is over."""
    rows = stale(column, ring).only("pk", *column.needs).order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self",), no_key=True)
    found = list(rows[:size])
    opened = [row for row in found if _reseal(column, ring, row, progress)]
    _write(column, opened)
    progress.done += len(opened)
    return [row.pk for row in found]


def _reseal(column: Sealed, ring: KeyRing, row: Any, progress: Progress) -> bool:
    try:
        row.sealed_text = ring.reseal(row.sealed_text, column.aad_of(row))
    except KeyMissing:
        return False
    except Tampered:
        progress.lost.append(row.pk)
        return False
    return True


def _write(column: Sealed, rows: list[Any]) -> None:
    """One statement; bulk_update would take most of the time to build its CASEs."""
    if not rows:
        return
    meta, quote = column.model._meta, connection.ops.quote_name
    assert meta.pk is not None
    pairs: list[Any] = []
    for row in rows:
        pairs += [meta.pk.get_db_prep_value(row.pk, connection)]
        pairs += [row.sealed_text]
    table, own = quote(meta.db_table), quote(str(meta.pk.column))
    # Both databases name the columns of VALUES like this.
    sql = (
        f"UPDATE {table} SET {_assignment(column)} "  # noqa: S608
        f"FROM (VALUES {', '.join(['(%s, %s)'] * len(rows))}) AS new "
        f"WHERE {table}.{own} = new.column1"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, pairs)


def _assignment(column: Sealed) -> str:
    """Nothing but the text is written: others may have changed the JSON around it."""
    name = connection.ops.quote_name(column.column)
    if not column.key:
        return f"{name} = new.column2"
    if connection.vendor == "postgresql":
        return f"{name} = jsonb_set({name}, '{{{column.key}}}', to_jsonb(new.column2))"
    return f"{name} = json_set({name}, '$.{column.key}', new.column2)"


def _tell(column: Sealed, lost: Iterable[Any]) -> None:
    for pk in lost:
        log.error("sealed.unreadable", column=column.name, id=str(pk))
        if column.lost is not None:
            column.lost(pk)


def examine() -> Iterator[Finding]:
    """The doctor's part on keys: whether all that is sealed can be opened."""
    ring: KeyRing = settings.TOKEN_KEYS
    missing = unknown_keys(ring)
    for key, count in sorted(missing.items()):
        words = f"{count} secrets are sealed under a key that TOKEN_KEYS lacks."
        yield fail(f"key {key[:32]}", words, "Put this key back into TOKEN_KEYS.")
    waiting = sum(stale(column, ring).count() for column in columns())
    old = waiting - sum(missing.values())
    if old > 0:
        words = f"{old} secrets are sealed under older keys."
        yield warn("rotation", words, "Run `manage.py rotate_keys`.")
    elif not missing:
        yield ok("keys", f"All secrets are sealed under key {ring.primary}.")
