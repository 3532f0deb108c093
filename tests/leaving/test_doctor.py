"""The operator is told when what must go doesn't (R-I3, R-J5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from core import clock
from core.doctor import Level
from leaving.actions.close import close_account
from leaving.actions.export import ask
from leaving.doctor import examine
from notifications.actions import notify
from notifications.models import Notice

pytestmark = pytest.mark.django_db


def found() -> dict[str, Level]:
    return {finding.name: finding.level for finding in examine()}


def test_all_is_well_where_nothing_is_overdue(cast):
    close_account(account=cast.group.account, actor=cast.alice)
    ask(account=cast.charlies_group.account, actor=cast.charlie)
    notify(user=cast.bob, code="x", title="x", text="x", path="/")
    assert set(found().values()) == {Level.OK}


def test_a_deletion_that_doesn_t_end_is_told(cast):
    """R-I3: a platform has a day; two are too long."""
    close_account(account=cast.group.account, actor=cast.alice)
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        assert found()["deletions"] == Level.WARN


def test_an_export_that_nobody_begins_is_told(cast):
    ask(account=cast.group.account, actor=cast.alice)
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        assert found()["exports"] == Level.WARN


def test_a_purge_that_doesn_t_run_is_told(cast):
    """R-I3: logs are kept for 90 days only."""
    notify(user=cast.bob, code="x", title="x", text="x", path="/")
    Notice.objects.update(created_at=clock.now() - timedelta(days=93))
    assert found()["purge"] == Level.WARN
