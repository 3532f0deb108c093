"""Two workers, two ticks, an edit at the wrong moment: on a real PostgreSQL (R-F3)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import close_old_connections, connections

from publishing.actions.claim import tick
from publishing.actions.work import publish
from scheduling.models import Target
from scheduling.states import TargetState, move
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.publishing.conftest import lapse

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*jobs):
    """Run the jobs in threads of their own, as near to the same moment as can be."""
    gate = threading.Barrier(len(jobs))

    def run(job):
        close_old_connections()
        try:
            gate.wait(10)
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [future.result() for future in [pool.submit(run, job) for job in jobs]]


def test_two_ticks_at_once_claim_each_row_once(cast, script, target):
    for _ in range(40):
        profile = ProfileFactory(group=cast.group, social_set=another_set(cast))
        post = PostFactory(
            group=cast.group, author=cast.alice, scheduled_at=target.due_at
        )
        TargetFactory(post=post, profile=profile)
    claims = [c for found in at_once(tick, tick, tick) for c in found.to_publish]
    assert len(claims) == len({pk for pk, _ in claims}) == 41


def another_set(cast):
    return type(cast.social_set).objects.create(group=cast.group, name="Another")


def test_two_workers_with_the_same_message_send_once(script, target):
    """A doubled message is harmless: the intent is committed by one of them."""
    [claim] = tick().to_publish
    at_once(*[lambda: publish(*claim)] * 4)
    assert script.calls.count("send") == 1
    target.refresh_from_db()
    assert target.state == TargetState.PUBLISHED


def test_a_message_of_an_older_claim_does_nothing(script, target):
    [old] = tick().to_publish
    lapse(target)
    [new] = tick().to_publish
    publish(*old)
    assert script.calls == []
    publish(*new)
    assert script.calls.count("send") == 1


def test_an_edit_while_claimed_wins_over_the_worker(script, target):
    """The post changed while a worker prepared it: nothing of the old goes out."""
    [claim] = tick().to_publish

    def edited_meanwhile(job, journal):
        Target.objects.filter(pk=target.pk).update(fence=claim[1] + 1)
        current = Target.objects.get(pk=target.pk)
        move(
            current,
            TargetState.SCHEDULED,
            expect=TargetState.CLAIMED,
            next_at=target.next_at,
            lease_until=None,
        )

    script.prepare.append(edited_meanwhile)
    publish(*claim)
    assert "send" not in script.calls
    [claim] = tick().to_publish
    publish(*claim)
    assert script.calls.count("send") == 1


def test_a_post_deleted_while_claimed_is_not_sent(script, target):
    [claim] = tick().to_publish
    script.prepare.append(lambda job, journal: target.post.delete() and None)
    publish(*claim)
    assert "send" not in script.calls


def test_a_stale_worker_can_not_overwrite_the_result(script, target):
    """Its lease ran out while it slept; meanwhile another one published."""
    [old] = tick().to_publish

    def slept(job, journal):
        lapse(target)
        [new] = tick().to_publish
        publish(*new)

    script.prepare.append(slept)
    publish(*old)
    assert script.calls.count("send") == 1
    target.refresh_from_db()
    assert target.state == TargetState.PUBLISHED
