"""The strip above the calendar: every slot of the Social Set in one line."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from profiles.queries import slots_of
from profiles.states import ConnectionState as S
from profiles.words import LOOKS
from tests.factories import ProfileFactory


@pytest.fixture
def strip(cast):
    def render() -> str:
        request = RequestFactory().get("/g/1/calendar/", {"month": "2026-11"})
        context = {"slots": slots_of(cast.social_set)}
        html = render_to_string("profiles/_strip.html", context, request)
        return " ".join(html.split())

    return render


def test_an_empty_slot_connects_and_comes_back_here(strip, cast):
    """R-C11: an empty platform icon starts it."""
    link = f"/g/{cast.group.pk}/connect/orbit/?set={cast.social_set.pk}"
    back = "next=%2Fg%2F1%2Fcalendar%2F%3Fmonth%3D2026-11"
    assert f"{link}&amp;{back}" in strip()


@pytest.mark.parametrize("state", [S.REFRESH_NEEDED, S.PERMISSIONS_MISSING, S.EXPIRING])
def test_one_with_trouble_says_what_and_offers_the_fix(strip, cast, state):
    profile = ProfileFactory(
        group=cast.group,
        social_set=cast.social_set,
        platform="orbit",
        handle="ada",
        connection__state=state,
        connection__cause="The password was changed.",
    )
    html = strip()
    assert f"Orbit, @ada: {LOOKS[state].word}" in html
    assert "The password was changed." in html
    assert f"/connect/orbit/?profile={profile.pk}" in html
    assert LOOKS[state].label in html


def test_a_working_one_offers_details_only(strip, cast):
    profile = ProfileFactory(
        group=cast.group, social_set=cast.social_set, platform="orbit"
    )
    html = strip()
    assert f"#profile-{profile.pk}" in html
    assert f"?profile={profile.pk}" not in html


def test_slots_stand_in_the_registrys_order_whatever_their_state(cast):
    ProfileFactory(
        group=cast.group,
        social_set=cast.social_set,
        platform="pigeon",
        connection__state=S.REFRESH_NEEDED,
    )
    order = [slot.platform for slot in slots_of(cast.social_set)]
    assert order == ["orbit", "kite", "pigeon"]
