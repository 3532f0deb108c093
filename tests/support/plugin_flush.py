"""pytest plugin: empty the tables after a test that commits, in milliseconds.

Django truncates all of them, which makes PostgreSQL write hundreds of files anew, and
then makes permissions and content types again: a second a test, of which there are over
a thousand. Here rows are deleted where there are some, and those two tables are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

KEPT = ("django_migrations", "django_content_type", "auth_permission")
# Above it truncating is quicker than deleting rows one by one.
LARGE = 1_000_000
OWN = "_fixture_teardown"

USED = """
    SELECT c.relname, pg_relation_size(c.oid) > %s OR EXISTS (
        SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)
    FROM pg_class c
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
      AND pg_relation_size(c.oid) > 0 AND NOT c.relname = ANY(%s)
"""


def can_be_emptied(found: BaseDatabaseWrapper) -> bool:
    """Only a superuser may leave foreign keys unchecked for a moment."""
    if found.vendor != "postgresql":
        return False
    with found.cursor() as cursor:
        cursor.execute("SELECT usesuper FROM pg_user WHERE usename = current_user")
        row = cursor.fetchone()
    return bool(row and row[0])


def empty(found: BaseDatabaseWrapper) -> None:
    quote = found.ops.quote_name
    with transaction.atomic(), found.cursor() as cursor:
        cursor.execute(USED, [LARGE, list(KEPT)])
        used = cursor.fetchall()
        # A row's own triggers may refuse that it goes; none are asked of a truncation.
        whole = [quote(name) for name, truncate in used if truncate]
        rows = [quote(name) for name, truncate in used if not truncate]
        if whole:
            cursor.execute(f"TRUNCATE {', '.join(whole)} CASCADE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("; ".join(f"DELETE FROM {name}" for name in rows) or "SELECT")  # noqa: S608


@pytest.fixture(scope="session", autouse=True)
def _quick_flush() -> Iterator[None]:
    slow: Any = getattr(TransactionTestCase, OWN)  # the stubs leave it out

    def teardown(case: Any) -> None:
        if case.available_apps is None and can_be_emptied(connection):
            empty(connection)
        else:
            slow(case)

    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(TransactionTestCase, OWN, teardown)
    yield
    monkeypatch.undo()
