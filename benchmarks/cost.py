"""What one publication costs the database and the processor, waiting left out."""

from __future__ import annotations

import time

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.crowd import Stage
from benchmarks.results import RUNS, Result, median
from core import clock
from publishing.actions.claim import claim
from publishing.tasks import parts, publish

POSTS = 160


def run(place: Stage) -> list[Result]:
    place.sandbox.set(latency_ms=0)
    _publish_all(place)
    with CaptureQueriesContext(connection) as seen:
        _publish_all(place)
    queries = [q["sql"] for q in seen.captured_queries if not _bracket(q["sql"])]
    cpu = median(lambda: _cpu_s(place), RUNS)
    place.sandbox.set(latency_ms=100)
    how = (
        f"{POSTS} due posts of 2 calls each, claimed and published in one process "
        "without Celery"
    )
    return [
        Result("publish.sql_per_target", len(queries) / POSTS, "", how),
        Result("publish.cpu_ms_per_target", cpu / POSTS * 1000, "ms", how),
    ]


def _bracket(sql: str) -> bool:
    return sql in ("BEGIN", "COMMIT")


def _cpu_s(place: Stage) -> float:
    place.post_all(POSTS, clock.now())
    started = time.process_time()
    _work_off()
    spent = time.process_time() - started
    place.clear()
    return spent


def _publish_all(place: Stage) -> None:
    place.post_all(POSTS, clock.now())
    _work_off()
    place.clear()


def _work_off() -> None:
    left = POSTS
    while left:
        claims = claim().to_publish
        for part in parts(claims, 1):
            publish(part)
        left -= len(claims)
