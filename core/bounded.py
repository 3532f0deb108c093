"""Bounds on what a page may ask of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Each statement inside ends by then, with OperationalError; all in one transaction.

    SQLite knows no such bound; it has no large tables either.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                milliseconds = max(1, round(seconds * 1000))
                cursor.execute(f"SET LOCAL statement_timeout = {milliseconds}")
        yield
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                # In a transaction around this one it would stay.
                cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
