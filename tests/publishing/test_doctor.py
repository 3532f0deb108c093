"""The publisher's part of the doctor (R-J5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from core import clock
from core.doctor import Finding, Level
from core.timekeeper import Reading, steady
from publishing import doctor, plans
from publishing.models import Heartbeat, Pause
from scheduling.models import Post, Target
from tests.factories import ProfileFactory

pytestmark = pytest.mark.django_db


def of(name: str) -> Finding:
    return next(one for one in doctor.examine() if one.name == name)


def beat(name: str, *, ago: int = 0, **columns: int) -> None:
    seen_at = clock.now() - timedelta(seconds=ago)
    Heartbeat.objects.create(name=name, seen_at=seen_at, **columns)


class TestLife:
    def test_a_tick_and_a_worker_with_room(self):
        beat("tick")
        beat("worker:one", slots=46)
        assert of("tick").level == of("workers").level == Level.OK
        assert "room for 46 posts" in of("workers").text

    def test_a_tick_that_stopped(self):
        beat("tick", ago=90)
        assert of("tick").level == Level.FAIL
        assert "90 s ago" in of("tick").text

    def test_workers_of_other_queues_publish_nothing(self):
        beat("worker:media")
        assert of("workers").level == Level.FAIL
        assert "publish queue" in of("workers").text

    def test_no_worker_at_all(self):
        assert of("workers").level == Level.FAIL

    def test_redis_away(self, settings):
        settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
        assert of("queue").level == Level.FAIL

    def test_a_long_queue(self, monkeypatch):
        monkeypatch.setattr(doctor.broker, "waiting", lambda: {"publish": 5_000})
        assert of("queue").level == Level.WARN


class TestClocks:
    def test_this_machine_agrees_with_the_database(self):
        assert of("clock").level == Level.OK

    def test_a_minute_off_is_told(self, monkeypatch):
        behind = Reading(clock.now() - timedelta(minutes=1), steady())
        monkeypatch.setattr(doctor.database_clock, "read", lambda: behind)
        assert of("clock").level == Level.WARN
        assert "+60 s" in of("clock").text

    def test_a_worker_a_minute_off_is_named(self):
        beat("worker:one", ahead_ms=-60_000)
        assert of("workers' clocks").level == Level.WARN
        assert "worker:one -60 s" in of("workers' clocks").text


class TestPosts:
    def test_one_that_is_due_just_now_is_fine(self, target):
        assert of("due").level == Level.OK
        assert of("due").text.startswith("1 due")

    def test_a_late_one_fails_with_its_state(self, target):
        Target.objects.update(due_at=clock.now() - timedelta(hours=1))
        assert of("due").level == Level.FAIL
        assert "1 scheduled on fake" in of("due").text

    def test_one_near_its_last_try(self, target):
        Target.objects.update(tries=6)
        assert of("tries").level == Level.WARN

    def test_what_waits_for_a_person(self, target):
        Target.objects.update(state="unconfirmed", next_at=None)
        assert of("people").level == Level.WARN
        assert of("due").level == Level.OK

    def test_a_lease_that_no_send_can_need(self, target):
        far = clock.now() + timedelta(hours=2)
        Target.objects.update(state="claimed", lease_until=far)
        assert of("leases").level == Level.WARN

    def test_paused_scopes(self):
        ahead = clock.now() + timedelta(minutes=5)
        Pause.objects.create(platform="fake", scope="app", until=ahead)
        assert of("paused").level == Level.WARN
        assert "fake (app) 1" in of("paused").text

    def test_a_platform_that_refuses_the_installation(self, target):
        Target.objects.update(reason_code="operator", reason="The token is dead.")
        assert of("keys").level == Level.FAIL
        assert "The token is dead." in of("keys").text


class TestChannels:
    def test_with_nobody_to_tell_it_warns(self):
        assert of("alarms").level == Level.WARN

    def test_with_mail_it_is_well(self, settings):
        settings.ALARM_EMAILS = ["operator@example.org"]
        assert of("alarms").level == Level.OK


class TestIndexes:
    def test_all_are_there(self):
        assert of("indexes").level == Level.OK

    def test_a_dropped_one_is_named(self):
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX target_due")
        assert of("indexes").level == Level.FAIL
        assert "target_due" in of("indexes").text

    def test_a_large_table_is_read_by_index(self, many):
        assert plans.scanning() == []
        assert of("indexes").level == Level.OK

    def test_a_large_table_that_is_scanned_is_told(self, many):
        """The planner was told something wrong, or the index is of no use to it."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_indexscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
        assert of("indexes").level == Level.WARN
        assert "what is due" in of("indexes").text


@pytest.fixture
def many(cast, script):
    """More scheduled rows than one would read for the few that are due."""
    profile = ProfileFactory(group=cast.group, social_set=cast.social_set)
    ahead = clock.now() + timedelta(days=30)
    posts = Post.objects.bulk_create(
        [Post(group=cast.group, author=cast.alice) for _ in range(plans.LARGE + 1)],
        batch_size=2_000,
    )
    Target.objects.bulk_create(
        [
            Target(
                post=post,
                profile=profile,
                kind="text",
                state="scheduled",
                due_at=ahead,
                next_at=ahead,
            )
            for post in posts
        ],
        batch_size=2_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE scheduling_target")
