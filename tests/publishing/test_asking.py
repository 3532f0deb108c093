"""Questions about what was sent, and sign-ins that can't be renewed: nobody's dead end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from core.errors import DomainError
from notifications.models import Notice
from platforms import registry
from platforms.errors import AuthExpired, RateLimited, Rejected, Unavailable
from platforms.types import Token
from profiles.models import Connection
from profiles.states import ConnectionState
from publishing.actions import settle
from publishing.actions.reap import MAX_TRIES
from scheduling.models import Target
from scheduling.states import TargetState
from tests.publishing.conftest import due_again, work_off

pytestmark = pytest.mark.django_db

DAY_AND_MORE = timedelta(hours=25)


def in_state(target: Target, state: str, **columns: object) -> None:
    Target.objects.filter(pk=target.pk).update(
        state=state, intent_at=clock.now(), next_at=clock.now(), prepared={}, **columns
    )


@pytest.mark.parametrize("state", [TargetState.PROCESSING, TargetState.UNCONFIRMED])
def test_a_limit_is_obeyed_while_asking_too(target, script, state):
    """R-F5: the platform says when, whatever we wanted to ask."""
    until = clock.now() + timedelta(minutes=20)
    script.check = script.find = [RateLimited("Slow down.", until)]
    in_state(target, state)
    work_off()
    target.refresh_from_db()
    assert target.state == state
    assert target.next_at >= until


def test_processing_that_nobody_can_ask_about_ends_at_a_person(target, script):
    """R-F4: a day of silence is told, not waited through for ever."""
    script.check = [Unavailable("Away.")]
    script.find = [Unavailable("Away.")]
    in_state(target, TargetState.PROCESSING)
    Target.objects.update(intent_at=clock.now() - DAY_AND_MORE)
    for _ in range(2):
        work_off()
        due_again(target)
        target.refresh_from_db()
    work_off()
    target.refresh_from_db()
    assert target.state == TargetState.UNCONFIRMED
    assert Notice.objects.filter(code="target.unconfirmed").exists()


def test_a_file_that_cannot_be_read_does_not_stop_the_asking(
    target, script, monkeypatch
):
    """R-F4: it is asked again later, and told after a day; nothing loops in silence."""
    gone = DomainError("file_gone", "The file can't be read.")
    monkeypatch.setattr(settle, "build", refusing(gone))
    in_state(target, TargetState.UNCONFIRMED)
    work_off()
    target.refresh_from_db()
    assert (target.tries, target.lease_until) == (1, None)
    Target.objects.update(intent_at=clock.now() - DAY_AND_MORE, next_at=clock.now())
    work_off()
    assert Notice.objects.filter(code="target.unconfirmed").exists()


def test_a_link_is_not_asked_for_for_ever_over_a_broken_connection(target, script):
    two_days_ago = clock.now() - timedelta(days=2)
    in_state(target, TargetState.PUBLISHED, published_at=two_days_ago)
    Connection.objects.update(state=ConnectionState.REFRESH_NEEDED)
    work_off()
    target.refresh_from_db()
    assert (target.state, target.next_at) == (TargetState.PUBLISHED, None)


def test_a_sign_in_that_will_not_renew_holds_the_post(target, script, monkeypatch):
    """R-D6, R-D8: the refusal is about the sign-in; the post waits unharmed."""
    monkeypatch.setattr(
        type(registry_get(target)), "refresh", refusing(Rejected("Too young to renew."))
    )
    script.send = [AuthExpired("The sign-in has ended.")]
    work_off()
    target.refresh_from_db()
    assert (target.state, target.reason) == (
        TargetState.HELD,
        "The sign-in has ended.",
    )
    assert Connection.objects.get().state == ConnectionState.REFRESH_NEEDED


def test_a_sign_in_refused_just_before_its_end_holds_the_post(
    target, script, monkeypatch
):
    """R-D6: before anything was prepared, too."""
    kind = type(registry_get(target))
    monkeypatch.setattr(kind, "refresh_ahead", timedelta(minutes=5))
    monkeypatch.setattr(kind, "refresh", refusing(Rejected("Not any more.")))
    connection = Connection.objects.get()
    connection.seal(Token("old", expires_at=clock.now() + timedelta(seconds=20)))
    connection.save()
    work_off()
    target.refresh_from_db()
    assert (target.state, target.reason) == (TargetState.HELD, "Not any more.")
    assert script.calls == []


def test_a_post_that_kills_every_worker_ends_with_its_people_told(target, script):
    """R-F4: given up for good, and never silently."""
    long_ago = clock.now() - timedelta(minutes=5)
    in_state(target, TargetState.CLAIMED, tries=MAX_TRIES - 1, lease_until=long_ago)
    work_off()
    target.refresh_from_db()
    assert (target.state, target.reason_code) == (TargetState.FAILED, "worker_lost")
    assert Notice.objects.filter(code="target.failed").count() == 1


def registry_get(target):
    return registry.get(target.profile.platform)


def refusing(error):
    def refresh(*_):
        raise error

    return refresh
