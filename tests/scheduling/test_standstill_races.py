"""Two people, a worker and a beat at one held post: on PostgreSQL, in real transactions."""

from __future__ import annotations

import threading

import pytest
from django.db import connections

from core.errors import DomainError
from scheduling import stops
from scheduling.actions.delete import delete_post
from scheduling.actions.resume import resume_profile, resume_target
from scheduling.actions.stop import Order, Reach, lift_stop, set_stop
from scheduling.models import Stop, Target
from scheduling.states import LostClaim, TargetState, move
from tests.scheduling.conftest import only

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE_S = 10


def together(*jobs):
    """What each of them says, begun as near to one instant as can be."""
    gate, said = threading.Barrier(len(jobs)), []

    def run(job):
        gate.wait(PATIENCE_S)
        try:
            job()
            said.append("done")
        except DomainError as error:
            said.append(error.code)
        except Exception as error:  # noqa: BLE001 - a thread's error is its result
            said.append(repr(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    return sorted(said)


def test_two_people_resume_one_post_and_one_is_told(make_post, cast):
    """R-D6: one time, one line in the story."""
    target = only(make_post("held"))

    def resume(actor, plan):
        return lambda: resume_target(actor=actor, target=target, plan=plan)

    said = together(resume(cast.alice, "free"), resume(cast.bob, "tomorrow"))
    assert said == ["done", "not_retryable"]
    assert target.post.events.count() == 1


def test_all_and_one_of_them_at_once(make_post, cast, words):
    """Posts first, then targets, by id: nobody waits for the other in a circle."""
    posts = [make_post("held") for _ in range(8)]
    target = only(posts[3])
    said = together(
        lambda: resume_profile(actor=cast.alice, profile=words, plan="now"),
        lambda: resume_profile(actor=cast.bob, profile=words, plan="free"),
        lambda: resume_target(actor=cast.bob, target=target, plan="now"),
    )
    assert "done" in said
    assert set(said) <= {"done", "nothing_held", "not_retryable"}
    assert set(Target.objects.values_list("state", flat=True)) == {"scheduled"}


def test_lifting_while_others_delete(make_post, cast):
    """R-F10: what was deleted meanwhile stays deleted, the rest goes on."""
    columns = {"reason_code": stops.STOPPED}
    posts = [make_post("held", target=columns) for _ in range(6)]
    stop = Stop.objects.create(
        account=cast.group.account, group=cast.group, reason="A storm"
    )
    said = together(
        lambda: lift_stop(actor=cast.alice, stop=stop, plan="now", spacing_min=15),
        *[lambda p=post: delete_post(actor=cast.bob, post=p) for post in posts[:3]],
    )
    assert said == ["done"] * 4
    found = Target.objects.values_list("post__deleted_at", "state")
    assert {state for deleted, state in found if deleted} == {"cancelled"}
    assert {state for deleted, state in found if not deleted} == {"scheduled"}


def test_two_people_stop_the_same_group_and_one_is_told(cast):
    """R-F10: one stop in force, by the database's own word."""

    def stop(actor):
        order = Order(reason=f"{actor} says so")
        return lambda: set_stop(actor=actor, reach=Reach(cast.group), order=order)

    assert together(stop(cast.alice), stop(cast.bob)) == ["already_stopped", "done"]
    assert Stop.objects.open().count() == 1


def test_two_people_lift_one_stop_and_one_is_told(make_post, cast):
    target = only(make_post("held", target={"reason_code": stops.STOPPED}))
    stop = Stop.objects.create(
        account=cast.group.account, group=cast.group, reason="A storm"
    )

    def lift(actor):
        return lambda: lift_stop(actor=actor, stop=stop, plan="now", spacing_min=15)

    assert together(lift(cast.alice), lift(cast.bob)) == ["done", "lifted"]
    assert target.post.events.count() == 1


def test_worker_on_the_brink_of_sending_either_sends_or_is_held(make_post, cast):
    """R-F3, R-F10: never both: the row decides who came first."""
    post = make_post("claimed", target={"due_at": None})
    Target.objects.update(due_at=post.created_at)
    workers = only(post)
    lost = []

    def send():
        try:
            move(
                workers,
                TargetState.SENDING,
                expect=TargetState.CLAIMED,
                intent_at=post.created_at,
            )
        except LostClaim:
            lost.append(True)

    def stop():
        order = Order(reason="A storm")
        set_stop(actor=cast.alice, reach=Reach(cast.group), order=order)

    assert together(send, stop) == ["done", "done"]
    assert only(post).state == ("held" if lost else "sending")
