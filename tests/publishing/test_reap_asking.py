"""Questions that kill their worker: asked again at growing intervals, then a person's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from notifications.models import Notice
from publishing.actions.claim import tick
from publishing.actions.reap import MAX_TRIES
from scheduling.models import Target
from tests.publishing.conftest import due_again, lapse

pytestmark = pytest.mark.django_db


def sent(target: Target, state: str, **columns) -> Target:
    """As it is after sending, with a question left."""
    Target.objects.filter(pk=target.pk).update(
        state=state, intent_at=clock.now(), next_at=clock.now(), **columns
    )
    target.refresh_from_db()
    return target


def dies_asking(target: Target) -> Target:
    due_again(target)
    assert [str(target.pk)] == [pk for pk, _ in tick().to_settle]
    lapse(target)
    tick()
    target.refresh_from_db()
    return target


@pytest.mark.parametrize("state", ["processing", "unconfirmed"])
def test_a_question_whose_worker_died_is_asked_again(target, state):
    dies_asking(sent(target, state))
    assert (target.state, target.lease_until is None) == (state, False)
    assert target.attempts.get().message.startswith("The worker stopped while asking")


@pytest.mark.parametrize("state", ["processing", "unconfirmed"])
def test_a_question_that_always_kills_becomes_a_persons(target, state):
    """R-F4: no endless loop, and never silence."""
    sent(target, state)
    for _ in range(MAX_TRIES):
        dies_asking(target)
    assert (target.state, target.next_at) == ("unconfirmed", None)
    assert target.reason_code == "needs_check"
    assert Notice.objects.filter(code="target.unconfirmed").count() == 1


def test_a_missing_link_is_let_be(target):
    published = clock.now() - timedelta(seconds=5)
    sent(target, "published", published_at=published)
    for _ in range(MAX_TRIES):
        dies_asking(target)
    assert (target.state, target.next_at, target.reason) == ("published", None, "")
    assert not Notice.objects.exists()
