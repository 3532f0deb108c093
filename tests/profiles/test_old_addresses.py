"""Mails and bookmarks outlive a move: they lead to where it is now (R-B5)."""

from __future__ import annotations

import pytest

from accounts.actions.groups import create_group
from accounts.models import Membership, Role
from profiles.actions.relocate import relocate
from profiles.actions.remove import remove
from profiles.actions.sets import create_set
from profiles.models import SocialProfile

PAGES = ("", "move/", "disconnect/")


@pytest.fixture
def moved(way, cast) -> SocialProfile:
    """From the cast's group to another one, in which Bob is not."""
    profile = way.connected().profile
    group = create_group(account=cast.group.account, actor=cast.alice, name="Harbour")
    place = create_set(group=group, actor=cast.alice, name="There")
    relocate(profile=profile, to=place, actor=cast.alice)
    return SocialProfile.objects.get()


def page(group, profile, name="") -> str:
    return f"/g/{group.pk}/settings/profiles/{profile.pk}/{name}"


def refresh(group, profile) -> str:
    return f"/g/{group.pk}/connect/orbit/?profile={profile.pk}&again=1"


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_old_group_leads_to_the_new_one(moved, cast, alice, name):
    answer = alice.get(page(cast.group, moved, name))
    assert answer.status_code == 302
    assert answer.url == page(moved.group, moved, name)
    assert alice.get(answer.url).status_code == 200


def test_the_button_of_an_old_mail_leads_to_the_sign_in(moved, cast, alice):
    """R-D4: told before the move, pressed after it."""
    answer = alice.get(refresh(cast.group, moved))
    assert (answer.status_code, answer.url) == (302, refresh(moved.group, moved))
    assert alice.get(answer.url).status_code == 200


def test_of_a_disconnected_one_to_its_history(way, cast, alice):
    profile = way.connected().profile
    remove(profile=profile, actor=cast.alice)
    for url in (refresh(cast.group, profile), page(cast.group, profile, "move/")):
        answer = alice.get(url)
        assert (answer.status_code, answer.url) == (302, page(cast.group, profile))
    assert alice.get(page(cast.group, profile)).status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_who_is_not_in_the_new_group_learns_nothing(moved, cast, bob, name):
    """R-B1: not even that it went somewhere."""
    assert bob.get(page(cast.group, moved, name)).status_code == 404
    assert bob.get(refresh(cast.group, moved)).status_code == 404


def test_only_reading_is_led_on(moved, cast, alice):
    """What was meant for the old place is not done at the new one."""
    answer = alice.post(page(cast.group, moved, "disconnect/"), {"way": "delete"})
    assert answer.status_code == 404
    moved.refresh_from_db()
    assert moved.removed_at is None


@pytest.mark.parametrize("wrong", ["nonsense", "", "0" * 32])
def test_what_names_nobody_is_not_there(cast, alice, wrong):
    url = f"/g/{cast.group.pk}/connect/orbit/?profile={wrong}"
    assert alice.get(url).status_code == (404 if wrong else 200)


def test_a_platform_that_is_no_more_turns_nobody_in_circles(way, cast, alice):
    profile = way.connected().profile
    SocialProfile.objects.update(platform="gone")
    assert alice.get(page(cast.group, profile)).status_code == 404


def test_a_member_of_both_follows_too(moved, cast, bob):
    Membership.objects.create(user=cast.bob, group=moved.group, role=Role.VIEWER)
    assert bob.get(page(cast.group, moved)).url == page(moved.group, moved)
