"""Threads that leave a state together: one commit, and each its own ending (R-F3)."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DataError, close_old_connections, connection, connections
from django.db.transaction import atomic

from core import clock
from publishing.actions import leave as leaving
from publishing.actions.claim import tick
from publishing.actions.leave import leave
from publishing.actions.load import load
from publishing.actions.record import Recorder
from publishing.models import Attempt, Outcome, Step
from scheduling.models import Target
from scheduling.states import IllegalMove, LostClaim, TargetState, move
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.support.worker import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

S = TargetState
CROWD = 8


@pytest.fixture
def crowd(cast, script) -> list[Target]:
    """Claimed, each on a profile of its own, as a worker has loaded them."""
    for _ in range(CROWD):
        sets = type(cast.social_set).objects
        new = sets.create(group=cast.group, name="Another")
        profile = ProfileFactory(group=cast.group, social_set=new, platform="fake")
        at = clock.now() - timedelta(seconds=1)
        post = PostFactory(group=cast.group, author=cast.alice, scheduled_at=at)
        TargetFactory(post=post, profile=profile)
    return [given.target for given in load(tick().to_publish, S.CLAIMED)]


@pytest.fixture
def sizes(monkeypatch) -> list[int]:
    """How many went in each commit; the first one waits until all have come."""
    seen: list[int] = []
    commit = leaving._commit

    def when_all_have_come(mates) -> None:
        seen.append(len(mates))
        if len(seen) == 1:
            turns = leaving._turns
            all_came = lambda: len(turns._waiting) == CROWD - 1  # noqa: E731
            wait_until(all_came, seconds=20, what="all have come", each=0.01)
        commit(mates)

    monkeypatch.setattr(leaving, "_commit", when_all_have_come)
    return seen


def intend(target: Target) -> None:
    recorder = Recorder(target)
    recorder.add(Step.SEND, Outcome.INTENT, "Sending.")
    leave(target, S.SENDING, recorder, prepared={"n": 1}, intent_at=clock.now())


def arrive(target: Target) -> None:
    now, recorder = clock.now(), Recorder(target)
    recorder.add(Step.SEND, Outcome.OK, "")
    leave(target, S.PUBLISHED, recorder, out_at=now, published_at=now)


def each(work, targets: list[Target]) -> list[Future[None]]:
    """In threads of their own, all at once; the futures are done."""

    def run(target: Target) -> None:
        close_old_connections()
        try:
            work(target)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(targets)) as pool:
        return [pool.submit(run, target) for target in targets]


def states() -> list[str]:
    return sorted(Target.objects.values_list("state", flat=True))


def test_who_comes_while_one_commits_shares_the_next_commit(crowd, sizes):
    """R-F3, R-F6: two commits for eight, and each has its row and its attempt."""
    for done in each(intend, crowd):
        done.result()
    assert sizes == [1, CROWD - 1]
    assert states() == [S.SENDING] * CROWD
    assert Attempt.objects.filter(outcome=Outcome.INTENT).count() == CROWD
    assert all(target.state == S.SENDING for target in crowd)
    assert all(target.prepared == {"n": 1} for target in crowd)


def test_what_the_platform_took_is_kept_for_each_profile(crowd, sizes):
    each(intend, crowd)
    sizes.clear()
    for done in each(arrive, crowd):
        done.result()
    assert sizes == [1, CROWD - 1]
    assert states() == [S.PUBLISHED] * CROWD
    assert all(
        row.profile.last_published_at
        for row in Target.objects.select_related("profile")
    )


def test_a_row_that_was_taken_meanwhile_is_lost_to_its_thread_only(crowd, sizes):
    """R-F3: the others of that commit go on."""
    edited = crowd[3]
    Target.objects.filter(pk=edited.pk).update(fence=edited.fence + 1)
    ends = each(intend, crowd)
    assert [type(end.exception()) for end in ends].count(LostClaim) == 1
    assert isinstance(ends[3].exception(), LostClaim)
    assert states().count(S.SENDING) == CROWD - 1
    assert not edited.attempts.exists()


def test_of_a_claim_that_came_twice_one_goes_on(crowd, sizes):
    """R-F3: doubled messages meet in one commit, and still only one of them sends."""
    [first, *_] = crowd
    double = [Target.objects.select_related("profile").get(pk=first.pk) for _ in crowd]
    lost = [end.exception() for end in each(intend, double)]
    assert sum(isinstance(error, LostClaim) for error in lost) == CROWD - 1
    assert lost.count(None) == 1
    assert first.attempts.count() == 1


def test_what_the_database_refuses_fails_alone(crowd, sizes):
    """A text that PostgreSQL can't keep is the trouble of its own post."""

    def work(target: Target) -> None:
        code = "\0" if target is crowd[5] else "fine"
        recorder = Recorder(target)
        leave(target, S.SENDING, recorder, reason_code=code, intent_at=clock.now())

    errors = [end.exception() for end in each(work, crowd)]
    assert isinstance(errors[5], ValueError | DataError)
    assert errors.count(None) == CROWD - 1
    assert states().count(S.SENDING) == CROWD - 1


