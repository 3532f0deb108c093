"""A platform that this installation no longer knows stands in nobody's way."""

from __future__ import annotations

import pytest

from core import clock
from notifications.models import Notice
from profiles.actions import expiry, refresh_due, tell
from profiles.actions.remove import remove, revoke
from profiles.actions.sweep import sweep
from profiles.models import Concern, Connection, SocialProfile
from profiles.states import ConnectionState as S
from tests.profiles.crowd import crowd
from tests.profiles.fakes import in_days


@pytest.fixture
def gone(cast) -> Connection:
    """Due for everything, and longer than all others."""
    long_ago = in_days(-3)
    (held,) = crowd(
        cast.group,
        1,
        platform="gone",
        warn_at=long_ago,
        ends_at=long_ago,
        refresh_at=long_ago,
    )
    return held


def test_the_ends_of_others_are_looked_at(cast, gone):
    """R-D4: one row that nobody can read would hold up every warning after it."""
    past = in_days(-1)
    (other,) = crowd(cast.group, 1, warn_at=past, ends_at=past)
    assert expiry.look_at_ends() == 1
    other.refresh_from_db()
    assert other.state == S.REFRESH_NEEDED


def test_it_is_not_renewed_for_ever(gone, monkeypatch):
    monkeypatch.setattr(refresh_due, "enqueue", lambda *_: pytest.fail("asked"))
    assert refresh_due.refresh_due() == 0
    assert sweep() == {}


def test_what_others_need_is_told(cast, gone):
    """R-D4"""
    (other,) = crowd(cast.group, 1, state=S.REFRESH_NEEDED, cause="Ended.")
    for connection in (gone, other):
        Concern.objects.create(
            connection=connection,
            account=cast.group.account,
            kind=Concern.Kind.BROKEN,
            key=f"broken:{connection.pk}",
            due_at=clock.now(),
        )
    Connection.objects.filter(pk=gone.pk).update(state=S.REFRESH_NEEDED)
    assert tell.tell_due() > 0
    assert set(Notice.objects.values_list("code", flat=True)) == {"connection.broken"}


def test_its_token_is_destroyed_and_that_is_said(way, cast, monkeypatch):
    """R-D8: kept for a day at most, whatever became of the platform."""
    monkeypatch.setattr("profiles.actions.remove.enqueue", lambda *_: None)
    held = way.connected()
    remove(profile=held.profile, actor=cast.alice)
    SocialProfile.objects.update(platform="gone")
    revoke(str(held.pk))
    held.refresh_from_db()
    assert held.farewell == ""
    assert "no longer knows the platform" in held.events.first().cause
