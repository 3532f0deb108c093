"""A sign-in that manages hundreds: stores, Pages, channels (R-C5)."""

from __future__ import annotations

import re

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from profiles.actions.pick import Choice, pick
from profiles.models import SocialProfile, SocialSet
from tests.profiles.fakes import person
from tests.profiles.visitor import text

pytestmark = pytest.mark.django_db

MANY = 500


@pytest.fixture
def picker(visitor, orbit) -> str:
    orbit.people = tuple(person(str(number)) for number in range(MANY))
    return visitor.back(visitor.connect())["Location"]


@pytest.fixture
def spare(cast) -> list[SocialSet]:
    names = [f"Spare {number}" for number in range(100)]
    return [SocialSet.objects.create(group=cast.group, name=name) for name in names]


def test_the_picker_costs_as_many_queries_as_for_one(visitor, picker, spare):
    with CaptureQueriesContext(database) as asked:
        page = visitor.client.get(picker)
    assert len(asked) <= 10
    assert page.content.count(b'name="choice"') == MANY


def test_the_sets_stand_once_on_the_page_and_not_in_each_row(visitor, picker, spare):
    """A row gets them when it is asked for them; two choices need no script."""
    page = text(visitor.client.get(picker))
    assert page.count("Spare 42") == 1
    assert page.count("Next free Social Set") == MANY
    assert len(page) < 1_200_000


def test_with_few_rows_each_has_all_sets_without_a_script(visitor, orbit, spare):
    orbit.people = (person("1"), person("2"))
    page = text(visitor.client.get(visitor.back(visitor.connect())["Location"]))
    assert page.count("Spare 42") == 2
    assert "data-sets-later" not in page


def test_all_of_them_are_connected_at_once(visitor, picker):
    chosen = {"choice": [f"id-{number}" for number in range(MANY)]}
    places = {f"place:id-{number}": "" for number in range(MANY)}
    with CaptureQueriesContext(database) as asked:
        answer = visitor.client.post(picker, chosen | places)
    assert answer["Location"] == visitor.journey("done")
    assert SocialProfile.objects.count() == MANY
    assert len(asked) < 14 * MANY
    page = visitor.client.get(answer["Location"])
    assert "500 profiles are connected" in text(page)


def test_the_result_of_many_costs_as_many_queries_as_of_one(visitor, picker):
    chosen = {"choice": [f"id-{number}" for number in range(40)]}
    done = visitor.client.post(picker, chosen)["Location"]
    with CaptureQueriesContext(database) as asked:
        visitor.client.get(done)
    assert len(asked) <= 10


def test_who_can_not_be_chosen_stands_below_and_has_no_set(visitor, orbit):
    """R-C6: those that can be chosen first."""
    orbit.people = (person("1", refused="No right."), person("2"), person("3"))
    page = text(visitor.client.get(visitor.back(visitor.connect())["Location"]))
    order = re.findall(r'name="choice" value="(id-\d)"', page)
    assert order == ["id-2", "id-3", "id-1"]
    assert 'name="place:id-1"' not in page


def test_a_choice_of_sets_is_kept_when_nothing_was_ticked(visitor, orbit, spare):
    orbit.people = (person("1"), person("2"))
    visitor.back(visitor.connect())
    wanted = {"place:id-2": str(spare[7].pk)}
    page = text(visitor.client.post(visitor.journey("pick"), wanted))
    assert f'value="{spare[7].pk}" selected' in page
    assert page.count("selected") == 2


def test_each_failure_is_told_with_its_reason_beside_those_that_went_well(
    visitor, orbit, cast, spare
):
    """Added, and not: each by its name, none stops another."""
    orbit.people = (person("1"), person("2", address="1 High Street"))
    visitor.back(visitor.connect())
    same = {f"place:id-{number}": str(spare[0].pk) for number in (1, 2)}
    answer = visitor.client.post(
        visitor.journey("pick"), {"choice": ["id-1", "id-2"], **same}, follow=True
    )
    page = text(answer)
    assert "posts for @person1 go out by themselves" in page
    assert "1 was not connected" in page
    assert "1 High Street" in page
    assert "already holds @person1" in page
    assert "Choose again" in page


def test_who_was_here_already_is_told_so(visitor, way, orbit):
    way.connected()
    orbit.people = (person("1"), person("2"))
    away = visitor.connect(profile=str(SocialProfile.objects.get().pk))
    page = text(visitor.client.get(visitor.back(away)["Location"], follow=True))
    assert "It was here already; its sign-in is renewed." in page


def test_a_profile_of_another_account_is_told_without_a_name(visitor, way, cast, orbit):
    """R-B6"""
    theirs = SocialSet.objects.create(group=cast.charlies_group, name="Secret place")
    journey = way.arrived(social_set=theirs, actor=cast.charlie)
    pick(journey=journey, choices=[Choice("id-1")], actor=cast.charlie)
    answer = visitor.back(visitor.connect())
    page = text(visitor.client.get(answer["Location"], follow=True))
    assert "already connected elsewhere" in page
    assert "Secret place" not in page
    assert "Charlie" not in page
