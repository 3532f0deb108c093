"""Social Sets & Access Groups: states, next actions, history, sets."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.urls import reverse

from accounts.models import Membership, Role
from core import clock
from platforms.errors import AuthExpired, PermissionMissing
from profiles import hooks
from profiles.actions.trouble import note_trouble
from profiles.hooks import Blocker, Guard, Needs
from profiles.models import Connection, SocialProfile, SocialSet
from profiles.queries import connected_profiles, slots_of
from profiles.states import ConnectionState as S
from profiles.words import LOOKS, URGENCY
from tests.factories import ProfileFactory
from tests.profiles.fakes import ending


@pytest.fixture
def url(cast) -> str:
    return reverse("profiles:settings", kwargs={"group_id": cast.group.pk})


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def filled(cast, platform: str, state: str = S.CONNECTED, **fields):
    place = fields.pop("social_set", cast.social_set)
    columns = {
        "group": cast.group,
        "social_set": place,
        "platform": platform,
        "connection__state": state,
    }
    return ProfileFactory(**columns, **fields)


def test_every_platform_has_a_slot_and_an_empty_one_connects(alice, url, cast):
    """R-B3: groups, sets and slots with their next action."""
    page = text(alice.get(url))
    for platform in ("orbit", "kite", "pigeon"):
        link = f"/g/{cast.group.pk}/connect/{platform}/?set={cast.social_set.pk}"
        assert link in page


@pytest.mark.parametrize("state", [s for s in S if s != S.DISCONNECTED])
def test_each_state_has_a_word_and_its_one_next_action(alice, url, cast, state):
    """R-B3, R-D1."""
    profile = filled(cast, "orbit", state)
    page = text(alice.get(url))
    look = LOOKS[state]
    assert look.word in page
    row = page.partition(f"profile-{profile.pk}")[2].partition("</li>")[0]
    assert row.count('class="btn ') == (1 if look.act else 0)
    assert look.label in row


def test_every_state_has_words_and_a_rank():
    assert set(LOOKS) == set(S) == set(URGENCY)


def test_what_happened_is_told_in_plain_words(alice, cast, way):
    """R-D1: history with its cause and who did it."""
    held = way.connected()
    note_trouble(held.pk, AuthExpired("Access was withdrawn at Orbit."))
    url = f"/g/{cast.group.pk}/settings/profiles/{held.profile_id}/"
    page = text(alice.get(url))
    assert "Access was withdrawn at Orbit." in page
    assert "By Alice." in page


def test_missing_permissions_are_named_on_the_page(alice, url, way):
    held = way.connected()
    note_trouble(held.pk, PermissionMissing("Orbit says no.", ("figures",)))
    page = text(alice.get(url))
    assert "<strong>See figures</strong> is missing. No figures are collected." in page


def test_the_day_it_ends_and_the_last_post_are_shown_in_the_groups_zone(
    alice, url, way, kite
):
    kite.token = ending(30)
    held = way.connected("kite")
    SocialProfile.objects.update(last_published_at=clock.now())
    page = text(alice.get(url))
    day = clock.to_wall(held.ends_at, "Europe/Berlin")
    assert "Expires on" in page
    assert f"{day.day} {day:%b %Y}" in page
    assert f"{clock.to_wall(clock.now(), 'Europe/Berlin'):%H:%M}" in page


def test_a_removed_profile_leaves_an_empty_slot(alice, url, cast):
    profile = filled(cast, "orbit")
    SocialProfile.objects.update(removed_at=clock.now())
    assert str(profile.pk) not in text(alice.get(url))


def test_a_profile_of_a_platform_that_is_gone_breaks_nothing(alice, url, cast):
    filled(cast, "discontinued")
    assert alice.get(url).status_code == 200


def test_who_may_only_look_sees_states_and_no_actions(bob, url, cast):
    Membership.objects.filter(user=cast.bob).update(role=Role.VIEWER)
    filled(cast, "orbit", S.REFRESH_NEEDED)
    page = text(bob.get(url))
    assert "Refresh needed" in page
    assert "/connect/" not in page
    assert "Disconnect<" not in page


def test_reads_need_a_fixed_number_of_queries(cast, django_assert_num_queries):
    for platform in ("orbit", "kite", "pigeon"):
        filled(cast, platform)
    with django_assert_num_queries(1):
        connected_profiles(cast.group)
    with django_assert_num_queries(1):
        slots_of(cast.social_set)


def test_those_that_one_can_schedule_to(cast):
    usable = filled(cast, "orbit", S.EXPIRING)
    filled(cast, "kite", S.REFRESH_NEEDED)
    filled(cast, "pigeon", S.ENABLE_NEEDED)
    assert connected_profiles(cast.group) == [usable]


@pytest.mark.parametrize(("missing", "can"), [("figures", True), ("write", False)])
def test_a_missing_permission_stops_posts_only_if_they_need_it(cast, missing, can):
    """R-C4: judged one by one."""
    lacks = {"connection__method": "sign-in", "connection__missing": [missing]}
    filled(cast, "orbit", S.PERMISSIONS_MISSING, **lacks)
    assert bool(connected_profiles(cast.group)) is can


def test_a_set_is_made_renamed_and_deleted(alice, cast):
    base = f"/g/{cast.group.pk}/settings/sets/"
    alice.post(f"{base}new/", {"name": "North"})
    made = SocialSet.objects.get(name="North")
    alice.post(f"{base}{made.pk}/", {"name": "South"})
    assert SocialSet.objects.get(pk=made.pk).name == "South"
    alice.post(f"{base}{made.pk}/delete/")
    assert not SocialSet.objects.filter(pk=made.pk).exists()


def test_a_set_without_a_name_is_told_beside_the_field(alice, cast):
    answer = alice.post(f"/g/{cast.group.pk}/settings/sets/new/", {"name": "  "})
    assert answer.status_code == 422
    assert "Give the Social Set a name." in text(answer)


def test_disconnecting_says_what_it_does_first(alice, cast):
    profile = filled(cast, "orbit")
    url = f"/g/{cast.group.pk}/settings/profiles/{profile.pk}/disconnect/"
    assert "destroy our key to it" in text(alice.get(url))
    answer = alice.post(url, follow=True)
    assert f"{profile.label} was disconnected." in text(answer)
    assert Connection.objects.get().state == S.DISCONNECTED


def test_what_still_needs_the_profile_is_shown(alice, cast, monkeypatch):
    """R-D7: the dialog shows them."""
    profile = filled(cast, "orbit")
    waiting = [Blocker("Summer sale", "/g/x/posts/1/", clock.now())]
    guard = Guard(lambda _: Needs(1, waiting), lambda *_: None)
    monkeypatch.setattr(hooks, "guards", [guard])
    url = f"/g/{cast.group.pk}/settings/profiles/{profile.pk}/disconnect/"
    page = text(alice.get(url))
    assert "Summer sale" in page
    assert "/g/x/posts/1/" in page
    assert "1 post still needs it" in page
    assert alice.post(url).status_code == 409
    assert Connection.objects.get().state == S.CONNECTED


def test_names_from_a_platform_are_text_not_markup(alice, url, cast):
    """R-I5: what a platform tells us is untrusted."""
    filled(cast, "orbit", name="<script>alert(1)</script>", handle='"><img src=x>')
    page = text(alice.get(url))
    assert "<script>alert" not in page
    assert '"><img src=x>' not in page


def test_no_part_of_the_page_takes_the_name_of_another(alice, url, way):
    """R-B4: the switcher is found by its id, also where all groups are listed."""
    way.connected()
    page = text(alice.get(url))
    found = re.findall(r'<[^>]* id="([^"]+)"', page)
    assert "groups" in found
    assert [each for each, times in Counter(found).items() if times > 1] == []
