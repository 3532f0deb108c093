"""How long an account of 100,000 posts takes to be deleted, and whom it keeps waiting."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from benchmarks.results import Result
from benchmarks.sweep import copy_rows, made_id
from leaving.actions.close import close_account
from leaving.actions.erase import erase
from leaving.models import Deletion
from publishing.models import Attempt, Outcome, Step
from scheduling.models import EventKind, Post, PostEvent, Target
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.people import Cast, assemble

COUNT = 100_000
TABLES = (Post, Target, PostEvent, Attempt)


def run() -> list[Result]:
    return measure(COUNT)


def measure(count: int) -> list[Result]:
    cast = assemble()
    fill(cast, count)
    how = f"{count:,} posts, each with target, event and attempt, PostgreSQL, 1 run"
    with timed() as took:
        started = time.perf_counter()
        account = cast.group.account
        deletion = close_account(account=account, actor=cast.alice)
        closed = time.perf_counter() - started
        work_through(deletion)
        total = time.perf_counter() - started
    assert not Post.objects.filter(group=cast.group).exists()
    longest = max(took)
    return [
        Result("people.delete_100k_posts_s", total, "s", f"close and erase, {how}"),
        Result("people.delete_close_s", closed, "s", f"until nobody gets in, {how}"),
        Result("people.delete_statement_ms", longest * 1000, "ms", f"longest, {how}"),
    ]


def work_through(deletion: Deletion) -> None:
    """As the queue would: one message after the other, until all is gone."""
    while not erase(deletion.pk):
        pass


def fill(cast: Cast, count: int) -> None:
    profile = ProfileFactory(group=cast.group, social_set=cast.social_set)
    # Nothing to revoke: a platform's answer is not what is measured.
    profile.connection.delete()
    post = PostFactory(group=cast.group, author=cast.alice)
    target = TargetFactory(post=post, profile=profile)
    event = PostEvent.objects.create(post=post, kind=EventKind.CREATED, text="Created")
    attempt = Attempt.objects.create(
        target=target, fence=1, step=Step.CHECK, outcome=Outcome.OK
    )
    one, other = made_id("post"), made_id("target")
    copy_rows(Post, post.pk, count, {"id": one})
    copy_rows(Target, target.pk, count, {"id": other, "post_id": one})
    numbers = f"n + {max(event.pk, attempt.pk)}"
    copy_rows(PostEvent, event.pk, count, {"id": numbers, "post_id": one})
    copy_rows(Attempt, attempt.pk, count, {"id": numbers, "target_id": other})
    with connection.cursor() as cursor:
        for model in TABLES:
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")


@contextmanager
def timed() -> Iterator[list[float]]:
    """Seconds of each statement."""
    took: list[float] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took.append(time.perf_counter() - started)

    with connection.execute_wrapper(watch):
        yield took
