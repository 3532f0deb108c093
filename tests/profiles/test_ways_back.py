"""Every way back from a platform ends somewhere sensible, with the next step (R-C2)."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import Membership, Role
from core import clock
from core.patience import PAGE_S, left
from platforms.errors import OperatorTrouble, Rejected, Unavailable
from profiles.models import Connection, Journey, SocialProfile
from profiles.offers import way_out
from tests.conftest import signed_in
from tests.profiles.fakes import person
from tests.profiles.visitor import Visitor, text


def plain(visitor, away):
    return visitor.back(away)


def declined(visitor, away):
    return visitor.back(away, error="access_denied")


def trouble_there(visitor, away):
    return visitor.back(away, error="server_error", error_description="Oh no.")


def late(visitor, away):
    Journey.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    return visitor.back(away)


def other_group(visitor, away):
    """Another Access Group was looked at in another tab; the journey keeps its own."""
    visitor.client.get(f"/g/{visitor.cast.group.pk}/calendar/")
    return visitor.back(away)


def slow(visitor, away):
    visitor.orbit.trouble = Unavailable("Orbit didn't answer.")
    return visitor.back(away)


def not_set_up(visitor, away):
    visitor.orbit.trouble = OperatorTrouble("Tell whoever runs this server.")
    return visitor.back(away)


def refused_there(visitor, away):
    visitor.orbit.trouble = Rejected("Orbit refused this sign-in.")
    return visitor.back(away)


# What happens, what the page says at the end, and where its next step leads.
WAYS: tuple[tuple[Callable, str, str], ...] = (
    (plain, "go out by themselves", "/settings/profiles/"),
    (other_group, "go out by themselves", "/settings/profiles/"),
    (declined, "You chose not to allow access at Orbit.", "/connect/orbit/?method="),
    (trouble_there, "Orbit ended the sign-in and said: Oh no.", "?method=sign-in"),
    (late, "It was not finished within 15 minutes", "/connect/orbit/?method="),
    (slow, "The trouble is on its side.", "/connect/orbit/?method=sign-in"),
    (refused_there, "Orbit refused this sign-in.", "/connect/orbit/?method="),
)


@pytest.mark.parametrize(
    ("way_back", "said", "next_step"), WAYS, ids=[row[0].__name__ for row in WAYS]
)
def test_each_ends_with_what_happened_and_the_next_step(
    visitor, orbit, way_back, said, next_step
):
    visitor.orbit = orbit
    answer = way_back(visitor, visitor.connect())
    assert answer.status_code == 302
    assert "code=" not in answer["Location"]
    page = visitor.client.get(answer["Location"], follow=True)
    assert page.status_code == 200
    assert said in text(page)
    assert next_step in text(page)


def test_what_the_operator_must_mend_isnt_called_the_platforms_trouble(visitor, orbit):
    """R-C12: trying again soon would help nobody."""
    visitor.orbit = orbit
    answer = not_set_up(visitor, visitor.connect())
    page = text(visitor.client.get(answer["Location"], follow=True))
    assert "Tell whoever runs this server." in page
    assert "on its side" not in page


@pytest.mark.parametrize("way_back", [declined, slow, late])
def test_trouble_on_a_refresh_keeps_the_profile(visitor, way, orbit, way_back):
    """R-C10: nothing overwritten; Try again begins with the same slot."""
    profile = way.connected().profile
    visitor.orbit = orbit
    away = visitor.connect(profile=str(profile.pk))
    page = visitor.client.get(way_back(visitor, away)["Location"], follow=True)
    assert f"profile={profile.pk}" in text(page)
    assert Connection.objects.get().version == 1


def test_an_answer_that_comes_twice_leads_to_the_result_and_is_not_used(visitor, orbit):
    """The back button, or a reload."""
    away = visitor.connect()
    visitor.back(away)
    again = visitor.client.get(visitor.back(away)["Location"], follow=True)
    assert "go out by themselves" in text(again)
    assert len(orbit.queries) == 1
    assert Connection.objects.get().version == 1


def test_an_answer_that_comes_twice_leads_to_the_picker_while_one_chooses(
    visitor, orbit
):
    orbit.people = (person("1"), person("2"))
    away = visitor.connect()
    visitor.back(away)
    assert visitor.back(away)["Location"] == visitor.journey("pick")
    assert visitor.client.get(visitor.journey("pick")).status_code == 200
    assert visitor.client.get(visitor.journey("done")).status_code == 302


def test_an_answer_that_was_declined_stays_so(visitor, orbit):
    away = visitor.connect()
    visitor.back(away, error="access_denied")
    page = visitor.client.get(visitor.back(away)["Location"], follow=True)
    assert "You chose not to allow access at Orbit." in text(page)
    assert orbit.queries == []


def test_a_result_looked_for_too_early_says_where_the_sign_in_is(visitor):
    visitor.connect()
    for step in ("pick", "done"):
        page = visitor.client.get(visitor.journey(step), follow=True)
        assert "isn&#x27;t finished yet" in text(page)
        assert "Try again" in text(page)


def test_another_browser_of_the_same_person_is_told_how_to_mend_it(visitor, cast):
    """Cookies that were dropped, or an app's own browser."""
    other = Visitor(cast, signed_in(cast.alice))
    answer = other.back(visitor.connect())
    assert answer.status_code == 409
    for words in ("was not started in this browser", "let it keep cookies"):
        assert words in text(answer)
    assert not SocialProfile.objects.exists()


