"""What the publisher counts, and what it reads from the database when asked."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from core import clock
from platforms.errors import Rejected, Unavailable
from platforms.types import Pending
from publishing import metrics
from publishing.actions.record import Recorder
from publishing.models import Attempt, Heartbeat, Outcome, Pause, Step
from scheduling.models import Target
from tests.factories import PostFactory, TargetFactory
from tests.publishing.conftest import due_again, work_off

pytestmark = pytest.mark.django_db

TOKEN = "a-token-for-metrics-of-tests"


def counted(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(name, labels) or 0.0


class Rise:
    """How far a counter rises inside the block."""

    def __init__(self, name: str, **labels: str) -> None:
        self.name, self.labels = name, labels

    def __enter__(self) -> Rise:
        self.start = counted(self.name, **self.labels)
        return self

    def __exit__(self, *_: object) -> None:
        self.by = counted(self.name, **self.labels) - self.start


@pytest.fixture
def scrape(client, settings):
    """The samples that Prometheus reads: {(name, *label values): value}."""
    settings.METRICS_TOKEN = TOKEN

    def read() -> dict[tuple[str, ...], float]:
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        families = text_string_to_metric_families(answer.content.decode())
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in families
            for sample in family.samples
        }

    return read


def test_a_post_that_goes_out_is_counted_with_its_lateness(script, target):
    """R-J4: lateness is from the time it was due to the platform's yes."""
    with (
        Rise("later_publish_outcomes_total", platform="fake", state="published") as out,
        Rise("later_publish_lateness_seconds_count", platform="fake") as late,
        Rise("later_publish_lateness_seconds_sum", platform="fake") as seconds,
    ):
        work_off()
    assert (out.by, late.by) == (1, 1)
    assert 1 <= seconds.by < 30


def test_a_post_that_a_platform_still_works_on_is_late_once(script, target):
    script.send.append(Pending("h1", 0))
    with Rise("later_publish_lateness_seconds_count", platform="fake") as late:
        work_off()
        due_again(target)
        work_off()
    target.refresh_from_db()
    assert (target.state, late.by) == ("published", 1)


def test_each_step_is_counted_by_how_it_went(script, target):
    labels = {"platform": "fake", "step": "send", "outcome": "refused"}
    script.send.append(Rejected("No cats."))
    with (
        Rise("later_publish_attempts_total", **labels) as refused,
        Rise("later_publish_outcomes_total", platform="fake", state="failed") as ended,
    ):
        work_off()
    assert (refused.by, ended.by) == (1, 1)


def test_a_retry_is_an_attempt_and_no_outcome(script, target):
    script.send.append(Unavailable("Away."))
    before = sum_of("later_publish_outcomes_total")
    work_off()
    assert sum_of("later_publish_outcomes_total") == before


def sum_of(name: str) -> float:
    families = metrics.REGISTRY.collect()
    samples = [sample for family in families for sample in family.samples]
    return sum(sample.value for sample in samples if sample.name == name)


def test_counting_costs_next_to_nothing(script, target):
    """Less than 0.2 ms for all that one publication writes."""
    attempts = [
        Attempt(target=target, fence=1, step=step, outcome=Outcome.OK, calls=1)
        for step in (Step.CHECK, Step.PREPARE, Step.SEND, Step.SEND)
    ]
    target.state = "published"
    metrics.attempted(target, attempts, "sending")
    started = time.process_time()
    for _ in range(1_000):
        metrics.attempted(target, attempts, "sending")
    assert time.process_time() - started < 0.2


def test_labels_are_closed_lists(script, target):
    """Never an id, a text or a code of a platform's."""
    work_off()
    names = {
        label
        for family in metrics.REGISTRY.collect()
        for sample in family.samples
        for label in sample.labels
    }
    assert names <= {"platform", "step", "outcome", "state", "le", "work"}


def test_a_recorder_counts_a_state_once_however_often_it_flushes(script, target):
    recorder = Recorder(target)
    target.state = "failed"
    with Rise("later_publish_outcomes_total", platform="fake", state="failed") as ended:
        recorder.flush()
        recorder.flush()
    assert ended.by == 1


