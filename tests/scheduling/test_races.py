"""Edits against a worker that holds a claim: on PostgreSQL, in real transactions."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.db import connection, connections, transaction

from core import clock
from scheduling.actions.create import create_post
from scheduling.actions.delete import delete_post
from scheduling.actions.edit import edit_post
from scheduling.actions.reschedule import reschedule_post
from scheduling.actions.rows import lock, lock_targets
from scheduling.models import Target
from scheduling.states import LostClaim, TargetState, move
from tests.scheduling.conftest import DRAFT, content, only

PATIENCE_S = 10
WAITING = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


def edits(cast, words):
    def edit(post):
        edit_post(
            actor=cast.alice,
            post=post,
            version=post.version,
            content=content(words),
            when=DRAFT,
        )

    def delete(post):
        delete_post(actor=cast.alice, post=post)

    def drag(post):
        wall = f"{clock.now().year + 1}-06-01T10:00"
        reschedule_post(actor=cast.alice, post=post, wall=wall)

    return {"edit": edit, "delete": delete, "reschedule": drag}


def start_sending(target):
    """What the worker does just before the one call that publishes."""
    move(
        target,
        TargetState.SENDING,
        expect=TargetState.CLAIMED,
        intent_at=clock.now(),
    )


@pytest.mark.parametrize("act", ["edit", "delete", "reschedule"])
def test_claim_is_lost_to_an_edit(make_post, cast, words, act):
    """R-F3: what a person changed is never sent in its older form."""
    post = make_post("claimed")
    workers = only(post)
    edits(cast, words)[act](post)
    with pytest.raises(LostClaim):
        start_sending(workers)
    assert only(post).intent_at is None


@pytest.mark.parametrize("act", ["edit", "delete", "reschedule"])
def test_edit_is_refused_once_it_is_being_sent(make_post, cast, words, act):
    """R-F3: the other way round, the person is told and nothing is written."""
    post = make_post("claimed")
    start_sending(only(post))
    with pytest.raises(Exception, match="in hand right now"):
        edits(cast, words)[act](post)
    assert only(post).state == TargetState.SENDING


@pytest.mark.django_db(transaction=True)
def test_worker_waits_for_an_edit_that_has_begun(make_post):
    """R-F3: between an edit's first look and its commit no worker slips through."""
    post = make_post("claimed")
    workers = only(post)
    lost, began = threading.Event(), threading.Event()

    def worker():
        began.set()
        try:
            start_sending(workers)
        except LostClaim:
            lost.set()
        finally:
            connections.close_all()

    thread = threading.Thread(target=worker)
    with transaction.atomic():
        target = lock_targets(lock(post))[0]
        thread.start()
        assert began.wait(PATIENCE_S)
        _until_somebody_waits_for_a_lock()
        move(
            target,
            TargetState.DRAFT,
            expect=TargetState.CLAIMED,
            fence=target.fence + 1,
            lease_until=None,
        )
    thread.join(PATIENCE_S)
    assert lost.is_set()
    assert Target.objects.get(pk=workers.pk).state == TargetState.DRAFT


def _until_somebody_waits_for_a_lock():
    """Asks PostgreSQL itself, so that the race is certain and no time is guessed."""
    pause = threading.Event()
    for _ in range(PATIENCE_S * 100):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
        pause.wait(0.01)
    raise AssertionError("The worker never came to the row.")


@pytest.mark.django_db(transaction=True)
def test_two_people_save_at_once_and_one_is_told(make_post, cast, words):
    """Both opened version 1: one save counts, the other person hears of it."""
    post = make_post()
    codes = []
    together = threading.Barrier(2)

    def save(actor):
        together.wait(PATIENCE_S)
        try:
            edit_post(
                actor=actor,
                post=post,
                version=1,
                content=content(words, text=str(actor)),
                when=DRAFT,
            )
            codes.append("saved")
        except Exception as error:  # noqa: BLE001 - a thread's error is its result
            codes.append(getattr(error, "code", repr(error)))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=save, args=(p,)) for p in (cast.alice, cast.bob)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert sorted(codes) == ["saved", "stale"]


@pytest.mark.django_db(transaction=True)
def test_form_sent_twice_in_the_same_instant_makes_one_post(cast, words):
    """R-F3: a double press on two connections."""
    key, found = uuid4(), []
    together = threading.Barrier(2)

    def send():
        together.wait(PATIENCE_S)
        try:
            what = {"content": content(words), "when": DRAFT, "key": key}
            found.append(create_post(actor=cast.alice, group=cast.group, **what).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert found == [key, key]
    assert Target.objects.filter(post=key).count() == 1