def test_somebody_else_at_the_same_browser_is_refused(visitor, cast, bob):
    answer = Visitor(cast, bob).back(visitor.connect())
    assert answer.status_code == 409
    assert "somebody else was signed in here then" in text(answer)


def test_who_was_signed_out_meanwhile_signs_in_and_goes_on(visitor, cast):
    """R-C2: the same slot, the same method; the answer's code goes nowhere."""
    away = visitor.connect(next=f"{visitor.base}/calendar/")
    visitor.client.logout()
    visitor.client.get("/user/login/")
    answer = visitor.back(away)
    assert answer.status_code == 409
    assert "You were signed out while you were away" in text(answer)
    assert "canary-code" not in text(answer)
    sign_in = answer.context["sign_in_url"]
    visitor.client.force_login(cast.alice)
    page = visitor.client.get(sign_in, follow=True)
    assert "Continue to Orbit" in text(page)
    assert page.context["ask"].next == f"{visitor.base}/calendar/"


def test_a_browser_that_refuses_cookies_is_told_so(visitor, cast):
    """R-C12: how to mend it stands beside it."""
    answer = Visitor(cast, Client()).back(visitor.connect())
    assert "came back without our cookies" in text(answer)
    assert "Allow cookies for this site" in text(answer)


def test_nobody_with_a_forged_state_is_only_asked_to_sign_in(client, db):
    answer = client.get("/connect/orbit/callback/", {"state": "x", "code": "y"})
    assert answer.status_code == 409
    assert answer.context["sign_in_url"].endswith("?next=%2F")


def test_a_role_taken_away_meanwhile_is_said(visitor, cast, orbit):
    away = visitor.connect()
    Membership.objects.filter(user=cast.alice).update(role=Role.VIEWER)
    answer = visitor.back(away)
    assert answer.status_code == 409
    assert "Your role in Alice Studio" in text(answer)
    assert orbit.queries == []


def test_two_sign_ins_at_once_each_end_in_their_own(visitor, orbit):
    """Two tabs: the answers come back in the other order."""
    orbit.people = (person("1"), person("2"))
    first = visitor.connect()
    one = visitor.journey("pick")
    second = visitor.connect()
    other = visitor.journey("pick")
    assert visitor.back(second)["Location"] == other
    assert visitor.back(first)["Location"] == one
    assert one != other


def test_of_two_tabs_for_one_slot_the_second_is_told(visitor, orbit):
    first, second = visitor.connect(), visitor.connect()
    visitor.back(first)
    orbit.people = (person("2"),)
    page = visitor.client.get(visitor.back(second)["Location"], follow=True)
    assert "already holds @person1" in text(page)
    assert SocialProfile.objects.count() == 1


def test_a_picker_that_ran_out_says_so(visitor, orbit):
    orbit.people = (person("1"), person("2"))
    visitor.back(visitor.connect())
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        answer = visitor.client.get(visitor.journey("pick"), follow=True)
    assert "This sign-in is over" in text(answer)


def test_a_choice_left_half_way_is_offered_again_where_one_would_start(visitor, orbit):
    """Closed at the picker: nobody has to sign in twice."""
    orbit.people = (person("1"), person("2"))
    start = f"{visitor.base}/connect/orbit/"
    assert "Choose now" not in text(visitor.client.get(start))
    visitor.back(visitor.connect())
    waiting = visitor.client.get(start)
    assert "haven't chosen yet" in html.unescape(text(waiting))
    assert waiting.context["waiting_url"] == visitor.journey("pick")
    visitor.client.post(visitor.journey("pick"), {"choice": "id-1"})
    assert visitor.client.get(start).context["waiting_url"] == ""


def test_a_choice_of_another_browser_is_not_offered(visitor, cast, orbit):
    orbit.people = (person("1"), person("2"))
    visitor.back(visitor.connect())
    other = signed_in(cast.alice).get(f"{visitor.base}/connect/orbit/")
    assert other.context["waiting_url"] == ""


def test_a_choice_made_too_late_says_so(visitor, orbit):
    orbit.people = (person("1"), person("2"))
    visitor.back(visitor.connect())
    chosen = {"choice": "id-1"}
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        answer = visitor.client.post(visitor.journey("pick"), chosen, follow=True)
    assert "This sign-in is over" in text(answer)
    assert not SocialProfile.objects.exists()


def test_a_page_waits_for_a_platform_so_long_and_no_longer(visitor, orbit, monkeypatch):
    """R-C2: a slow one is told as slow, the page doesn't hang."""
    seen = []
    monkeypatch.setattr(orbit, "fail", lambda: seen.append(left(600.0)))
    visitor.back(visitor.connect())
    assert len(seen) == 2
    assert all(0 < time_s <= PAGE_S for time_s in seen)


def test_state_and_verifier_are_kept_until_the_answer_and_no_longer(visitor):
    away = visitor.connect()
    assert way_out(Journey.objects.get()).secret == {"verifier": "canary-verifier"}
    visitor.back(away, error="access_denied")
    assert Journey.objects.get().sealed == ""
