"""The publisher as it runs: beat, worker, Redis, PostgreSQL, a platform over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from publishing.models import Heartbeat
from scheduling.models import Target
from scheduling.states import TargetState
from tests.support.connected import due_post, profiles_on
from tests.support.worker import Worker, wait_until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]


def state_of(target: Target) -> str:
    return Target.objects.values_list("state", flat=True).get(pk=target.pk)


def test_a_post_goes_out_at_its_time_and_the_publisher_shows_life(
    cast, sandbox, client
):
    """R-F1, R-F4: not before its time, seconds after it, once."""
    [profile] = profiles_on("telegram", cast, sandbox, 1)
    target = due_post(cast, profile, "Good morning", in_s=5)
    with Worker(PLATFORM_GATEWAY=sandbox.url):
        wait_until(
            lambda: state_of(target) == TargetState.PUBLISHED,
            seconds=30,
            what="published",
        )
        [entry] = sandbox.ledger("telegram")
        assert client.get("/health/worker").status_code == 200
    target.refresh_from_db()
    assert entry["text"] == "Good morning"
    late = target.published_at - target.due_at
    assert timedelta(0) <= late < timedelta(seconds=6)
    assert target.permalink


def test_without_a_worker_the_health_page_says_so(db, client):
    """A dead worker is never silent."""
    answer = client.get("/health/worker")
    assert answer.status_code == 503
    assert answer.json()["worker"] == "never seen"


def test_a_worker_last_seen_long_ago_is_not_alive(db, client):
    old = clock.now() - timedelta(minutes=5)
    for name in ("tick", "worker:one"):
        Heartbeat.objects.create(name=name, seen_at=old)
    assert client.get("/health/worker").status_code == 503


def test_a_lost_message_costs_one_lease_not_a_post(cast, sandbox):
    """R-F3: Redis emptied between the claim and the work."""
    [profile] = profiles_on("telegram", cast, sandbox, 1)
    target = due_post(cast, profile, "Claimed, then forgotten by the broker")
    Target.objects.filter(pk=target.pk).update(
        state=TargetState.CLAIMED,
        fence=1,
        lease_until=clock.now() + timedelta(seconds=2),
    )
    with Worker(PLATFORM_GATEWAY=sandbox.url):
        wait_until(
            lambda: state_of(target) == TargetState.PUBLISHED,
            seconds=30,
            what="published after the lease",
        )
    assert len(sandbox.ledger("telegram")) == 1
