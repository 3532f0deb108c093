"""R-D4: people are told once, early, with what is in danger and one button."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from django.core import mail
from django.db import connection as database

from accounts.actions.groups import create_group
from accounts.models import Membership, Role
from notifications.actions import deliver
from notifications.models import Notice
from platforms.errors import AuthExpired, PermissionMissing
from profiles import dangers
from profiles.actions import expiry
from profiles.actions.concern import GATHER, HOLD
from profiles.actions.mark import locked, mark
from profiles.actions.tell import tell_due
from profiles.actions.trouble import note_trouble
from profiles.dangers import Danger, Endangered
from profiles.models import Concern, Connection
from profiles.states import ConnectionState as S
from tests.profiles.crowd import crowd, statements
from tests.profiles.fakes import ending

NOW = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
PASSWORD = "Orbit says that the password was changed. Sign in again."


@pytest.fixture(autouse=True)
def at():
    with time_machine.travel(NOW, tick=False) as moment:
        yield moment


@pytest.fixture
def posts(monkeypatch) -> dict:
    """What the calendar knows: id of a profile to what is in danger."""
    known: dict = {}
    monkeypatch.setattr(dangers, "oracles", [lambda since: known])
    return known


@pytest.fixture
def held(way, posts) -> Connection:
    return way.connected()


def breaks(held: Connection, words: str = PASSWORD) -> None:
    note_trouble(held.pk, AuthExpired(words))


def told(at, later: timedelta = GATHER) -> list[Notice]:
    """What is said by then, oldest first."""
    at.shift(later)
    tell_due()
    return list(Notice.objects.order_by("pk"))


def test_a_broken_connection_is_told_at_once_to_those_who_can_mend_it(held, cast, at):
    """R-D4: in the app and by mail, within half a minute; strangers never."""
    breaks(held)
    notices = told(at)
    assert {notice.user for notice in notices} == {cast.alice, cast.bob}
    assert {notice.title for notice in notices} == {
        "@person1 on Orbit needs a new sign-in"
    }
    assert deliver() == 2
    assert {message.to[0] for message in mail.outbox} == {
        "alice@example.org",
        "bob@example.org",
    }
    assert PASSWORD in mail.outbox[0].body


def test_the_button_leads_straight_into_the_journey(held, alice, at):
    breaks(held)
    notice = told(at)[0]
    assert notice.button == "Refresh @person1"
    page = alice.get(notice.path)
    assert page.status_code == 200
    assert page.context["ask"].profile == held.profile
    deliver()
    body = mail.outbox[0].body
    assert f"Refresh @person1:\nhttp://127.0.0.1:8000{notice.path}" in body


def test_a_missing_permission_leads_to_its_review(held, at):
    """R-C4: what will not work is named."""
    note_trouble(held.pk, PermissionMissing("Orbit took it away.", ("figures",)))
    notice = told(at)[0]
    assert notice.title == "@person1 on Orbit lacks a permission"
    assert "- See figures: No figures are collected." in notice.text
    assert notice.button == "Review permissions of @person1"
    assert notice.path.endswith("&again=1")


def test_posts_in_danger_are_listed_and_counted(held, posts, at):
    first = Endangered(NOW + timedelta(hours=9), "Good morning")
    posts[held.profile_id] = Danger(7, (first,))
    breaks(held)
    text = told(at)[0].text
    assert "7 scheduled posts are in danger:" in text
    assert "- Tue 3 Mar 2026, 08:30: Good morning\n- and 6 more" in text
    assert "Times as in Europe/Berlin." in text


def test_without_posts_in_danger_it_says_so(held, at):
    breaks(held)
    assert "No scheduled post depends on it right now." in told(at)[0].text


def test_times_are_those_of_the_reader(held, cast, posts, at):
    """Half past ten in the evening in London is the next day in Berlin and Tokyo."""
    cast.bob.timezone = "Asia/Tokyo"
    cast.bob.save()
    posts[held.profile_id] = Danger(1, (Endangered(NOW + timedelta(hours=2), "Hi"),))
    breaks(held)
    texts = {notice.user: notice.text for notice in told(at)}
    assert "Tue 3 Mar 2026, 01:30: Hi" in texts[cast.alice]
    assert "Tue 3 Mar 2026, 09:30: Hi" in texts[cast.bob]


@pytest.mark.parametrize(
    ("days", "when"),
    [(13.9, "in 14 days"), (6.9, "in 7 days"), (2.9, "in 3 days"), (0.9, "tomorrow")],
)
def test_the_end_is_told_ahead_with_its_day(way, kite, posts, at, days, when):
    """R-D4: 14, 7, 3, 1 days before; here at half past eleven in Berlin."""
    kite.token = ending(days)
    way.connected("kite")
    expiry.look_at_ends()
    (notice, _) = told(at)
    assert notice.title == f"@person1 on Kite: the sign-in ends {when}"
    assert "Kite lets nobody but you renew it" in notice.text
    assert notice.button == "Refresh @person1"


def test_posts_before_the_end_are_in_no_danger(way, kite, monkeypatch, at):
    """Only what is scheduled after the expiry is asked for."""
    asked: list = []
    monkeypatch.setattr(dangers, "oracles", [lambda since: asked.append(since) or {}])
    kite.token = ending(10)
    held = way.connected("kite")
    expiry.look_at_ends()
    told(at)
    assert asked == [{held.profile_id: held.ends_at}]


def test_one_notice_not_two(held, at):
    breaks(held)
    breaks(held, "Orbit says it again in other words.")
    told(at)
    assert len(told(at)) == 2
    assert len(told(at, timedelta(days=1))) == 2


def test_what_was_mended_meanwhile_is_not_told(way, held, at):
    breaks(held)
    way.connected(profile=held.profile)
    assert told(at) == []


def test_who_breaks_it_knows(held, cast, at):
    """Disconnected, or a permission left out, by a person who sits in front of it."""
    mark(locked(held.pk), S.PERMISSIONS_MISSING, "Left out.", actor=cast.alice)
    assert told(at) == []


def test_those_who_may_only_look_are_not_asked_to_mend_it(held, cast, at):
    Membership.objects.filter(user=cast.bob).update(role=Role.VIEWER)
    breaks(held)
    assert [notice.user for notice in told(at)] == [cast.alice]


def test_forty_that_break_by_one_password_are_one_mail(cast, posts, at):
    """R-D4: an agency reads one message, each person of its own groups."""
    group = create_group(account=cast.group.account, actor=cast.alice, name="Second")
    many = [*crowd(cast.group, 25), *crowd(group, 15)]
    posts[many[0].profile_id] = Danger(3, (Endangered(NOW + HOLD, "Hello"),))
    for each in many:
        breaks(each)
    to = {notice.user: notice for notice in told(at)}
    assert Notice.objects.count() == 2
    assert to[cast.alice].title == "40 profiles need a new sign-in"
    assert to[cast.bob].title == "25 profiles need a new sign-in"
    text = to[cast.alice].text
    assert text.startswith(f"All of them: {PASSWORD}\n\n- @many0 on Orbit")
    assert "- @many0 on Orbit (Alice Studio): 3 posts, next Tue 3 Mar 2026" in text
    assert "- and 28 more" in text
    assert text.count("\n- @") == 12
    assert "3 scheduled posts are in danger. None is lost:" in text
    assert text.endswith("Times as in Europe/Berlin.")
    assert to[cast.alice].button == "See the profiles"


def test_stragglers_of_the_same_cause_wait_for_one_another(cast, posts, at):
    """Found over an hour, told in two messages; another cause is told at once."""
    first, *late, other = crowd(cast.group, 5)
    breaks(first)
    assert len(told(at)) == 2
    for each in late:
        breaks(each)
    assert len(told(at, timedelta(minutes=5))) == 2
    breaks(other, "Access was withdrawn.")
    notices = told(at)
    assert len(notices) == 4
    assert notices[-1].title == "4 profiles need a new sign-in"
    assert len(told(at, HOLD)) == 4


def test_stragglers_alone_are_told_after_the_hour(cast, posts, at):
    first, late = crowd(cast.group, 2)
    breaks(first)
    told(at)
    breaks(late)
    assert len(told(at, HOLD - timedelta(minutes=1))) == 2
    assert len(told(at, timedelta(minutes=1))) == 4


def test_forty_cost_no_more_statements_than_four(cast, posts, at):
    counts = []
    for many in (4, 40):
        for each in crowd(cast.group, many):
            breaks(each, f"Cause of {many}")
        at.shift(GATHER)
        with statements() as seen:
            tell_due()
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_nothing_to_tell_is_one_statement(held):
    with statements() as seen:
        assert tell_due() == 0
    assert len(seen) == 1


@pytest.mark.django_db(transaction=True)
def test_two_tellers_at_once_tell_once(way, posts, at):
    held = way.connected()
    breaks(held)
    at.shift(GATHER)
    start = Barrier(2)

    def run(_: int) -> int:
        start.wait(timeout=20)
        try:
            return tell_due()
        finally:
            database.close()

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(run, range(2))) == 2
    assert Notice.objects.count() == 2
    assert Concern.objects.filter(told_at=None).count() == 0
