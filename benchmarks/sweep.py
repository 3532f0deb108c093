"""What the beat's sweep costs beside 100,000 connections of which none is due."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from benchmarks.results import Result, median
from profiles.actions.inspect import inspect_due
from profiles.actions.quiet_due import note_quiet
from profiles.actions.sweep import sweep
from profiles.actions.tell import tell_due
from profiles.models import Connection, SocialProfile, SocialSet
from tests.factories import ProfileFactory
from tests.people import assemble

COUNT = 100_000
RUNS = 15
TABLES = ("profiles_connection", "profiles_socialprofile")


def run() -> list[Result]:
    fill(COUNT)
    how = f"median of {RUNS} beside {COUNT:,} connections, PostgreSQL"
    minute = f"the sweep of a minute with nothing due, {how}"
    share = f"of five minutes: inspections, quiet profiles, people to tell, {how}"
    seen = statements(sweep)
    assert_no_scan(seen)
    assert_no_scan(statements(_share))
    return [
        Result("connections.sweep_100k_s", _seconds(sweep), "s", minute),
        Result("connections.sweep_100k_statements", len(seen), "", minute),
        Result("connections.share_100k_s", _seconds(_share), "s", share),
    ]


def fill(count: int) -> None:
    """So many profiles, each connected and in a Social Set of its own."""
    cast = assemble()
    first = ProfileFactory(group=cast.group, social_set=cast.social_set)
    ahead = "now() + interval '1 day' + n * interval '1 second'"
    place, profile = made_id("set"), made_id("profile")
    copy_rows(SocialSet, cast.social_set.pk, count, {"id": place})
    copy_rows(
        SocialProfile,
        first.pk,
        count,
        {"id": profile, "social_set_id": place, "external_id": "'many-' || n"},
    )
    copy_rows(
        Connection,
        first.connection.pk,
        count,
        {
            "id": made_id("connection"),
            "profile_id": profile,
            "refresh_at": ahead,
            "ends_at": f"{ahead} + interval '30 days'",
            "warn_at": f"{ahead} + interval '16 days'",
        },
    )
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")


def made_id(kind: str) -> str:
    """The same for the same number, so that rows find one another; SQL."""
    return f"md5('{kind}' || n)::uuid"


def copy_rows(
    model: type[models.Model], pk: Any, count: int, other: dict[str, str]
) -> None:
    """Rows like that one, but for the columns in `other`, which are SQL over `n`."""
    columns = [str(field.column) for field in model._meta.local_concrete_fields]
    table = model._meta.db_table
    values = ", ".join(other.get(name, f'row."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} "  # noqa: S608
            f"FROM {table} AS row, generate_series(1, %s) AS n WHERE row.id = %s",
            [count, pk],
        )


def statements(work: Callable[[], Any]) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        work()
    return [each["sql"] for each in seen.captured_queries]


def assert_no_scan(asked: list[str]) -> None:
    """Every look walks an index: no plan reads a whole table."""
    for sql in asked:
        if not sql.startswith("SELECT"):
            continue
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + sql)
            plan = "\n".join(row[0] for row in cursor.fetchall())
        for table in TABLES:
            assert f"Seq Scan on {table}" not in plan, plan


def _share() -> None:
    inspect_due()
    note_quiet()
    tell_due()


def _seconds(work: Callable[[], Any]) -> float:
    def once() -> float:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    once()
    return median(once, RUNS)
