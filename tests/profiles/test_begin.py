"""Begin to connect: rights, slots, state, and what is kept of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import Http404

from accounts.models import Membership, Role
from core import clock, http
from core.errors import DomainError
from platforms.errors import Rejected, Unavailable
from profiles.actions.begin import local_path
from profiles.actions.sets import create_set
from profiles.models import Journey, SocialProfile
from profiles.offers import awaiting_of, offers_of, way_out
from profiles.views.common import adapter_or_404
from tests.profiles.conftest import SESSION, forget
from tests.profiles.fakes import Kite


def test_a_redirect_leads_to_the_platforms_own_sign_in(way, orbit):
    """R-C2: the person signs in at the platform, we never see a password."""
    begun = way.begin()
    assert begun.url.startswith("https://orbit.example/authorize?state=")
    assert orbit.visits[0].redirect_uri == (
        "http://127.0.0.1:8000/connect/orbit/callback/"
    )


def test_with_a_gateway_the_browser_goes_there_too(way):
    http.configure(gateway="http://127.0.0.1:9999")
    assert way.begin().url.startswith("http://127.0.0.1:9999/orbit.example/authorize")


def test_only_a_hash_of_the_state_is_stored(way, orbit):
    begun = way.begin()
    state = orbit.visits[0].state
    assert len(state) >= 40
    row = str(Journey.objects.filter(pk=begun.journey.pk).values().get())
    assert state not in row
    assert "canary-verifier" not in row
    assert SESSION not in row
    assert way_out(begun.journey).secret == {"verifier": "canary-verifier"}


def test_each_journey_has_a_state_of_its_own(way, orbit):
    way.begin()
    way.begin()
    assert orbit.visits[0].state != orbit.visits[1].state


def test_a_journey_ends_after_a_quarter_of_an_hour(way):
    journey = way.begin().journey
    left = journey.expires_at - clock.now()
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)


def test_a_form_brings_identities_at_once_and_its_secrets_are_not_kept(way, kite):
    begun = way.begin("kite")
    assert begun.url == ""
    (offer,) = offers_of(begun.journey)
    assert offer.identity.handle == "person1"
    assert offer.token.access == "canary-access-token"
    assert "canary-key" not in str(begun.journey.unseal())


def test_a_bot_shows_steps_and_a_code(way):
    journey = way.begin("pigeon").journey
    awaiting = awaiting_of(journey)
    assert awaiting.steps == ("Press Start.", "Make the bot an admin.")
    assert awaiting.links[0].label == "Open @pigeon"
    assert awaiting.code not in str(Journey.objects.filter(pk=journey.pk).values())


@pytest.mark.parametrize("role", [Role.RESTRICTED, Role.VIEWER])
def test_who_may_not_connect_may_not_connect(way, cast, role):
    Membership.objects.filter(user=cast.bob).update(role=role)
    with pytest.raises(DomainError) as caught:
        way.begin(actor=cast.bob)
    assert caught.value.code == "may_not_connect"
    assert not Journey.objects.exists()


def test_a_team_member_may_connect(way, cast):
    assert way.begin(actor=cast.bob).journey.user == cast.bob


def test_a_stranger_may_not_connect_into_a_group(way, cast):
    with pytest.raises(DomainError):
        way.begin(actor=cast.charlie)


def test_a_full_slot_takes_no_second_profile(way):
    """R-B2: one slot per platform in a Social Set."""
    way.connected()
    with pytest.raises(DomainError) as caught:
        way.begin()
    assert caught.value.code == "slot_taken"
    assert "@person1" in caught.value.message


def test_a_slot_can_sign_in_again(way, orbit):
    profile = way.connected().profile
    journey = way.begin(profile=profile, again=True).journey
    assert journey.profile == profile
    assert orbit.visits[-1].again is True


def test_a_profile_of_another_set_is_no_refresh_of_this_one(way, cast):
    profile = way.connected().profile
    other = create_set(group=cast.group, actor=cast.alice, name="Other")
    with pytest.raises(DomainError) as caught:
        way.begin(profile=profile, social_set=other)
    assert caught.value.code == "profile_gone"


def test_a_disconnected_profile_is_not_refreshed(way):
    profile = way.connected().profile
    SocialProfile.objects.update(removed_at=clock.now())
    with pytest.raises(DomainError) as caught:
        way.begin(profile=profile)
    assert caught.value.code == "profile_gone"


def test_a_method_without_the_operators_keys_is_not_offered(way, monkeypatch):
    monkeypatch.delenv("PLATFORM_ORBIT_ID")
    forget()
    with pytest.raises(DomainError) as caught:
        way.begin()
    assert caught.value.field == "method"


def test_a_refused_input_is_told_beside_its_field(way):
    with pytest.raises(DomainError) as caught:
        way.begin("kite", inputs={"handle": "ada", "key": ""})
    assert (caught.value.field, caught.value.message) == ("key", "Kite needs a key.")


def test_with_a_single_input_a_refusal_stands_beside_it(way, kite, monkeypatch):
    (one, *_) = kite.methods[0].inputs
    monkeypatch.setattr(Kite, "methods", (replace(kite.methods[0], inputs=(one,)),))
    kite.trouble = Rejected("Kite doesn't know this handle.")
    with pytest.raises(DomainError) as caught:
        way.begin("kite")
    assert caught.value.field == "handle"


def test_a_field_that_is_no_input_is_told_above_the_form(way, kite):
    kite.trouble = Rejected("Not today.", field="elsewhere")
    with pytest.raises(DomainError) as caught:
        way.begin("kite")
    assert caught.value.field == ""


def test_a_platform_that_is_away_leaves_no_journey(way, orbit):
    orbit.trouble = Unavailable("Orbit can't be reached right now.")
    with pytest.raises(DomainError) as caught:
        way.begin()
    assert caught.value.message == "Orbit can't be reached right now."
    assert not Journey.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "calendar/",
        "/" + "x" * 300,
        "http:///evil.example",
        "",
    ],
)
def test_nobody_is_sent_away_from_here_afterwards(url):
    assert local_path(url) == ""


def test_a_path_of_ours_is_kept(way):
    path = "/g/1/calendar/?month=2026-11"
    assert way.begin(return_to=path).journey.return_to == path


def test_an_unknown_platform_is_not_there():
    with pytest.raises(Http404):
        adapter_or_404("orbitt")
