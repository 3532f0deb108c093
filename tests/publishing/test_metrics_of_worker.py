"""A worker process shows its own counters, beside its work."""

from __future__ import annotations

import pytest
import requests

from scheduling.models import Target
from tests.support.connected import due_post, profiles_on
from tests.support.sandbox import free_port
from tests.support.worker import Worker, wait_until

pytestmark = [pytest.mark.services, pytest.mark.django_db(transaction=True)]

TOKEN = "a-token-for-metrics-of-tests"


def test_a_worker_shows_what_it_did_to_who_has_the_token(cast, sandbox):
    """R-J4: lateness, outcomes, claims and its own processor time."""
    due_post(cast, profiles_on("telegram", cast, sandbox, 1)[0], "Counted")
    port = free_port()
    address = f"http://127.0.0.1:{port}/metrics"
    env = {"METRICS_PORT": str(port), "METRICS_TOKEN": TOKEN}
    with Worker(PLATFORM_GATEWAY=sandbox.url, **env):
        out = Target.objects.filter(state="published")
        wait_until(out.exists, seconds=30, what="published")
        assert requests.get(address, timeout=5).status_code == 401
        headers = {"Authorization": f"Bearer {TOKEN}"}
        text = requests.get(address, headers=headers, timeout=5).text
    assert (
        'later_publish_outcomes_total{platform="telegram",state="published"} 1.0'
        in text
    )
    assert 'later_publish_lateness_seconds_count{platform="telegram"} 1.0' in text
    assert 'later_tick_claimed_total{work="publish"} 1.0' in text
    assert "process_cpu_seconds_total" in text


def test_a_port_that_is_taken_stops_no_worker(cast, sandbox):
    """Watching must never disturb what is watched."""
    due_post(cast, profiles_on("telegram", cast, sandbox, 1)[0], "Out all the same")
    taken = sandbox.port
    env = {"METRICS_PORT": str(taken), "METRICS_TOKEN": TOKEN}
    with Worker(PLATFORM_GATEWAY=sandbox.url, **env):
        out = Target.objects.filter(state="published")
        wait_until(out.exists, seconds=30, what="published")
