"""Two at once, on a real PostgreSQL: one wins, the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection as database

from accounts.models import User
from profiles.actions.pick import Choice, pick
from profiles.actions.sets import create_set
from profiles.errors import JourneyRefused
from profiles.models import Journey, SocialProfile, SocialSet
from tests.profiles.fakes import person

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Start together; a refusal is an answer too."""
    line = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            line.wait(10)
            return act()
        except JourneyRefused as error:
            return error
        finally:
            database.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result(30) for each in [pool.submit(run, act) for act in acts]]


def picking(journey: Journey, user: User) -> Callable[[], Any]:
    return lambda: pick(journey=journey, choices=[Choice("id-1")], actor=user)


def test_one_identity_into_two_accounts_goes_to_one(way, cast):
    """R-B6: the database decides, the other is told and not whose it is."""
    theirs = SocialSet.objects.create(group=cast.charlies_group, name="Theirs")
    mine = way.arrived()
    his = way.arrived(social_set=theirs, actor=cast.charlie)
    answers = at_once(picking(mine, cast.alice), picking(his, cast.charlie))
    results = [answer[0] for answer in answers]
    assert sorted(result.connected for result in results) == [False, True]
    (lost,) = [result for result in results if not result.connected]
    assert lost.code == "connected_elsewhere"
    assert SocialProfile.objects.count() == 1


def test_one_slot_for_two_identities_takes_one(way, cast, orbit):
    first = way.arrived()
    orbit.people = (person("2"),)
    second = way.arrived()
    place = str(cast.social_set.pk)

    def into(journey: Journey, who: str) -> Callable[[], Any]:
        choices = [Choice(who, place)]
        return lambda: pick(journey=journey, choices=choices, actor=cast.alice)

    answers = at_once(into(first, "id-1"), into(second, "id-2"))
    results = [answer[0] for answer in answers]
    assert sorted(result.connected for result in results) == [False, True]
    (lost,) = [result for result in results if not result.connected]
    assert lost.code == "slot_taken"


def test_one_state_answered_twice_is_exchanged_once(way, orbit):
    begun = way.begin()
    answers = at_once(lambda: way.back(begun), lambda: way.back(begun))
    refused = [answer for answer in answers if isinstance(answer, JourneyRefused)]
    assert [answer.code for answer in refused] == ["state_used"]
    assert len(orbit.queries) == 1


def test_one_journey_picked_twice_connects_once(way, cast, orbit):
    create_set(group=cast.group, actor=cast.alice, name="Spare")
    journey = way.arrived()
    answers = at_once(picking(journey, cast.alice), picking(journey, cast.alice))
    refused = [answer for answer in answers if isinstance(answer, JourneyRefused)]
    assert [answer.code for answer in refused] == ["journey_over"]
    assert SocialProfile.objects.get().connection.version == 1
