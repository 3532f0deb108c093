"""A worker that is told to stop finishes what it sends and hands back what it holds."""

from __future__ import annotations

import signal
import time
from collections import Counter
from pathlib import Path

import pytest
import yaml

from core import clock
from core.connections import WRITE_S
from core.http import CONNECT_S, READ_S
from platforms.types import Prepared
from publishing import crew, stopping, tasks
from publishing.actions.claim import tick
from publishing.actions.settle import settle
from publishing.actions.work import publish
from publishing.models import Attempt, Heartbeat
from publishing.worker import say_farewell, take_no_more
from scheduling.models import Target
from tests.support.connected import due_post, profiles_on
from tests.support.worker import Worker, wait_until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _not_told():
    stopping.forget()
    yield
    stopping.forget()


class TestOfOneWorker:
    pytestmark = pytest.mark.django_db

    def test_what_was_not_begun_goes_back_at_once(self, script, target):
        """No lease is waited for, and no try is counted."""
        [claim] = tick().to_publish
        stopping.tell()
        publish(*claim)
        target.refresh_from_db()
        assert (target.state, target.lease_until) == ("scheduled", None)
        assert target.next_at <= clock.now()
        assert (target.tries, script.calls) == (0, [])
        told = Attempt.objects.get(code="handed_back")
        assert "Nothing was sent" in told.message

    def test_what_was_handed_back_goes_out_by_another_worker(self, script, target):
        [claim] = tick().to_publish
        stopping.tell()
        publish(*claim)
        stopping.forget()
        [claim] = tick().to_publish
        publish(*claim)
        target.refresh_from_db()
        assert (target.state, script.calls.count("send")) == ("published", 1)

    def test_between_two_steps_of_preparing_it_stops_and_keeps_the_handles(
        self, script, target
    ):
        def told_meanwhile(job, journal):
            stopping.tell()
            journal.put("upload", {"id": "u1"})
            raise AssertionError("the next step began")

        script.prepare.append(told_meanwhile)
        [claim] = tick().to_publish
        publish(*claim)
        target.refresh_from_db()
        assert (target.state, target.journal) == ("scheduled", {"upload": {"id": "u1"}})
        prepared = Attempt.objects.get(step="prepare")
        assert (prepared.outcome, "stop" in prepared.message) == ("retry", True)

    def test_what_is_prepared_is_not_sent_any_more(self, script, target):
        def told_meanwhile(job, journal):
            stopping.tell()
            return Prepared({})

        script.prepare.append(told_meanwhile)
        [claim] = tick().to_publish
        publish(*claim)
        target.refresh_from_db()
        assert (target.state, script.calls) == ("scheduled", ["prepare"])

    def test_what_is_being_sent_is_finished(self, script, target):
        """R-F3: its answer is worth more than a second saved."""
        answer = script.answer

        def told_meanwhile(hook, *rest):
            if hook == "send":
                stopping.tell()
            return answer(hook, *rest)

        script.answer = told_meanwhile
        [claim] = tick().to_publish
        publish(*claim)
        target.refresh_from_db()
        assert target.state == "published"

    def test_a_question_is_handed_back_unasked(self, script, target):
        Target.objects.update(
            state="unconfirmed", intent_at=clock.now(), next_at=clock.now()
        )
        [claim] = tick().to_settle
        stopping.tell()
        settle(*claim)
        target.refresh_from_db()
        assert (script.calls, target.lease_until) == ([], None)
        assert target.next_at <= clock.now()

    def test_it_claims_nothing_more_and_offers_no_room(self, script, target):
        stopping.tell()
        tasks.tick()
        target.refresh_from_db()
        assert target.state == "scheduled"
        assert crew.slots() == 0


class TestSigningOff:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_the_others_stop_counting_on_its_slots(self):
        Heartbeat.objects.create(name="worker:a@b", seen_at=clock.now(), slots=30)
        take_no_more(sender="a@b")
        assert stopping.told()
        beat = Heartbeat.objects.get(name="worker:a@b")
        wait_until(lambda: refreshed(beat).slots == 0, seconds=5, what="no slots")

    def test_who_left_in_good_order_is_not_missed(self):
        Heartbeat.objects.create(name="worker:a@b", seen_at=clock.now())
        say_farewell(sender=type("Sender", (), {"hostname": "a@b"}))
        assert not Heartbeat.objects.exists()


def refreshed(row):
    row.refresh_from_db()
    return row


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_thirty_posts_in_hand_go_out_once_when_the_worker_is_stopped(cast, sandbox):
    """SIGTERM amid the work: exit code 0, no lease waited for, nothing doubled."""
    profiles = profiles_on("telegram", cast, sandbox, 30)
    for profile in profiles:
        due_post(cast, profile, "Goes out once")
    sandbox.set(latency_ms=1_500)
    with Worker(threads=46, PLATFORM_GATEWAY=sandbox.url) as first:
        in_hand = Target.objects.filter(state__in=["claimed", "sending"])
        sending = Target.objects.filter(state="sending")
        wait_until(
            lambda: in_hand.count() == 30 and sending.count() >= 7,
            seconds=30,
            what="30 in hand, some of them on their way",
            each=0.02,
        )
        first.process.send_signal(signal.SIGTERM)
        assert first.process.wait(grace_s("worker")) == 0
        # Claims whose messages nobody took yet wait in the broker for the next one.
        assert not sending.exists()
    assert not Heartbeat.objects.filter(name__startswith="worker:").exists()
    with Worker(PLATFORM_GATEWAY=sandbox.url):
        left = Target.objects.exclude(state="published")
        wait_until(lambda: not left.exists(), seconds=30, what="all published")
    posted = Counter(row["profile"] for row in sandbox.ledger("telegram"))
    assert posted == {profile.external_id: 1 for profile in profiles}
    assert not Attempt.objects.filter(code="lease_lapsed").exists()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_an_idle_worker_ends_within_seconds(cast, sandbox):
    with Worker(PLATFORM_GATEWAY=sandbox.url) as worker:
        seen = Heartbeat.objects.filter(name__startswith="worker:")
        wait_until(seen.exists, seconds=30, what="a worker")
        started = time.monotonic()
        worker.process.send_signal(signal.SIGTERM)
        assert worker.process.wait(20) == 0
    assert time.monotonic() - started < 10


def grace_s(service: str) -> int:
    """The seconds that docker gives the container before it kills it."""
    text = (ROOT / "docker-compose.yml").read_text()
    found = yaml.safe_load(text)["services"][service]["stop_grace_period"]
    return int(found.removesuffix("s"))


def test_the_container_waits_for_a_call_that_uses_up_its_time_out():
    """What takes longer is a large file on its way: a lease brings that back."""
    assert grace_s("worker") > CONNECT_S + WRITE_S + READ_S
