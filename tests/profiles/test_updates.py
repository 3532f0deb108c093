"""A bot's news: codes, rights given, rights taken, and one reader at a time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection as database

from accounts.models import User
from core import clock
from platforms.errors import AuthExpired, OperatorTrouble, RateLimited, Unavailable
from platforms.types import CodeSeen, RoleSeen
from profiles import tasks
from profiles.actions.pick import Choice, automatic, pick
from profiles.actions.updates import pull, pull_all
from profiles.models import Connection, Journey, SocialSet, UpdatesCursor
from profiles.offers import awaiting_of, offers_of
from profiles.states import ConnectionState as S
from tests.profiles.fakes import person

ALL = ("post", "edit")


def code(journey: Journey, who: str = "7") -> CodeSeen:
    awaiting = awaiting_of(journey)
    assert awaiting is not None
    return CodeSeen(awaiting.code, who, "Ada")


def role(who: str = "7", granted: tuple[str, ...] = ALL, **fields: object) -> RoleSeen:
    return RoleSeen(who, person("1", **fields), granted)


@pytest.fixture
def journey(way) -> Journey:
    return way.begin("pigeon").journey


@pytest.fixture
def held(way, pigeon, journey) -> Connection:
    pigeon.news += [code(journey), role()]
    pull_all()
    journey.refresh_from_db()
    (result,) = way.pick(journey, "id-1")
    assert result.connected
    return Connection.objects.get(profile_id=result.profile_id)


def again(row):
    return type(row).objects.get(pk=row.pk)


def test_a_code_tells_who_the_person_is(journey, pigeon):
    pigeon.news.append(code(journey))
    pull_all()
    assert (again(journey).person_id, again(journey).person_name) == ("7", "Ada")


def test_a_right_given_by_that_person_can_be_chosen(journey, pigeon):
    pigeon.news += [code(journey), role()]
    pull_all()
    (offer,) = offers_of(again(journey))
    assert (offer.identity.external_id, offer.granted) == ("id-1", ALL)


def test_the_steps_stay_readable_beside_the_offers(journey, pigeon):
    pigeon.news += [code(journey), role()]
    pull_all()
    assert awaiting_of(again(journey)).steps[0] == "Press Start."


def test_in_a_chat_the_person_chooses(journey, pigeon):
    pigeon.news += [code(journey), role()]
    pull_all()
    row = again(journey)
    assert automatic(row, offers_of(row)) is None


def test_what_another_person_gave_is_not_offered(journey, pigeon):
    """Nobody connects what somebody else administers."""
    pigeon.news += [code(journey), role("8")]
    pull_all()
    assert offers_of(again(journey)) == []


def test_without_the_code_nothing_is_offered(journey, pigeon):
    pigeon.news.append(role())
    pull_all()
    assert offers_of(again(journey)) == []


def test_a_forged_code_binds_nobody(journey, pigeon):
    pigeon.news.append(CodeSeen("forged", "7"))
    pull_all()
    assert again(journey).person_id == ""


def test_a_masked_administrator_proves_nothing_to_anybody(journey, pigeon):
    """Nobody's id must not match the journeys that nobody has answered yet."""
    pigeon.news.append(role(""))
    pull_all()
    assert offers_of(again(journey)) == []


def test_a_code_shown_by_nobody_binds_nobody(journey, pigeon):
    pigeon.news += [CodeSeen(awaiting_of(journey).code, ""), role("")]
    pull_all()
    assert again(journey).person_id == ""
    assert offers_of(again(journey)) == []


def test_a_masked_administrator_heals_nothing_that_was_removed(held, pigeon):
    Connection.objects.update(person_id="")
    pigeon.news += [role("8", granted=()), role("")]
    pull_all()
    assert again(held).state == S.REFRESH_NEEDED


def test_the_first_to_show_the_code_keeps_the_journey(journey, pigeon):
    pigeon.news += [code(journey, "7"), code(journey, "8")]
    pull_all()
    assert again(journey).person_id == "7"


