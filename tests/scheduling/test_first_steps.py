"""Whoever is new is led to the first post that is out, and then left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import Membership, Role
from profiles.models import SocialProfile
from tests.factories import ProfileFactory
from tests.scheduling.conftest import NOW

pytestmark = pytest.mark.usefixtures("march")


def stages(client, group, **query):
    url = reverse("scheduling:calendar", args=[group.pk])
    found = client.get(url, query).context.get("steps") or []
    return [step.stage for step in found]


def test_an_empty_group_begins_with_a_profile(alice, cast):
    """R-C11: before anything else, somewhere to post to."""
    url = reverse("scheduling:calendar", args=[cast.group.pk])
    response = alice.get(url)
    assert stages(alice, cast.group) == ["now", "next", "next"]
    settings = reverse("profiles:settings", args=[cast.group.pk])
    assert f'href="{settings}">Choose a platform</a>' in response.content.decode()


def test_a_profile_that_can_publish_leads_to_a_post(alice, cast, words):
    assert stages(alice, cast.group) == ["done", "now", "next"]


def test_a_profile_that_only_reads_is_no_place_to_post_to(alice, cast):
    ProfileFactory(group=cast.group, social_set=cast.social_set, platform="linkedin")
    assert stages(alice, cast.group) == ["now", "next", "next"]


def test_a_planned_post_leaves_only_waiting(alice, cast, make_post):
    make_post(scheduled_at=NOW + timedelta(days=1))
    assert stages(alice, cast.group) == ["done", "done", "now"]


def test_a_draft_without_a_time_is_not_planned(alice, cast, make_post):
    make_post("draft", scheduled_at=None)
    assert stages(alice, cast.group) == ["done", "now", "next"]


def test_once_something_is_out_nobody_is_led_any_more(alice, cast, words):
    SocialProfile.objects.filter(pk=words.pk).update(last_published_at=NOW)
    assert stages(alice, cast.group) == []


def test_a_profile_that_left_had_its_first_post_all_the_same(alice, cast, words):
    rows = SocialProfile.objects.filter(pk=words.pk)
    rows.update(last_published_at=NOW, removed_at=NOW)
    assert stages(alice, cast.group) == []


def test_without_scripts_the_way_is_the_same(alice, cast):
    assert stages(alice, cast.group, view="agenda") == ["now", "next", "next"]


def test_who_may_only_look_is_not_asked_to_act(bob, cast):
    Membership.objects.filter(user=cast.bob, group=cast.group).update(role=Role.VIEWER)
    assert stages(bob, cast.group) == []
