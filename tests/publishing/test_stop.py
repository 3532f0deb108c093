"""R-F10 at the time itself: what a stop reaches is held, in the same breath."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from core import clock
from notifications.models import Notice
from publishing.actions.claim import tick
from publishing.actions.work import publish
from scheduling import stops
from scheduling.actions.resume import resume_target
from scheduling.actions.stop import Order, Reach, lift_due, lift_stop, set_stop
from scheduling.models import Stop
from scheduling.states import TargetState
from tests.publishing.conftest import due_again, work_off

PATIENCE_S = 10
in_database = pytest.mark.django_db
for_real = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stop(cast):
    def make(**order):
        told = Order(**{"reason": "A storm is coming", **order})
        return set_stop(actor=cast.alice, reach=Reach(cast.group), order=told)

    return make


def after(target):
    work_off()
    target.refresh_from_db()
    return target.state


@in_database
def test_due_post_is_held_with_who_and_why(target, script, stop):
    """R-F10: the platform isn't even called."""
    stop()
    assert after(target) == TargetState.HELD
    assert (target.reason_code, script.calls) == (stops.STOPPED, [])
    assert "Alice stopped publishing" in target.reason
    assert "“A storm is coming”" in target.reason


@in_database
def test_people_are_told_of_the_stop_not_of_each_post(target, script, stop):
    stop()
    after(target)
    assert list(Notice.objects.values_list("code", flat=True)) == ["stop.set"]


@in_database
def test_stop_comes_before_lateness(target, script, stop):
    """R-F8, R-F10: what is held by a stop isn't dropped as too late meanwhile."""
    target.post.late_rule = "drop"
    target.post.save()
    target.due_at = clock.now() - timedelta(days=1)
    target.save(update_fields=["due_at"])
    stop()
    assert after(target) == TargetState.HELD


@in_database
def test_lifted_it_goes_out(target, script, stop, cast):
    """R-F10: and its lateness starts anew."""
    made = stop()
    after(target)
    lift_stop(actor=cast.alice, stop=made, plan="now", spacing_min=15)
    assert after(target) == TargetState.PUBLISHED


@in_database
def test_stop_that_is_over_holds_nothing(target, script, stop):
    made = stop()
    Stop.objects.filter(pk=made.pk).update(until=clock.now() - timedelta(seconds=1))
    assert after(target) == TargetState.PUBLISHED


@in_database
def test_costs_no_statement_without_a_stop(target, script):
    """The stop is asked for with the row itself."""
    [claim] = tick().to_publish
    with CaptureQueriesContext(connection) as queries:
        publish(*claim)
    asked = [q["sql"] for q in queries if "scheduling_stop" in q["sql"]]
    assert len(asked) == 1
    assert asked[0].startswith('SELECT "scheduling_target"')


@in_database
def test_nobody_publishes_now_against_a_stop(target, script, stop, cast):
    """R-F10: told who stopped it, instead of being held once more."""
    stop()
    after(target)
    with pytest.raises(Exception, match="Lift the stop first"):
        resume_target(actor=cast.bob, target=target, plan="now")


@for_real
def test_claim_that_was_checked_before_the_stop_is_lost(target, script, stop):
    """R-F10: a stop set while a worker prepares holds the post before it is sent."""
    [claim] = tick().to_publish
    failures = []

    def stopped_meanwhile(job, journal):
        thread = threading.Thread(target=from_elsewhere)
        thread.start()
        thread.join(PATIENCE_S)

    def from_elsewhere():
        try:
            stop()
        except Exception as error:  # noqa: BLE001 - a thread's error is its result
            failures.append(error)
        finally:
            connections.close_all()

    script.prepare.append(stopped_meanwhile)
    publish(*claim)
    target.refresh_from_db()
    assert failures == []
    assert "send" not in script.calls
    assert (target.state, target.reason_code) == (TargetState.HELD, stops.STOPPED)


@for_real
def test_two_beats_end_a_stop_once(target, script, stop, cast):
    """R-F10: idempotent: one lifting, one notice each, one time."""
    made = stop(plan="now")
    after(target)
    Stop.objects.filter(pk=made.pk).update(until=clock.now() - timedelta(seconds=1))
    together, counts = threading.Barrier(2), []

    def beat():
        together.wait(PATIENCE_S)
        try:
            counts.append(lift_due())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=beat) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert sorted(counts) == [0, 1]
    assert Notice.objects.filter(code="stop.lifted", user=cast.bob).count() == 1
    target.refresh_from_db()
    assert target.state == TargetState.SCHEDULED
    assert target.post.events.count() == 1


@for_real
def test_worker_that_saw_the_stop_after_its_lifting_is_caught_up(
    target, script, stop, cast, monkeypatch
):
    """R-F10: "held" is written a moment after the lifting; the beat lets it go on."""
    made = stop()
    why = stops.stop_over

    def lifted_meanwhile(row):
        found = why(row)
        lift_stop(actor=cast.alice, stop=made, plan="now", spacing_min=15)
        return found

    monkeypatch.setattr(stops, "stop_over", lifted_meanwhile)
    assert after(target) == TargetState.HELD
    monkeypatch.setattr(stops, "stop_over", why)
    lift_due()
    due_again(target)
    assert after(target) == TargetState.PUBLISHED
