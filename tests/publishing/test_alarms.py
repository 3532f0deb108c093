"""What the operator is told, when, how often, and that it ends."""

from __future__ import annotations

import hashlib
import hmac
import json
import signal
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import DatabaseError

from core import clock
from platforms.errors import OperatorTrouble
from profiles.models import UpdatesCursor
from publishing import alarm_channels, alarms
from publishing.actions.watch import deliver, look, watch
from publishing.alarms import Condition, conditions
from publishing.management.commands import watch as command
from publishing.models import Alarm, AlarmMessage, Heartbeat, Pause
from scheduling.models import Target
from tests.publishing.conftest import due_again, work_off
from tests.publishing.test_races import at_once
from tests.support.worker import Worker, wait_until

pytestmark = pytest.mark.django_db

SECRET = "a-secret-of-the-tests-hook"
LATE = Condition("late", "3 posts are late", "What to do: look.")


@pytest.fixture(autouse=True)
def _mailed(settings):
    settings.ALARM_EMAILS = ["operator@example.org"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def alive():
    """A tick and a worker a moment ago."""
    for name in ("tick", "worker:one"):
        Heartbeat.objects.create(name=name, seen_at=clock.now())


@pytest.fixture
def at():
    """`with at(seconds):` so many seconds after the test began."""
    start = clock.now()
    return lambda s: time_machine.travel(start + timedelta(seconds=s), tick=False)


def keys() -> set[str]:
    return {condition.key for condition in conditions()}


class TestConditions:
    def test_a_publisher_in_good_health_raises_none(self, alive, script, target):
        assert keys() == set()

    def test_a_post_that_is_due_and_not_final_for_too_long(
        self, alive, target, settings
    ):
        """R-F4: never silent, whatever holds it up."""
        settings.ALARM_LATE_S = 120
        due = clock.now() - timedelta(seconds=130)
        Target.objects.update(due_at=due, next_at=clock.now() + timedelta(hours=1))
        [found] = conditions()
        assert (found.key, found.title) == ("late", "1 post is late")
        assert "Fakebook" in found.text
        assert f"{due:%H:%M:%S} UTC" in found.text

    def test_a_tick_that_stopped_though_workers_live(self, alive):
        Heartbeat.objects.filter(name="tick").update(
            seen_at=clock.now() - timedelta(minutes=2)
        )
        [found] = conditions()
        assert found.key == "tick"
        assert "120 s ago" in found.text

    def test_no_worker_and_no_tick_at_all(self):
        assert keys() == {"tick", "workers"}

    def test_one_worker_of_two_is_enough(self, alive):
        old = clock.now() - timedelta(minutes=5)
        Heartbeat.objects.create(name="worker:two", seen_at=old)
        assert keys() == set()

    def test_a_platform_whose_circuit_is_open(self, alive, script):
        ahead = clock.now() + timedelta(minutes=5)
        Pause.objects.create(platform="fake", scope="app", until=ahead, reason="Away.")
        Pause.objects.create(platform="fake", scope="a profile", until=ahead)
        [found] = conditions()
        assert (found.key, "Away." in found.text) == ("paused:fake", True)

    def test_one_server_of_a_platform_with_many(self, alive, script):
        ahead = clock.now() + timedelta(minutes=5)
        Pause.objects.create(platform="fake", scope="at:pds.example", until=ahead)
        [found] = conditions()
        assert (found.key, "pds.example" in found.text) == ("paused:fake", True)

    def test_an_operators_matter_is_told_while_its_circuit_is_open(
        self, alive, script, target
    ):
        """Once, and in the words of the platform, not as a pause beside it."""
        for _ in range(6):
            trouble = OperatorTrouble("The bot token is dead.", code="operator")
            script.send.append(trouble)
            due_again(target)
            work_off()
        assert Pause.objects.get().until > clock.now()
        assert keys() == {"operator:fake"}

    def test_a_bot_that_can_not_be_read_before_any_post_fails(self, alive, script):
        UpdatesCursor.objects.create(platform="fake", trouble="The token is dead.")
        [found] = conditions()
        assert found.key == "operator:fake"

    def test_what_only_the_operator_can_mend(self, alive, script, target):
        """A dead bot token is nobody's fault among those who post."""
        script.send.append(OperatorTrouble("The bot token is dead.", code="operator"))
        work_off()
        [found] = conditions()
        assert found.key == "operator:fake"
        assert "The bot token is dead." in found.text

    def test_a_clock_that_is_minutes_off(self, alive):
        Heartbeat.objects.filter(name="worker:one").update(ahead_ms=-300_000)
        [found] = conditions()
        assert (found.key, "-300.0 s" in found.text) == ("clock", True)

    def test_a_redis_that_does_not_answer(self, alive, settings):
        settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
        assert keys() == {"broker"}

    def test_a_queue_that_grows_at_each_look(self, alive, redis_cache, monkeypatch):
        lengths = iter([190, 200, 210, 220, 215])
        monkeypatch.setattr(
            alarms.broker, "waiting", lambda: {"publish": next(lengths)}
        )
        found = []
        for number in range(5):
            with time_machine.travel(clock.now() + timedelta(seconds=20 * number)):
                found.append("queue" in keys())
        assert found == [False, False, False, True, False]


class TestTelling:
    def test_it_is_told_once_when_it_lasts(self, at):
        for second in (0, 30, 60, 90):
            with at(second):
                tell(LATE)
        [sent] = mail.outbox
        assert sent.subject == "Started: 3 posts are late"
        assert sent.to == ["operator@example.org"]
        assert "What to do: look." in sent.body

    def test_what_passes_at_once_is_not_told(self, at):
        """A restart of the workers is no alarm."""
        with at(0):
            tell(LATE)
        with at(90):
            tell()
        assert (mail.outbox, Alarm.objects.count()) == ([], 0)

    def test_it_is_told_again_each_hour(self, at):
        for minute in range(0, 120, 5):
            with at(minute * 60):
                tell(LATE)
        assert [sent.subject.split(":")[0] for sent in mail.outbox] == [
            "Started",
            "Continues",
        ]

    def test_its_end_is_told_once(self, at):
        for second, found in (
            (0, LATE),
            (30, LATE),
            (60, None),
            (90, None),
            (120, None),
        ):
            with at(second):
                tell(*[found] if found else [])
        assert [sent.subject.split(":")[0] for sent in mail.outbox] == [
            "Started",
            "Ended",
        ]
        assert "This is over" in mail.outbox[1].body

    def test_a_flicker_is_neither_an_end_nor_a_beginning(self, at):
        for second, found in (
            (0, LATE),
            (30, LATE),
            (60, None),
            (80, LATE),
            (110, LATE),
        ):
            with at(second):
                tell(*[found] if found else [])
        assert len(mail.outbox) == 1

    def test_without_a_channel_it_is_remembered_and_nothing_is_sent(self, at, settings):
        settings.ALARM_EMAILS = []
        for second in (0, 30):
            with at(second):
                tell(LATE)
        assert Alarm.objects.get().told_at
        assert not AlarmMessage.objects.exists()


def tell(*found: Condition) -> None:
    look(found)
    deliver()


class TestTwoAtOnce:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_beat_and_the_watch_tell_it_once(self):
        """R-F4: two beats at once don't double it."""
        Alarm.objects.create(key="late", since=clock.now() - timedelta(minutes=1))
        at_once(*[lambda: tell(LATE)] * 4)
        assert len(mail.outbox) == 1

    def test_its_end_too(self):
        past = clock.now() - timedelta(minutes=5)
        Alarm.objects.create(
            key="late", title="Late", since=past, seen_at=past, told_at=past
        )
        at_once(*[tell] * 4)
        assert len(mail.outbox) == 1


class Hook:
    """An operator's server that keeps what it got; `status` answers."""

    def __init__(self, status: int = 200) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.got.append((dict(self.headers), body))
                self.send_response(hook.status)
                self.end_headers()

            def log_message(self, *args) -> None:
                pass

        self.status = status
        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/alarms"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def hook(settings):
    made = Hook()
    settings.ALARM_EMAILS = []
    settings.ALARM_HOOK_URL = made.url
    settings.ALARM_HOOK_SECRET = SECRET
    yield made
    made.server.shutdown()
    made.server.server_close()


class TestHook:
    def test_it_gets_a_signed_message_at_a_private_address(self, hook, at):
        """The operator's own setting may name a host that no person may."""
        for second in (0, 30):
            with at(second):
                tell(LATE)
        [(headers, body)] = hook.got
        said = json.loads(body)
        assert (said["event"], said["alarm"]) == ("alarm.started", "late")
        stamp, sign = (
            part.split("=")[1] for part in headers["Later-Signature"].split(",")
        )
        signed = f"{stamp}.".encode() + body
        expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        assert hmac.compare_digest(sign, expected)

    def test_one_that_fails_is_tried_again_later_with_the_same_id(self, hook, at):
        hook.status = 500
        with at(0):
            tell(LATE)
        with at(30):
            tell(LATE)
        hook.status = 204
        with at(40):
            tell(LATE)
        assert len(hook.got) == 1
        with at(120):
            tell(LATE)
        ids = [json.loads(body)["id"] for _, body in hook.got]
        assert len(ids) == 2
        assert len(set(ids)) == 1
        assert not AlarmMessage.objects.exists()

    def test_one_that_is_away_keeps_no_mail_back(self, hook, at, settings):
        settings.ALARM_HOOK_URL = "http://127.0.0.1:1/"
        settings.ALARM_EMAILS = ["operator@example.org"]
        for second in (0, 30):
            with at(second):
                tell(LATE)
        assert len(mail.outbox) == 1
        assert AlarmMessage.objects.get().channel == "hook"

    def test_after_hours_a_message_is_given_up(self, hook, at):
        hook.status = 500
        for second in (0, 30, 7 * 3_600):
            with at(second):
                tell(LATE)
        assert not AlarmMessage.objects.filter(event="started").exists()

    def test_a_mail_server_that_is_away_is_tried_again(self, at, settings):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        for second in (0, 30):
            with at(second):
                tell(LATE)
        assert AlarmMessage.objects.get().tries == 1

    def test_a_channel_that_was_taken_away_drops_its_messages(self, settings):
        message = AlarmMessage(channel="hook", event="started", key="late")
        settings.ALARM_HOOK_URL = ""
        alarm_channels.send(message)


class TestWatchCommand:
    def test_one_look_from_outside_beat_and_workers(self, tmp_path):
        """A dead publisher can't tell of itself."""
        sign = tmp_path / "sign"
        past = clock.now() - timedelta(minutes=1)
        Alarm.objects.create(key="tick", since=past)
        call_command("watch", "--once", "--sign", str(sign))
        assert "Started: The publisher's tick has stopped" in [
            sent.subject for sent in mail.outbox
        ]
        assert sign.exists()

    def test_a_database_that_is_away_ends_no_watch(self, monkeypatch, tmp_path):
        def away():
            raise DatabaseError

        monkeypatch.setattr(command, "watch", away)
        call_command("watch", "--once", "--sign", str(tmp_path / "sign"))
        assert not (tmp_path / "sign").exists()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_process_of_its_own_tells_that_everything_else_is_dead(hook, tmp_path):
    """R-F4: no beat, no worker, no web: the watch alone; SIGTERM ends it well."""
    sign = tmp_path / "sign"
    command = ("manage.py", "watch", "--each", "1", "--sign", str(sign))
    env = {"ALARM_HOOK_URL": hook.url, "ALARM_HOOK_SECRET": SECRET}
    with Worker(command=command, **env) as process:
        wait_until(lambda: len(hook.got) >= 2, seconds=60, what="two alarms")
        process.process.send_signal(signal.SIGTERM)
        assert process.process.wait(10) == 0
    told = [json.loads(body) for _, body in hook.got]
    assert {(one["alarm"], one["event"]) for one in told} == {
        ("tick", "alarm.started"),
        ("workers", "alarm.started"),
    }
    assert sign.exists()


def test_workers_of_yesterday_are_forgotten(alive):
    """Containers get new names: the table must not grow with each start."""
    long_ago = clock.now() - timedelta(days=2)
    Heartbeat.objects.create(name="worker:gone", seen_at=long_ago)
    watch()
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {
        "tick",
        "worker:one",
    }


def test_a_whole_look_costs_few_statements(alive, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        watch()
