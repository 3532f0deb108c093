"""R-D5: a profile that nears six weeks without a post is pointed out."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from core import clock
from notifications.models import Notice
from profiles import dangers
from profiles.actions import quiet_due
from profiles.actions.concern import GATHER
from profiles.actions.inspect import IDS, share
from profiles.actions.quiet_due import note_quiet
from profiles.actions.tell import tell_due
from profiles.dangers import Danger, Endangered
from profiles.models import Concern, Connection, SocialProfile
from profiles.queries import group_slots
from profiles.states import ConnectionState as S
from tests.profiles.crowd import crowd, statements
from tests.profiles.fakes import Orbit


@pytest.fixture(autouse=True)
def whole_day(monkeypatch) -> None:
    """Every tick looks at all of them."""
    everything = (UUID(int=0), UUID(int=IDS - 1))
    monkeypatch.setattr(quiet_due, "share", lambda now: everything)
    monkeypatch.setattr(dangers, "oracles", [])


@pytest.fixture
def held(way) -> Connection:
    return way.connected()


def published(days: float) -> None:
    at = clock.now() - timedelta(days=days)
    SocialProfile.objects.update(last_published_at=at)


def slot(cast):
    (only,) = group_slots(cast.group)
    return only


@pytest.mark.parametrize(("days", "quiet"), [(34, False), (36, True), (80, True)])
def test_five_weeks_after_the_last_post_it_is_noted(held, cast, days, quiet):
    published(days)
    assert note_quiet() == int(quiet)
    assert (slot(cast).quiet_since is not None) == quiet


def test_one_that_never_published_counts_from_its_connecting(held, cast):
    assert note_quiet() == 0
    with time_machine.travel(clock.now() + timedelta(days=36)):
        assert note_quiet() == 1
        assert slot(cast).quiet_since == held.connected_at


def test_it_is_told_once_and_again_only_after_a_later_post(held):
    published(36)
    note_quiet()
    note_quiet()
    with time_machine.travel(clock.now() + timedelta(days=1)):
        note_quiet()
    assert Concern.objects.count() == 1
    with time_machine.travel(clock.now() + timedelta(days=60)):
        published(36)
        note_quiet()
    assert Concern.objects.count() == 2


def test_people_are_told_since_when_and_what_to_do(held):
    published(36)
    note_quiet()
    with time_machine.travel(clock.now() + GATHER):
        assert tell_due() == 2
    notice = Notice.objects.first()
    assert notice.title == "@person1 on Orbit: nothing published for five weeks"
    assert notice.text.startswith("Nothing was published since ")
    assert "every six weeks. Schedule a post" in notice.text
    assert notice.path.endswith(f"#profile-{held.profile_id}")


def test_a_post_meanwhile_makes_it_no_news(held):
    published(36)
    note_quiet()
    published(0)
    with time_machine.travel(clock.now() + GATHER):
        assert tell_due() == 0


@pytest.mark.parametrize(("days", "noted"), [(3, 0), (30, 1)])
def test_a_post_that_is_planned_in_time_is_enough(held, monkeypatch, days, noted):
    coming = Danger(1, (Endangered(clock.now() + timedelta(days=days), "Soon"),))
    monkeypatch.setattr(dangers, "oracles", [lambda since: {held.profile_id: coming}])
    published(36)
    assert note_quiet() == noted


@pytest.mark.parametrize("state", [S.REFRESH_NEEDED, S.ENABLE_NEEDED, S.DISCONNECTED])
def test_those_that_need_something_else_first_are_not_asked_for_posts(held, state):
    published(36)
    Connection.objects.update(state=state)
    assert note_quiet() == 0


def test_where_nothing_can_be_published_nothing_is_quiet(held, cast, monkeypatch):
    monkeypatch.setattr(Orbit, "publishes", False)
    published(36)
    assert note_quiet() == 0
    assert slot(cast).quiet_since is None


def test_a_tick_takes_its_share_only_in_one_statement(cast, monkeypatch):
    monkeypatch.setattr(quiet_due, "share", share)
    many = crowd(cast.group, 600)
    published(36)
    at = clock.now().replace(hour=6, minute=2)
    low, high = share(at)
    theirs = [each for each in many if low <= each.pk <= high]
    with time_machine.travel(at, tick=False), statements() as seen:
        assert note_quiet() == len(theirs) < 20
    assert len(seen) <= 1 + len(theirs)


def test_the_slots_of_a_page_know_it_without_a_further_statement(cast):
    crowd(cast.group, 8)
    published(36)
    with statements() as seen:
        assert all(each.quiet_since for each in group_slots(cast.group))
    assert len(seen) == 1
