"""Threads and first comments: parts of one target, each with the same guarantees."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from core.errors import DomainError
from platforms.errors import OutcomeUnknown, Rejected, Unavailable
from platforms.types import Absent, Pending, Published
from publishing.models import Attempt
from scheduling.actions.delete import delete_post
from scheduling.actions.reschedule import reschedule_post
from scheduling.models import Target
from tests.factories import PostFactory, TargetFactory
from tests.publishing.conftest import due_again, lapse, work_off
from tests.support.connected import due_post, profiles_on

pytestmark = pytest.mark.django_db


def out(number: int) -> Published:
    return Published(f"r{number}", f"https://fake.test/r{number}", {"cid": number})


@pytest.fixture
def thread(cast, profile, script) -> Target:
    """A post with two more parts, due since a second."""
    script.send = [out(1), out(2), out(3)]
    at = clock.now() - timedelta(seconds=1)
    post = PostFactory(group=cast.group, author=cast.alice, scheduled_at=at, text="One")
    options = {"follow_ups": ["Two", "Three"]}
    return TargetFactory(post=post, profile=profile, options=options)


def step(target: Target) -> Target:
    due_again(target)
    work_off()
    target.refresh_from_db()
    return target


def ids(target: Target) -> list[str]:
    return [part["id"] for part in target.parts_out]


def test_parts_go_out_one_after_the_other(thread, script):
    """R-F3: each is prepared, sent and kept before the next begins."""
    seen = []
    script.prepare = [lambda job, _: seen.append((job.draft.text, job.before))] * 3
    for _ in range(3):
        step(thread)
    assert [text for text, _ in seen] == ["One", "Two", "Three"]
    assert [[part.id for part in before] for _, before in seen] == [
        [],
        ["r1"],
        ["r1", "r2"],
    ]
    assert seen[2][1][1].data == {"cid": 2}
    assert (thread.state, ids(thread)) == ("published", ["r1", "r2", "r3"])


def test_the_address_and_the_time_are_those_of_the_first_part(thread):
    step(thread)
    first = thread.published_at
    for _ in range(2):
        step(thread)
    assert (thread.permalink, thread.remote_id) == ("https://fake.test/r1", "r1")
    assert thread.published_at == first


def test_a_post_without_more_parts_keeps_none(target):
    work_off()
    target.refresh_from_db()
    assert (target.state, target.parts_out) == ("published", [])


def test_it_resumes_at_the_part_that_failed(thread, script):
    """A half-published thread goes on at the stored id, never from the start."""
    script.send = [out(1), Unavailable("Away."), out(2), out(3)]
    step(thread)
    step(thread)
    assert (thread.state, ids(thread), thread.tries) == ("scheduled", ["r1"], 1)
    assert "The post is out" in thread.reason
    for _ in range(2):
        step(thread)
    assert (thread.state, ids(thread)) == ("published", ["r1", "r2", "r3"])


def test_a_lost_answer_of_a_part_is_looked_up_as_that_part(thread, script):
    """R-F3: unknown means ask, for each part by itself."""
    script.send = [out(1), OutcomeUnknown("Who knows."), out(3)]
    step(thread)
    step(thread)
    assert thread.state == "unconfirmed"
    script.find = [lambda job: out(2) if job.draft.text == "Two" else Absent(True)]
    step(thread)
    assert (thread.state, ids(thread)) == ("scheduled", ["r1", "r2"])
    step(thread)
    assert (thread.state, ids(thread)) == ("published", ["r1", "r2", "r3"])


def test_a_part_that_surely_is_not_there_is_sent_again(thread, script):
    script.send = [out(1), OutcomeUnknown("Who knows."), out(2), out(3)]
    script.find = [Absent(certain=True)]
    for _ in range(5):
        step(thread)
    assert (thread.state, ids(thread)) == ("published", ["r1", "r2", "r3"])


def test_a_part_that_the_platform_works_on_is_asked_for(thread, script):
    script.send = [out(1), Pending("job"), out(3)]
    script.check = [out(2)]
    for _ in range(4):
        step(thread)
    assert (thread.state, ids(thread)) == ("published", ["r1", "r2", "r3"])


def test_a_worker_that_dies_between_parts_costs_a_lease(thread, script):
    """R-F3: claimed for the second part, then dead: the first stays alone for it."""
    step(thread)
    Target.objects.filter(pk=thread.pk).update(
        state="claimed", fence=9, lease_until=clock.now()
    )
    lapse(thread)
    script.send = [out(2), out(3)]
    for _ in range(3):
        step(thread)
    assert (thread.state, ids(thread)) == ("published", ["r1", "r2", "r3"])
    assert script.accepted == [str(thread.pk)] * 3


def test_a_refused_part_says_that_the_post_is_out(thread, script, cast):
    """Nobody publishes a post twice because its comment failed."""
    script.send = [out(1), Rejected("Too rude.", "options")]
    step(thread)
    step(thread)
    assert (thread.state, thread.out_in_part) == ("failed", True)
    assert thread.reason == "The post is out; what follows it isn't yet. Too rude."
    assert thread.permalink == "https://fake.test/r1"


def test_what_is_out_in_part_cannot_be_moved_or_deleted(thread, cast):
    step(thread)
    with pytest.raises(DomainError) as moved:
        reschedule_post(actor=cast.alice, post=thread.post, wall="2030-01-01T10:00")
    with pytest.raises(DomainError) as deleted:
        delete_post(actor=cast.alice, post=thread.post)
    assert (moved.value.code, deleted.value.code) == ("published", "published")


def test_the_rest_is_never_too_late(thread, script):
    """R-F8: of a thread that is out in part the rest must follow."""
    step(thread)
    Target.objects.update(due_at=clock.now() - timedelta(days=3))
    for _ in range(2):
        step(thread)
    assert thread.state == "published"


def test_each_part_has_its_attempts(thread):
    for _ in range(3):
        step(thread)
    sent = Attempt.objects.filter(target=thread, step="send", outcome="ok")
    assert sent.count() == 3


def test_a_thread_on_bluesky_hangs_together(cast, sandbox, settings):
    """R-F3: root and parent of each reply are the parts before it, at the server."""
    [profile] = profiles_on("bluesky", cast, sandbox, 1)
    target = due_post(cast, profile, "One")
    Target.objects.filter(pk=target.pk).update(
        options={"follow_ups": ["Two with #tag", "Three"]}
    )
    for _ in range(3):
        step(target)
    assert target.state == "published", target.reason
    posted = sandbox.ledger("bluesky")
    assert [row["text"] for row in posted] == ["One", "Two with #tag", "Three"]
    uris = [part["id"] for part in target.parts_out]
    replies = [row["extra"].get("reply") for row in posted]
    assert replies[0] is None
    assert [r["root"]["uri"] for r in replies[1:]] == [uris[0]] * 2
    assert [r["parent"]["uri"] for r in replies[1:]] == uris[:2]