def test_ones_own_link_frees_from_a_strangers(way, cast, pigeon, journey):
    """Talked into Charlie's link first: what Alice adds later isn't his."""
    theirs = SocialSet.objects.create(group=cast.charlies_group, name="Theirs")
    trap = way.begin("pigeon", social_set=theirs, actor=cast.charlie).journey
    pigeon.news += [code(trap), code(journey), role()]
    pull_all()
    assert offers_of(again(trap)) == []
    assert len(offers_of(again(journey))) == 1


def test_an_expired_journey_learns_nothing(journey, pigeon):
    pigeon.news += [code(journey), role()]
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        pull(pigeon)
    assert again(journey).person_id == ""


def test_a_right_too_small_is_shown_with_its_reason(journey, pigeon):
    """R-C6: without the role it says what to ask for."""
    refusal = role(granted=(), refused="The bot may not post there.")
    pigeon.news += [code(journey), refusal]
    pull_all()
    (offer,) = offers_of(again(journey))
    assert offer.refused == "The bot may not post there."


def test_the_newest_word_counts(journey, pigeon):
    pigeon.news += [code(journey), role(granted=(), refused="Not yet."), role()]
    pull_all()
    (offer,) = offers_of(again(journey))
    assert offer.refused == ""


def test_a_right_taken_back_before_choosing_is_no_offer(journey, pigeon):
    pigeon.news += [code(journey), role(), role(granted=())]
    pull_all()
    assert offers_of(again(journey)) == []


def test_several_can_be_given_one_after_the_other(way, journey, pigeon):
    """R-C5: several at once, in a chat too."""
    second = RoleSeen("7", person("2"), ALL)
    pigeon.news += [code(journey), role(), second]
    pull_all()
    results = way.pick(again(journey), "id-1", "id-2")
    assert all(result.connected for result in results)


def test_a_chosen_one_is_connected_with_its_giver(held):
    assert held.state == S.CONNECTED
    assert held.person_id == "7"


def test_rights_cut_down_later_show_at_once(held, pigeon):
    """R-D8: withdrawn on the platform's side."""
    pigeon.news.append(role("8", granted=("post",)))
    pull_all()
    assert (again(held).state, again(held).missing) == (
        S.PERMISSIONS_MISSING,
        ["edit"],
    )


def test_rights_given_back_heal(held, pigeon):
    pigeon.news += [role("8", granted=("post",)), role("8")]
    pull_all()
    assert (again(held).state, again(held).missing) == (S.CONNECTED, [])


def test_a_bot_thrown_out_needs_a_new_sign_in(held, pigeon):
    gone = role("8", granted=(), refused="The bot was removed from Person 1.")
    pigeon.news.append(gone)
    pull_all()
    assert again(held).state == S.REFRESH_NEEDED
    assert again(held).cause == "The bot was removed from Person 1."


def test_after_a_removal_only_who_connected_it_heals_it(held, pigeon):
    """Another admin may have added the bot for another account of ours."""
    pigeon.news += [role("8", granted=()), role("8")]
    pull_all()
    assert again(held).state == S.REFRESH_NEEDED
    pigeon.news.append(role("7"))
    pull_all()
    assert again(held).state == S.CONNECTED


def test_what_is_connected_elsewhere_is_told_when_chosen(way, cast, held, pigeon):
    """R-B6 in a chat."""
    theirs = SocialSet.objects.create(group=cast.charlies_group, name="Theirs")
    trap = way.begin("pigeon", social_set=theirs, actor=cast.charlie).journey
    pigeon.news += [code(trap, "9"), role("9")]
    pull_all()
    (result,) = pick(journey=again(trap), choices=[Choice("id-1")], actor=cast.charlie)
    assert result.code == "connected_elsewhere"


def test_each_event_is_read_once(journey, pigeon):
    pigeon.news += [code(journey), role()]
    assert pull_all() == 2
    assert pull_all() == 0
    assert pigeon.cursors == ["", "2"]


