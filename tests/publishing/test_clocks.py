"""Workers whose clocks are minutes off: nothing early, nothing late, nothing twice."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

from core import clock
from publishing import tasks
from publishing.actions import heartbeat
from publishing.models import Attempt, Heartbeat
from scheduling.models import Target
from tests.support.connected import due_post, profiles_on
from tests.support.worker import Worker, wait_until

FIVE_MINUTES = 300.0


class TestTurns:
    pytestmark = pytest.mark.django_db

    def test_the_first_tick_ever_has_its_turn(self):
        assert heartbeat.take_turn("tick", each_s=0.4)
        assert Heartbeat.objects.get().name == "tick"

    def test_a_second_beat_or_a_pile_of_messages_costs_no_second_tick(self):
        assert heartbeat.take_turn("tick", each_s=0.4)
        assert not heartbeat.take_turn("tick", each_s=0.4)

    def test_a_second_later_it_is_due_again(self):
        past = clock.now() - timedelta(seconds=1)
        Heartbeat.objects.create(name="tick", seen_at=past)
        assert heartbeat.take_turn("tick", each_s=0.4)

    def test_a_sign_from_the_future_stops_no_tick(self):
        """Who wrote it had a wrong clock; waiting for it would stop publishing."""
        ahead = clock.now() + timedelta(minutes=5)
        Heartbeat.objects.create(name="tick", seen_at=ahead)
        assert heartbeat.take_turn("tick", each_s=0.4)
        assert Heartbeat.objects.get().seen_at < ahead

    def test_piled_up_ticks_take_nothing(self, script, target):
        heartbeat.take_turn("tick", each_s=0.4)
        tasks.tick()
        target.refresh_from_db()
        assert target.state == "scheduled"


def shifted(seconds: float, sandbox, *, beat: bool = True) -> Worker:
    """The same worker as ever, on a machine whose clock is so many seconds ahead."""
    return Worker(
        module="tests.publishing.shifted",
        beat=beat,
        PLATFORM_GATEWAY=sandbox.url,
        CLOCK_SHIFT_S=str(seconds),
    )


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
class TestProcesses:
    @pytest.mark.parametrize("seconds", [FIVE_MINUTES, -FIVE_MINUTES])
    def test_a_worker_alone_publishes_at_the_true_time(self, cast, sandbox, seconds):
        """R-F1: neither five minutes early nor five minutes late."""
        [profile] = profiles_on("telegram", cast, sandbox, 1)
        target = due_post(cast, profile, "On time", in_s=10)
        with shifted(seconds, sandbox):
            out = Target.objects.filter(state="published")
            wait_until(out.exists, seconds=40, what="published")
            told = Heartbeat.objects.get(name__startswith="worker:")
        assert abs(told.ahead_ms / 1000 - seconds) < 5
        [entry] = sandbox.ledger("telegram")
        taken = datetime.fromisoformat(entry["accepted_at"])
        assert timedelta(0) <= taken - target.due_at < timedelta(seconds=10)

    def test_one_right_and_one_wrong_take_nothing_from_each_other(self, cast, sandbox):
        """R-F3: a lease means the same to both, however slow the platform is."""
        profiles = profiles_on("telegram", cast, sandbox, 16)
        for profile in profiles:
            due_post(cast, profile, "Once", in_s=8)
        sandbox.set(latency_ms=2_500)
        with (
            shifted(FIVE_MINUTES, sandbox, beat=False),
            Worker(PLATFORM_GATEWAY=sandbox.url),
        ):
            left = Target.objects.exclude(state="published")
            wait_until(lambda: not left.exists(), seconds=60, what="all published")
            names = Attempt.objects.filter(code="lease_lapsed")
            assert not names.exists()
        posted = Counter(row["profile"] for row in sandbox.ledger("telegram"))
        assert posted == {profile.external_id: 1 for profile in profiles}

    def test_a_right_beat_drives_a_worker_that_is_ahead(self, cast, sandbox, tmp_path):
        """Its ticks are no older to it than to anybody: none is thrown away."""
        [profile] = profiles_on("telegram", cast, sandbox, 1)
        due_post(cast, profile, "Driven")
        beat = ("-m", "celery", "-A", "later", "beat", "--pidfile=")
        beat = (*beat, "-s", str(tmp_path / "schedule"))
        with shifted(FIVE_MINUTES, sandbox, beat=False), Worker(command=beat):
            out = Target.objects.filter(state="published")
            wait_until(out.exists, seconds=40, what="published")
