"""Whether the database reads what is due by its partial indexes (PostgreSQL)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from core import clock
from scheduling.models import Target
from scheduling.states import OPEN_ENDS, TargetState

# Of a small table it is right to read all.
LARGE = 10_000


def missing_indexes() -> list[str]:
    """Those that the models name and the database lacks, or has half built."""
    wanted = {index.name for index in Target._meta.indexes}
    return sorted(wanted - _there())


def _there() -> set[str]:
    table = Target._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            found = connection.introspection.get_constraints(cursor, table)
            return {name for name, facts in found.items() if facts["index"]}
        cursor.execute(
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
            "WHERE i.indrelid = %s::regclass AND i.indisvalid",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}


def scanning() -> list[str]:
    """Which of the tick's questions read the whole table, once it is large."""
    if connection.vendor != "postgresql" or _rows() < LARGE:
        return []
    return [name for name, rows in _questions().items() if _scans(rows)]


def _rows() -> int:
    """As the planner believes; 0 before the first ANALYZE."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass",
            [Target._meta.db_table],
        )
        return int(cursor.fetchone()[0])


def _questions() -> dict[str, QuerySet[Target]]:
    now = clock.now()
    batch = settings.PUBLISH_BATCH
    scheduled = Target.objects.filter(state=TargetState.SCHEDULED, next_at__lte=now)
    open_ends = Target.objects.filter(state__in=OPEN_ENDS, next_at__lte=now)
    lapsed = Target.objects.filter(state=TargetState.SENDING, lease_until__lt=now)
    return {
        "what is due": scheduled.order_by("next_at")[:batch],
        "what has a question left": open_ends.order_by("next_at")[:batch],
        "lapsed leases": lapsed.order_by("lease_until")[:batch],
    }


def _scans(rows: QuerySet[Target]) -> bool:
    plan = json.loads(rows.explain(format="json"))
    return any(
        node.get("Node Type") in ("Seq Scan", "Parallel Seq Scan")
        and node.get("Relation Name") == Target._meta.db_table
        for node in _nodes(plan[0]["Plan"])
    )


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)