def test_events_applied_twice_change_nothing_more(journey, pigeon):
    pigeon.news += [code(journey), role()]
    pull_all()
    UpdatesCursor.objects.update(cursor="")
    pull_all()
    assert len(offers_of(again(journey))) == 1


def test_without_anybody_waiting_the_platform_is_not_asked(db, pigeon):
    tasks.pull_updates()
    assert pigeon.cursors == []


def test_a_connected_profile_is_reason_enough_to_listen(held, pigeon):
    Journey.objects.all().delete()
    pull_all()
    assert pigeon.cursors[-1] == "2"


@pytest.mark.parametrize(
    ("error", "seconds"),
    [(Unavailable("Away."), 5), (AuthExpired("The bot's token is wrong."), 200)],
)
def test_trouble_is_waited_out(journey, pigeon, error, seconds):
    pigeon.trouble = error
    assert pull_all() == 0
    assert pull_all() == 0
    assert len(pigeon.cursors) == 1
    free_at: Any = UpdatesCursor.objects.get().lease_until
    assert free_at > clock.now() + timedelta(seconds=seconds)


def test_a_rate_limit_of_updates_is_kept(journey, pigeon):
    until = clock.now() + timedelta(minutes=3)
    pigeon.trouble = RateLimited("Too many.", until)
    pull_all()
    assert UpdatesCursor.objects.get().lease_until == until


def test_a_reader_that_lost_its_lease_writes_nothing(journey, pigeon, monkeypatch):
    pigeon.news.append(code(journey))
    read = pigeon.updates

    def overtaken(cursor: str):
        UpdatesCursor.objects.update(owner=None)
        return read(cursor)

    monkeypatch.setattr(pigeon, "updates", overtaken)
    assert pull(pigeon) == 0
    assert UpdatesCursor.objects.get().cursor == ""
    assert again(journey).person_id == ""


@pytest.mark.django_db(transaction=True)
def test_two_readers_at_once_make_one_call(journey, pigeon):
    pigeon.gate = threading.Event()
    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(_pull, pigeon) for _ in range(3)]
        waiter = threading.Event()
        for _ in range(200):
            if sum(reader.done() for reader in readers) == 2:
                break
            waiter.wait(0.05)
        pigeon.gate.set()
        for reader in readers:
            reader.result(20)
    assert pigeon.cursors == [""]


def _pull(pigeon) -> int:
    try:
        return pull(pigeon)
    finally:
        database.close()


def test_a_second_journey_of_one_person_sees_it_too(way, journey, pigeon):
    other = way.begin("pigeon").journey
    pigeon.news += [code(journey), code(other), role()]
    pull_all()
    assert len(offers_of(again(journey))) == len(offers_of(again(other))) == 1
    assert User.objects.filter(name="Ada").count() == 0


def test_a_picture_comes_with_the_newest_word(journey, pigeon):
    newest = replace(role().identity, picture_url="https://cdn.example/2.jpg")
    pigeon.news += [code(journey), role(), RoleSeen("7", newest, ALL)]
    pull_all()
    (offer,) = offers_of(again(journey))
    assert offer.identity.picture_url == "https://cdn.example/2.jpg"


def test_what_only_the_operator_can_mend_is_kept_until_it_is_mended(held, pigeon):
    """R-F4: a dead bot token is known before the first post fails by it."""
    pigeon.trouble = OperatorTrouble("The bot's token is dead.", code="operator")
    pull(pigeon)
    assert UpdatesCursor.objects.get().trouble == "The bot's token is dead."
    later(pigeon, Unavailable("Away."))
    assert UpdatesCursor.objects.get().trouble == "The bot's token is dead."
    later(pigeon, None)
    assert UpdatesCursor.objects.get().trouble == ""


def later(pigeon, trouble) -> None:
    """The next reading, when the pause after the last one is over."""
    pigeon.trouble = trouble
    UpdatesCursor.objects.update(lease_until=None)
    pull(pigeon)
