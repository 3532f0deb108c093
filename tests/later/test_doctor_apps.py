"""The doctor on our apps at the platforms: ways back and permissions (R-J5)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core import clock
from core.doctor import Level
from platforms import registry
from profiles import doctor_apps
from profiles.actions.begin import callback_url
from profiles.models import SocialSet
from tests.factories import ProfileFactory

pytestmark = pytest.mark.django_db
TIKTOK = registry.adapter_class("tiktok").name


def sign_ins(cast, count: int, missing: list[str], **columns):
    for number in range(count):
        social_set = SocialSet.objects.create(group=cast.group, name=f"Set {number}")
        ProfileFactory(
            group=cast.group,
            social_set=social_set,
            platform="tiktok",
            connection__method="login",
            connection__missing=missing,
            **columns,
        )


def told(name: str):
    return [found for found in doctor_apps.permissions() if found.name == name]


def test_each_way_back_is_told_as_the_console_needs_it():
    found = {each.name: each.text for each in doctor_apps.redirects()}
    assert found[TIKTOK] == f"Its console must have {callback_url('tiktok')}"
    assert "Bluesky" not in found


@pytest.mark.parametrize(
    ("url", "fails"),
    [
        ("https://later.example", 0),
        ("http://127.0.0.1:8000", 0),
        ("http://later.example", 1),
        ("https://later.example/app", 1),
    ],
)
def test_ways_back_need_https_and_no_path(settings, url, fails):
    settings.BASE_URL, settings.PLATFORM_GATEWAY = url, ""
    found = [each for each in doctor_apps.redirects() if each.level == Level.FAIL]
    assert len(found) == fails


def test_what_nobody_was_granted_is_pointed_out(cast):
    sign_ins(cast, 3, ["video.publish"])
    (found,) = told(TIKTOK)
    assert found.level == Level.WARN
    assert "None of 3 sign-ins (login) was granted video.publish." in found.text


def test_two_may_have_left_the_same_box_empty(cast):
    sign_ins(cast, 2, ["video.publish"])
    assert told(TIKTOK)[0].level == Level.OK


def test_what_one_was_granted_the_app_has(cast):
    sign_ins(cast, 4, ["video.publish"])
    row = cast.group.profiles.first().connection
    row.missing = []
    row.save(update_fields=["missing"])
    assert told(TIKTOK)[0].level == Level.OK


def test_old_sign_ins_say_nothing(cast):
    sign_ins(cast, 3, ["video.publish"])
    for profile in cast.group.profiles.all():
        profile.connection.connected_at = clock.now() - timedelta(days=31)
        profile.connection.save(update_fields=["connected_at"])
    assert told(TIKTOK) == []
    assert told("permissions")[0].level == Level.OK
