"""Redis lost, emptied, doubling; the database restarted; beat twice (R-F3).

Nothing lost, nothing doubled, and recovery bounded by the lease.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from celery import current_app
from django.db import connection

from core import clock
from publishing.actions.claim import tick
from publishing.models import Attempt, Heartbeat
from scheduling.models import Target
from tests.support.connected import due_post, profiles_on
from tests.support.own_redis import OwnRedis
from tests.support.worker import Worker, wait_until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

LEASE_S = 6
# Celery looks for a lost broker at growing intervals.
RECONNECTS_S = 12


def posts(
    cast, sandbox, platform: str, count: int, *, from_s: float = 5, over_s: float
) -> list[Target]:
    """On as many profiles, due one after the other from then on."""
    profiles = profiles_on(platform, cast, sandbox, count)
    step = over_s / count
    return [
        due_post(cast, profile, "Once, whatever breaks", in_s=from_s + step * number)
        for number, profile in enumerate(profiles)
    ]


def worker(sandbox, redis: OwnRedis | None = None, *, beat: bool = True) -> Worker:
    env = {"REDIS_URL": redis.url} if redis else {}
    return Worker(
        module="tests.publishing.short_leases",
        beat=beat,
        command=(),
        PUBLISH_LEASE_S=str(LEASE_S),
        PLATFORM_GATEWAY=sandbox.url,
        **env,  # type: ignore[arg-type]
    )


def some_are_out(count: int = 3) -> bool:
    return Target.objects.filter(state="published").count() >= count


def all_are_out() -> bool:
    return not Target.objects.exclude(state="published").exists()


def wait_for_all(seconds: float) -> None:
    try:
        wait_until(all_are_out, seconds=seconds, what="all published")
    except AssertionError as error:
        rows = Target.objects.exclude(state="published").values_list(
            "state", "tries", "next_at", "lease_until", "reason"
        )
        error.add_note("\n".join(map(str, rows)))
        raise


def each_once(sandbox, platform: str, targets: list[Target]) -> None:
    posted = Counter(row["profile"] for row in sandbox.ledger(platform))
    assert posted == {target.profile.external_id: 1 for target in targets}


def latest(sandbox, platform: str) -> datetime:
    return max(
        datetime.fromisoformat(r["accepted_at"]) for r in sandbox.ledger(platform)
    )


def again_and_again(what: Callable[[], object], *, for_s: float, each_s: float) -> None:
    ends = time.monotonic() + for_s
    while time.monotonic() < ends:
        what()
        time.sleep(each_s)


def test_redis_killed_and_back_empty(cast, sandbox):
    """What it held is gone; the rows know, and the tick sends new messages."""
    targets = posts(cast, sandbox, "telegram", 20, over_s=6)
    with OwnRedis() as redis, worker(sandbox, redis):
        wait_until(some_are_out, seconds=30, what="the first posts")
        redis.kill()
        time.sleep(1)
        back = clock.now()
        redis.start()
        wait_for_all(60)
    each_once(sandbox, "telegram", targets)
    due = max(target.due_at for target in targets)
    bound = timedelta(seconds=LEASE_S + RECONNECTS_S)
    assert latest(sandbox, "telegram") < max(due, back) + bound


def test_redis_emptied_again_and_again(cast, sandbox):
    """FLUSHALL amid the work, of an operator or of a cache policy."""
    targets = posts(cast, sandbox, "telegram", 20, over_s=6)
    with OwnRedis() as redis, worker(sandbox, redis):
        wait_until(some_are_out, seconds=30, what="the first posts")
        again_and_again(redis.empty, for_s=5, each_s=0.2)
        wait_for_all(LEASE_S + 20)
    each_once(sandbox, "telegram", targets)


def test_messages_that_come_three_times_over(cast, sandbox):
    """Redis gives back what it thinks was lost: the claim says it is taken."""
    targets = posts(cast, sandbox, "telegram", 12, from_s=-1, over_s=0)
    claims = tick().to_publish
    for claim in [*claims, *claims, *claims]:
        current_app.send_task("publishing.publish", args=[[claim]])
    sandbox.set(latency_ms=200)
    with worker(sandbox, beat=False):
        wait_for_all(60)
    each_once(sandbox, "telegram", targets)


def test_every_connection_to_the_database_cut_again_and_again(cast, sandbox):
    """As its restart does. What was sent and not written down is looked up."""
    targets = posts(cast, sandbox, "bluesky", 16, over_s=6)
    sandbox.set(latency_ms=100)
    with worker(sandbox):
        wait_until(some_are_out, seconds=30, what="the first posts")
        again_and_again(cut_others, for_s=5, each_s=0.7)
        cut_at = clock.now()
        wait_for_all(90)
        # Its heart has a connection of its own, which no task mends.
        living = Heartbeat.objects.filter(
            name__startswith="worker:", seen_at__gt=cut_at
        )
        wait_until(living.exists, seconds=25, what="a heartbeat after the cut")
    each_once(sandbox, "bluesky", targets)


def cut_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_two_workers_with_a_beat_each(cast, sandbox):
    targets = posts(cast, sandbox, "telegram", 20, over_s=4)
    with worker(sandbox), worker(sandbox):
        wait_for_all(60)
    each_once(sandbox, "telegram", targets)
    assert not Attempt.objects.filter(code="lease_lapsed").exists()