def test_a_row_that_somebody_holds_keeps_no_other_back(crowd, sizes):
    """Its own thread waits for it; the others are committed meanwhile."""
    holding, release = threading.Event(), threading.Event()

    def hold() -> None:
        with atomic():
            Target.objects.select_for_update().get(pk=crowd[2].pk)
            holding.set()
            release.wait(20)
        connections.close_all()

    def work(target: Target) -> None:
        intend(target)
        with lock:
            done.append(target)
            if len(done) == CROWD - 1:
                release.set()

    done: list[Target] = []
    lock = threading.Lock()
    holder = threading.Thread(target=hold)
    holder.start()
    assert holding.wait(20)
    for end in each(work, crowd):
        end.result()
    holder.join()
    assert done[-1] is crowd[2]
    assert states() == [S.SENDING] * CROWD


def test_together_writes_what_one_move_writes(crowd):
    """Every kind of column: JSON and its absence, text, numbers, times, nothing."""
    now = clock.now()
    columns = {
        "journal": {"é": [1, None, "😀"]},
        "prepared": None,
        "prepared_until": now,
        "parts_out": [{"id": "1", "url": "", "data": {}}],
        "handle": 'it\'s "quoted" \\ 100% ünïcode 😀\n',
        "tries": 3,
        "permalink": "https://fake.test/r1",
        "lease_until": now,
        "intent_at": now,
        "next_at": None,
    }
    one, other, *_ = crowd
    with atomic():
        move(one, S.SENDING, expect=S.CLAIMED, **columns)
    leave(other, S.SENDING, Recorder(other), **columns)
    names = ["state", *columns]
    kept = Target.objects.filter(pk__in=[one.pk, other.pk]).values_list(*names)
    assert kept[0] == kept[1] == (S.SENDING, *columns.values())
    assert Target.objects.filter(state=S.SENDING, prepared__isnull=True).count() == 2
    assert [getattr(other, name) for name in names] == [S.SENDING, *columns.values()]


def test_what_makes_no_sense_fails_in_its_own_thread(crowd, sizes):
    """A value that nothing can write down, and a move that the table doesn't have."""

    def work(target: Target) -> None:
        if target is crowd[4]:
            with pytest.raises(TypeError):
                leave(target, S.SENDING, Recorder(target), prepared={"n": {1}})
        if target is crowd[6]:
            with pytest.raises(IllegalMove):
                leave(target, S.PUBLISHED, Recorder(target))
        intend(target)

    for end in each(work, crowd):
        end.result()
    assert states() == [S.SENDING] * CROWD


def test_within_a_larger_transaction_nobody_else_commits(crowd, monkeypatch):
    monkeypatch.setattr(leaving._turns, "leave", pytest.fail)
    with atomic():
        intend(crowd[0])
        assert connection.in_atomic_block
    assert states().count(S.SENDING) == 1
