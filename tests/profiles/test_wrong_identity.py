"""A slot never changes its identity by a sign-in, whatever the dialect (R-C10)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from profiles.actions.pick import automatic
from profiles.models import Connection
from profiles.offers import offers_of, seal_offers, seen_offer
from tests.profiles.fakes import person
from tests.profiles.visitor import text

PLATFORMS = ("orbit", "kite", "pigeon")


@pytest.fixture(params=PLATFORMS)
def refreshed(request, way):
    """A connection, and a sign-in of somebody else for its slot."""
    platform = request.param
    connection = _connected(way, platform)
    journey = way.begin(platform, profile=connection.profile).journey
    stranger = person("2")
    offer = seen_offer(stranger, ("read",))
    own = replace(offer, token=replace(offer.token, access="canary-of-another"))
    seal_offers(journey, [own])
    journey.save()
    return connection, journey


def _connected(way, platform: str) -> Connection:
    if platform != "pigeon":
        return way.connected(platform)
    journey = way.begin(platform).journey
    seal_offers(journey, [seen_offer(person("1"), ("post", "edit"))])
    journey.save()
    way.pick(journey, "id-1")
    return Connection.objects.get()


def test_nothing_is_chosen_by_itself(refreshed):
    _, journey = refreshed
    assert automatic(journey, offers_of(journey)) is None


def test_choosing_it_changes_nothing_and_names_both(refreshed, way):
    connection, journey = refreshed
    before = Connection.objects.values().get(pk=connection.pk)
    (result,) = way.pick(journey, "id-2")
    assert result.code == "wrong_identity"
    assert "You signed in as @person2; this slot is @person1." in result.problem
    assert Connection.objects.values().get(pk=connection.pk) == before
    assert connection.profile.external_id == "id-1"


def test_trying_again_the_platform_asks_who_one_is(visitor, way, orbit):
    """Else it would bring the same wrong person back without a word."""
    profile = way.connected().profile
    orbit.people = (person("2"),)
    visitor.back(visitor.connect(profile=str(profile.pk)))
    page = visitor.client.get(visitor.journey("pick"))
    start = visitor.client.get(page.context["again_url"])
    assert start.context["ask"].again is True
    assert "Refresh @person1" in text(start)
    assert "Review permissions" not in text(start)


def test_the_right_one_among_others_is_taken(way, orbit):
    """A login that manages several renews the slot's own."""
    profile = way.connected().profile
    orbit.people = (person("2"), person("1", handle="renamed"))
    journey = way.arrived(profile=profile)
    choice = automatic(journey, offers_of(journey))
    assert choice is not None
    assert choice.external_id == "id-1"
