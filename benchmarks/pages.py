"""What a page costs: its queries, and its times with Django's test client."""

from __future__ import annotations

import statistics
import time
from typing import Any

from django.db import connection
from django.test import Client


def page(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    return bytes(answer.content)


def queries(client: Client, address: str) -> int:
    seen: list[str] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        page(client, address)
    return len(seen)


def times(client: Client, address: str, views: int) -> list[float]:
    """Milliseconds of each view, shortest first."""
    found = []
    for _ in range(views):
        started = time.perf_counter()
        page(client, address)
        found.append((time.perf_counter() - started) * 1000)
    return sorted(found)


def middle(runs: list[list[float]], share: float) -> float:
    """The median over runs of what that share of the views stayed within."""
    return statistics.median(run[round(share * (len(run) - 1))] for run in runs)
