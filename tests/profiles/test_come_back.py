"""The way back: forged, replayed, late, foreign and declined answers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from accounts.models import Membership, Role
from core import clock
from platforms.errors import RateLimited, Rejected, Unavailable
from profiles.actions.come_back import come_back
from profiles.errors import JourneyRefused
from profiles.models import Journey
from profiles.offers import offers_of
from tests.profiles.conftest import SESSION

SOON = datetime(2026, 11, 22, tzinfo=UTC)


def answer(cast, begun, **changes):
    parts = {
        "platform": "orbit",
        "query": {"state": begun.url.partition("state=")[2], "code": "canary-code"},
        "session": SESSION,
        "user": cast.alice,
    }
    return come_back(**{**parts, **changes})


def code_of(caught) -> str:
    return caught.value.code


def test_the_way_back_brings_identities_and_keeps_them_sealed(way, orbit):
    journey = way.back(way.begin())
    (offer,) = offers_of(journey)
    assert offer.token.access == "canary-access-token"
    assert "canary" not in str(Journey.objects.filter(pk=journey.pk).values())
    assert orbit.secrets == [{"verifier": "canary-verifier"}]
    assert orbit.queries[0]["code"] == "canary-code"


def test_state_and_inputs_are_the_same_on_both_ways(way, orbit):
    way.back(way.begin(inputs={"handle": "ada"}))
    out, back = orbit.visits
    assert out == back


def test_verifier_and_state_are_forgotten_once_used(way):
    journey = way.back(way.begin())
    assert "secret" not in journey.unseal()
    assert "state" not in journey.unseal()


def test_a_forged_state_is_refused(way, cast):
    """R-C2: a sign-in that was not begun here is not used."""
    begun = way.begin()
    with pytest.raises(JourneyRefused) as caught:
        answer(cast, begun, query={"state": "forged", "code": "x"})
    assert code_of(caught) == "state_unknown"
    assert caught.value.journey is None


def test_no_state_at_all_is_refused(way, cast):
    with pytest.raises(JourneyRefused) as caught:
        answer(cast, way.begin(), query={"code": "x"})
    assert code_of(caught) == "state_unknown"


def test_a_state_is_good_for_one_way_back(way, cast, orbit):
    begun = way.begin()
    answer(cast, begun)
    with pytest.raises(JourneyRefused) as caught:
        answer(cast, begun)
    assert code_of(caught) == "state_used"
    assert len(orbit.queries) == 1


def test_a_state_of_another_browser_is_refused_and_stays_good(way, cast, orbit):
    begun = way.begin()
    with pytest.raises(JourneyRefused) as caught:
        answer(cast, begun, session="another-browser")
    assert code_of(caught) == "state_unknown"
    assert orbit.queries == []
    assert answer(cast, begun).returned_at is not None


def test_a_state_of_another_person_is_refused(way, cast, orbit):
    begun = way.begin()
    with pytest.raises(JourneyRefused) as caught:
        answer(cast, begun, user=cast.bob)
    assert code_of(caught) == "state_unknown"
    assert orbit.queries == []


def test_a_state_of_another_platform_is_refused(way, cast):
    with pytest.raises(JourneyRefused) as caught:
        answer(cast, way.begin(), platform="kite")
    assert code_of(caught) == "state_unknown"


def test_after_a_quarter_of_an_hour_it_is_over(way, cast, orbit):
    begun = way.begin()
    with (
        time_machine.travel(clock.now() + timedelta(minutes=16)),
        pytest.raises(JourneyRefused) as caught,
    ):
        answer(cast, begun)
    assert code_of(caught) == "journey_expired"
    assert caught.value.journey == begun.journey
    assert orbit.queries == []


def test_there_is_time_to_choose_after_a_long_sign_in(way, cast):
    begun = way.begin()
    with time_machine.travel(clock.now() + timedelta(minutes=14)):
        journey = answer(cast, begun)
        assert journey.expires_at > clock.now() + timedelta(minutes=14)


def test_declining_is_said_in_words_and_ends_the_journey(way, orbit):
    begun = way.begin()
    with pytest.raises(JourneyRefused) as caught:
        way.back(begun, error="access_denied", error_description="denied")
    assert code_of(caught) == "declined"
    assert "You chose not to allow access at Orbit" in caught.value.message
    assert orbit.queries == []
    journey = Journey.objects.get(pk=begun.journey.pk)
    assert journey.finished_at is not None
    assert journey.sealed == ""


def test_another_error_tells_the_platforms_words_without_secrets(way):
    begun = way.begin()
    said = "server down, token=canary-access-token"
    with pytest.raises(JourneyRefused) as caught:
        way.back(begun, error="server_error", error_description=said)
    assert "Orbit ended the sign-in and said: server down" in caught.value.message
    assert "canary" not in caught.value.message
    assert "canary" not in Journey.objects.get(pk=begun.journey.pk).error


def test_a_refused_exchange_ends_the_journey_in_words(way, orbit):
    begun = way.begin()
    orbit.trouble = Rejected("No.")
    with pytest.raises(JourneyRefused) as caught:
        way.back(begun)
    assert caught.value.message == "No."
    assert Journey.objects.get(pk=begun.journey.pk).error == "No."


@pytest.mark.parametrize("error", [Unavailable("Away."), RateLimited("Full.", SOON)])
def test_trouble_of_the_platforms_own_is_called_so(way, orbit, error):
    """R-C12: nobody here can mend it, and nothing is lost."""
    begun = way.begin()
    orbit.trouble = error
    with pytest.raises(JourneyRefused) as caught:
        way.back(begun)
    assert caught.value.message.startswith(f"{error.message} The trouble is on its")
    assert "Nothing was changed here." in caught.value.message


def test_a_right_taken_away_meanwhile_uses_no_answer(way, cast, orbit):
    begun = way.begin()
    Membership.objects.filter(user=cast.alice).update(role=Role.VIEWER)
    with pytest.raises(JourneyRefused) as caught:
        way.back(begun)
    assert code_of(caught) == "may_not_connect"
    assert caught.value.journey is None
    assert orbit.queries == []
