"""One tick beside 10 thousand, 1 million, 10 million scheduled rows, 100 of them due."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from benchmarks.crowd import Stage
from benchmarks.results import Result, median
from core import clock
from profiles.models import SocialProfile
from publishing.actions.claim import claim_due, tick
from publishing.actions.room import room
from scheduling.models import Post, Target
from tests.factories import PostFactory, TargetFactory
from tests.people import Cast

DUE = 100
RUNS = 9
SIZES = (("10k", 10_000), ("1m", 1_000_000))
LARGEST = ("10m", 10_000_000)
# Copies of one row, so that a million takes a minute and not an hour: each column as it
# is there, but for these.
POST = {
    "id": "gen_random_uuid()",
    "scheduled_at": "now() + interval '1 hour' + n * interval '1 second'",
}
TARGET = {
    "id": "gen_random_uuid()",
    "post_id": "posts.id",
    "state": "'scheduled'",
    "due_at": "posts.scheduled_at",
    "next_at": "posts.scheduled_at",
}
FILL = """
WITH posts AS (
  INSERT INTO scheduling_post ({post_columns})
  SELECT {post_values} FROM scheduling_post AS old, generate_series(1, %(count)s) AS n
  WHERE old.id = %(post)s RETURNING id, scheduled_at
)
INSERT INTO scheduling_target ({target_columns})
SELECT {target_values} FROM posts, scheduling_target AS old WHERE old.id = %(target)s
"""


def run(place: Stage) -> list[Result]:
    cast, profile = place.cast, place.profiles[0]
    with_largest = os.environ.get("WITH", "") == LARGEST[0]
    sizes = (*SIZES, LARGEST) if with_largest else SIZES
    found: list[Result] = []
    stored = 0
    for name, size in sizes:
        fill(cast, profile, size - stored)
        stored = size
        assert_no_scan()
        how = f"median of {RUNS} ticks that claim {DUE} of {size:,} scheduled targets"
        found.append(
            Result(f"publish.tick_{name}_ms", tick_ms(cast, profile), "ms", how)
        )
    first, last = found[0].value, found[-1].value
    ratio = f"publish.tick_{sizes[-1][0]}_over_10k"
    found.append(Result(ratio, last / first, "", "the same, in one run"))
    Post.objects.all().delete() if stored < 100_000 else truncate()
    return found


def fill(cast: Cast, profile: SocialProfile, count: int) -> None:
    post = PostFactory(group=cast.group, author=cast.alice)
    at = clock.now() + timedelta(days=1)
    target = TargetFactory(post=post, profile=profile, due_at=at, next_at=at)
    with transaction.atomic(), connection.cursor() as cursor:
        names = {"count": count, "post": post.pk, "target": target.pk}
        cursor.execute(fill_statement(), names)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE scheduling_target")
        cursor.execute("VACUUM ANALYZE scheduling_post")


def fill_statement() -> str:
    """Of the models' own columns: none that comes later is forgotten."""
    post = {str(f.column): f"old.{f.column}" for f in Post._meta.local_fields} | POST
    target = {
        str(f.column): f"old.{f.column}" for f in Target._meta.local_fields
    } | TARGET
    return FILL.format(
        post_columns=", ".join(post),
        post_values=", ".join(post.values()),
        target_columns=", ".join(target),
        target_values=", ".join(target.values()),
    )


def tick_ms(cast: Cast, profile: SocialProfile) -> float:
    def once() -> float:
        rows = make_due(cast, profile)
        started = time.perf_counter()
        claimed = tick()
        spent = time.perf_counter() - started
        assert len(claimed.to_publish) == DUE
        Post.objects.filter(targets__in=rows).delete()
        return spent * 1000

    once()
    return median(once, RUNS)


def make_due(cast: Cast, profile: SocialProfile) -> list[Any]:
    now = clock.now()
    posts = Post.objects.bulk_create(
        Post(group=cast.group, author=cast.alice, text=str(n)) for n in range(DUE)
    )
    rows = Target.objects.bulk_create(
        Target(
            post=post,
            profile=profile,
            kind="text",
            state="scheduled",
            due_at=now,
            next_at=now,
        )
        for post in posts
    )
    return [row.pk for row in rows]


def assert_no_scan() -> None:
    """What the tick asks walks indexes: no plan reads a whole table."""
    with CaptureQueriesContext(connection) as seen:
        claim_due(room())
    for query in seen.captured_queries:
        if not query["sql"].startswith("SELECT"):
            continue
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + query["sql"])
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "Seq Scan on scheduling_target" not in plan, plan


def truncate() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE scheduling_post CASCADE")
