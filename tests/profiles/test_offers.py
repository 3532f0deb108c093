"""What a journey keeps comes back as it was, and only what is needed."""

from __future__ import annotations

import json

import pytest

from platforms.types import Grant, Identity, Token
from profiles.errors import JourneyRefused
from profiles.models import Journey, dump_token, load_token
from profiles.offers import (
    awaiting_of,
    offers_of,
    offers_of_grant,
    seal_offers,
    seen_offer,
)
from tests.profiles.fakes import in_days, person

FULL = Identity(
    "id-9",
    "Harbour",
    handle="harbour",
    kind="page",
    role="Admin",
    picture_url="https://cdn.example/9.jpg",
    address="1 Quay",
    refused="Not yet.",
    data={"page": {"id": "7"}, "tags": ["a"]},
)


@pytest.fixture
def journey(way) -> Journey:
    return way.begin().journey


def test_every_fact_of_an_identity_survives(journey):
    token = Token("a" * 20, "r" * 20, in_days(1), ("read",), {"page": "p" * 20})
    offers = offers_of_grant(Grant(token, (FULL,), ("read",)))
    seal_offers(journey, offers)
    assert offers_of(journey) == offers


def test_an_identitys_own_token_wins_over_the_grants(journey):
    own = Token("own-" + "a" * 20)
    both = (person("1", token=own), person("2"))
    first, second = offers_of_grant(Grant(Token("grants"), both, ()))
    assert (first.token, second.token) == (own, Token("grants"))
    assert first.identity.token is None


def test_a_bots_offer_needs_no_token_of_its_own(journey):
    offer = seen_offer(person("1"), ("post",))
    seal_offers(journey, [offer])
    assert offers_of(journey)[0].token == Token("")


def test_what_is_sealed_is_plain_json(journey):
    seal_offers(journey, offers_of_grant(Grant(Token("x"), (FULL,), ())))
    assert json.loads(json.dumps(journey.unseal())) == journey.unseal()


def test_a_journey_without_offers_has_none(way):
    assert offers_of(way.begin("pigeon").journey) == []


def test_steps_survive_offers(way):
    journey = way.begin("pigeon").journey
    before = awaiting_of(journey)
    seal_offers(journey, [seen_offer(person("1"), ("post",))])
    assert awaiting_of(journey) == before


def test_what_is_sealed_opens_in_its_own_row_only(way):
    """R-D2: bound to the row."""
    one, other = way.begin().journey, way.begin().journey
    other.sealed = one.sealed
    with pytest.raises(JourneyRefused, match="can't be read"):
        other.unseal()


def test_rights_of_its_own_count_before_those_of_the_sign_in(orbit):
    """R-C4: granted, but not for this Page."""
    orbit.people = (person("1", granted=("read",)), person("2"))
    one, two = offers_of_grant(orbit.grant())
    assert one.granted == ("read",)
    assert two.granted == orbit.granted


def test_a_tokens_last_day_survives_sealing():
    token = Token("a", "r", in_days(1), ends_at=in_days(180))
    assert load_token(dump_token(token)) == token


def test_tokens_sealed_by_an_older_version_have_no_last_day():
    raw = json.loads(dump_token(Token("a")))
    del raw["ends_at"]
    assert load_token(json.dumps(raw)).ends_at is None
