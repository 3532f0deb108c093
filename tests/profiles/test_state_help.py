"""Each state says what it means and what to do, beside itself (R-C12, R-C4)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from profiles.models import SocialProfile
from profiles.queries import slot_of
from profiles.states import ConnectionState as S
from profiles.words import LOOKS, WITHOUT_POSTS
from tests.factories import ProfileFactory
from tests.profiles.visitor import text


@pytest.fixture
def slot(cast):
    def make(state: str, missing: tuple[str, ...] = (), platform: str = "orbit"):
        profile: SocialProfile = ProfileFactory(
            group=cast.group,
            social_set=cast.social_set,
            platform=platform,
            connection__state=state,
            connection__missing=list(missing),
            connection__method={"orbit": "sign-in", "pigeon": "bot"}[platform],
        )
        return slot_of(profile)

    return make


@pytest.mark.parametrize("prolongs", [True, False])
def test_a_fixed_last_day_is_an_end(slot, monkeypatch, prolongs):
    """R-D4: renewals go on until it, and then a person is needed."""
    found = slot(S.CONNECTED)
    monkeypatch.setattr(type(found.adapter), "prolongs", prolongs)
    held, now = found.connection, clock.now()
    held.refresh_at, held.expires_at = now, now + timedelta(days=60)
    held.ends_at = now + timedelta(days=365)
    assert found.renews_itself == prolongs
    held.ends_at = held.expires_at
    assert found.renews_itself
    held.refresh_at = None
    assert not found.renews_itself


@pytest.mark.parametrize("state", S)
def test_every_state_says_what_it_means(slot, state):
    found = slot(state)
    assert found.look is LOOKS[state]
    assert found.help.endswith(".")


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (("figures",), "Posts still go out."),
        (("write",), "Scheduled posts wait, none is lost."),
        (("read",), "Scheduled posts wait, none is lost."),
        (("write", "figures"), "Scheduled posts wait, none is lost."),
    ],
)
def test_what_is_missing_decides_what_still_works(slot, missing, said):
    """R-C4: publishing, analytics and comments degrade one by one."""
    found = slot(S.PERMISSIONS_MISSING, missing)
    assert found.help.startswith(said)
    assert found.usable == said.startswith("Posts still")
    assert [gap.permission.name for gap in found.gaps] == list(missing)


@pytest.mark.parametrize("state", [S.REFRESH_NEEDED, S.PERMISSIONS_MISSING])
def test_what_to_do_is_not_said_twice(slot, state):
    """It stands right behind the platform's cause, which ends with "Sign in again."."""
    found = slot(state, ("write",))
    assert "sign in" not in found.help.lower()
    assert "sign in" not in WITHOUT_POSTS[state].lower()


def test_a_gap_is_told_with_what_will_not_work(slot):
    (gap,) = slot(S.PERMISSIONS_MISSING, ("figures",)).gaps
    assert (gap.name, gap.consequence) == ("See figures", "No figures are collected.")


def test_rights_of_a_bot_are_given_where_the_bot_is(slot):
    found = slot(S.PERMISSIONS_MISSING, ("post",), "pigeon")
    assert found.help.startswith("Give it the missing rights in Pigeon")


TIPS = ("incognito", "Allow pop-ups", "Two-step", "Who can connect it")


@pytest.mark.parametrize("tip", TIPS)
def test_tips_stand_beside_a_sign_in_that_was_declined(visitor, tip):
    """R-C12: incognito, pop-up, 2-step, admin rights."""
    answer = visitor.back(visitor.connect(), error="access_denied")
    page = visitor.client.get(answer["Location"], follow=True)
    assert tip in text(page)


def test_tips_stand_beside_a_right_that_is_missing(visitor, orbit):
    """R-C6, R-C12: what to ask for, and whom."""
    orbit.people = (orbit.people[0].__class__("id-1", "Page", refused="No role."),)
    page = visitor.client.get(visitor.back(visitor.connect())["Location"], follow=True)
    assert "No role." in text(page)
    assert "ask somebody who has it to give it to you" in text(page)


def test_tips_stand_beside_the_wrong_person(visitor, way, orbit):
    """R-C10, R-C12"""
    profile = way.connected().profile
    orbit.people = (orbit.people[0].__class__("id-2", "Other", "other"),)
    answer = visitor.back(visitor.connect(profile=str(profile.pk)))
    page = text(visitor.client.get(answer["Location"], follow=True))
    assert "You signed in as @other; this slot is @person1." in page
    assert "private (incognito) window" in page