class TestGauges:
    def test_what_is_due_and_not_final_is_told_by_platform(self, scrape, target):
        Target.objects.update(due_at=clock.now() - timedelta(minutes=5))
        found = scrape()
        assert found["later_targets_due", "fake", "scheduled"] == 1
        assert found["later_targets_late", "fake"] == 1
        assert 295 < found["later_oldest_due_seconds",] < 330

    def test_a_post_due_a_moment_ago_is_not_late(self, scrape, target):
        found = scrape()
        assert found["later_targets_due", "fake", "scheduled"] == 1
        assert found["later_targets_late", "fake"] == 0

    def test_a_post_with_a_later_retry_is_late_all_the_same(self, scrape, target):
        """Its clock lies ahead; its people wait since it was due."""
        Target.objects.update(
            due_at=clock.now() - timedelta(minutes=5),
            next_at=clock.now() + timedelta(minutes=5),
        )
        assert scrape()["later_targets_late", "fake"] == 1

    def test_what_a_person_was_asked_about_is_not_late(self, scrape, target):
        Target.objects.update(
            state="unconfirmed",
            next_at=None,
            due_at=clock.now() - timedelta(hours=5),
        )
        found = scrape()
        assert found["later_targets_waiting_for_person", "fake", "unconfirmed"] == 1
        assert found["later_targets_late", "fake"] == 0
        assert found["later_oldest_due_seconds",] == 0

    def test_held_and_leased_targets_are_told(self, scrape, cast, profile, target):
        post = PostFactory(group=cast.group, scheduled_at=clock.now())
        TargetFactory(post=post, profile=profile, state="held")
        Target.objects.filter(pk=target.pk).update(
            state="claimed", lease_until=clock.now() + timedelta(minutes=1)
        )
        found = scrape()
        assert found["later_targets_waiting_for_person", "fake", "held"] == 1
        assert found["later_targets_in_flight", "claimed"] == 1

    def test_signs_of_life_and_clocks_are_told(self, scrape):
        minute_ago = clock.now() - timedelta(minutes=1)
        Heartbeat.objects.create(name="tick", seen_at=minute_ago)
        Heartbeat.objects.create(name="worker:a", seen_at=minute_ago, ahead_ms=2_500)
        found = scrape()
        assert 59 < found["later_seen_seconds_ago", "tick"] < 90
        assert found["later_clock_ahead_seconds", "worker:a"] == 2.5

    def test_a_worker_that_was_taken_away_is_forgotten(self, scrape):
        """Names of containers change with each start: old ones must not pile up."""
        long_ago = clock.now() - timedelta(days=1)
        Heartbeat.objects.create(name="worker:old", seen_at=long_ago)
        assert ("later_seen_seconds_ago", "worker:old") not in scrape()

    def test_paused_scopes_are_counted_while_they_last(self, scrape):
        ahead = clock.now() + timedelta(minutes=1)
        Pause.objects.create(platform="fake", scope="app", until=ahead)
        Pause.objects.create(platform="fake", scope="one", until=ahead)
        Pause.objects.create(platform="fake", scope="two", until=ahead)
        Pause.objects.create(platform="fake", scope="at:one.example", until=ahead)
        Pause.objects.create(platform="fake", scope="past", until=clock.now())
        found = scrape()
        assert found["later_paused_scopes", "fake", "app"] == 1
        assert found["later_paused_scopes", "fake", "profile"] == 2
        assert found["later_paused_scopes", "fake", "server"] == 1

    def test_queues_are_measured(self, scrape):
        assert scrape()["later_queue_messages", "publish"] >= 0

    def test_without_the_broker_the_rest_is_told(self, scrape, settings, target):
        settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
        found = scrape()
        assert found["later_up", "broker"] == 0
        assert found["later_up", "database"] == 1
        assert found["later_targets_due", "fake", "scheduled"] == 1

    def test_scraping_takes_few_queries(
        self, scrape, target, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(6):
            scrape()


class TestWhoMayRead:
    def test_without_the_setting_there_is_no_such_page(self, client):
        assert client.get("/metrics").status_code == 404

    @pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}"])
    def test_without_the_token_it_tells_nothing(self, client, settings, given):
        settings.METRICS_TOKEN = TOKEN
        answer = client.get("/metrics", headers={"Authorization": given})
        assert answer.status_code == 401
        assert answer.content == b""
