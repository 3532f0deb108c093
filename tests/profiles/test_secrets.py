"""R-D2: no token in clear anywhere but in the moment of a call."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import connection as database

from core.crypto import KeyRing
from platforms.errors import AuthExpired, Unavailable
from platforms.types import RoleSeen, Token
from profiles import tasks
from profiles.actions.remove import remove
from profiles.errors import JourneyRefused
from profiles.models import Connection, Journey, SocialProfile
from profiles.offers import offers_of
from support.rights import Kind, group_name
from tests.conftest import signed_in
from tests.profiles.fakes import person
from tests.profiles.visitor import Visitor

CANARY = "canary"


def dump() -> str:
    """Every row of every table, as text."""
    found = []
    with database.cursor() as cursor:
        for table in database.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            found += [f"{table}: {row}" for row in cursor.fetchall()]
    found += [str(session.get_decoded()) for session in Session.objects.all()]
    return "\n".join(found)


@pytest.fixture
def visitor(cast, alice) -> Visitor:
    return Visitor(cast, alice)


def test_not_in_the_database_nor_in_sessions_at_any_step(visitor, orbit, cast):
    away = visitor.connect()
    assert CANARY not in dump()
    orbit.people = (orbit.people[0], person("2"))
    visitor.back(away)
    assert CANARY not in dump()
    visitor.client.post(visitor.journey("pick"), {"choice": "id-1"})
    assert CANARY not in dump()
    remove(profile=SocialProfile.objects.get(), actor=cast.alice)
    assert CANARY not in dump()


def test_not_on_any_page_nor_in_the_api(visitor, cast):
    visitor.back(visitor.connect())
    profile = SocialProfile.objects.get()
    for path in (
        visitor.journey("done"),
        f"{visitor.base}/settings/profiles/",
        f"{visitor.base}/settings/profiles/{profile.pk}/disconnect/",
        f"{visitor.base}/connect/orbit/?profile={profile.pk}",
        f"/api/v1/groups/{cast.group.pk}/profiles/",
    ):
        answer = visitor.client.get(path)
        assert answer.status_code == 200, path
        page = answer.content.decode()
        assert CANARY not in page
        assert Connection.objects.get().sealed not in page


def test_not_in_events_nor_logs(way, orbit, caplog):
    caplog.set_level(logging.DEBUG)
    held = way.connected()
    orbit.trouble = Unavailable("Away.", details="access_token=canary-access-token")
    tasks.refresh_one(str(held.pk))
    orbit.trouble = AuthExpired("Ended.", details="token=canary-access-token")
    tasks.refresh_one(str(held.pk))
    assert CANARY not in caplog.text
    assert CANARY not in " ".join(event.cause for event in held.events.all())


def test_not_in_the_admin(way, cast):
    held = way.connected()
    kinds = [Group.objects.create(name=group_name(kind)) for kind in Kind]
    cast.dana.groups.add(*kinds)
    dana = signed_in(cast.dana)
    for path in (
        "connection/",
        f"connection/{held.pk}/change/",
        "socialprofile/",
        f"socialprofile/{held.profile_id}/change/",
        "connectionevent/",
        "socialset/",
    ):
        answer = dana.get(f"/admin/profiles/{path}", follow=True)
        assert answer.status_code == 200, path
        page = answer.content.decode()
        assert CANARY not in page
        assert held.sealed not in page


@pytest.mark.parametrize("path", ["connection/add/", "socialprofile/add/"])
def test_support_can_add_nothing(cast, path):
    """R-I1: least privilege for staff."""
    cast.dana.is_superuser = True
    cast.dana.save()
    assert signed_in(cast.dana).get(f"/admin/profiles/{path}").status_code == 403


def test_support_can_change_and_delete_nothing(way, cast):
    held = way.connected()
    cast.dana.is_superuser = True
    cast.dana.save()
    dana = signed_in(cast.dana)
    base = f"/admin/profiles/connection/{held.pk}"
    assert dana.post(f"{base}/change/", {"state": "connected"}).status_code == 403
    assert dana.post(f"{base}/delete/", {"post": "yes"}).status_code == 403
    assert Connection.objects.filter(pk=held.pk).exists()


def test_a_rotated_key_ring_still_opens_old_tokens(way, settings, orbit):
    """R-D2: keys can be rotated without downtime."""
    held = way.connected()
    ring = settings.TOKEN_KEYS
    settings.TOKEN_KEYS = type(ring)({"new": bytes(32), **ring.keys})
    assert Connection.objects.get().token() == orbit.token
    held.seal(Token("canary-next"))
    assert held.sealed.startswith("v1.new.")
    assert held.token().access == "canary-next"


# Altered rows


def alter(journey: Journey) -> None:
    """As if somebody had put another row's text there."""
    foreign = settings_ring().seal("{}", "profiles.journey:another:sealed")
    Journey.objects.filter(pk=journey.pk).update(sealed=foreign)


def settings_ring() -> KeyRing:
    ring: KeyRing = django_settings.TOKEN_KEYS
    return ring


def test_a_sign_in_that_was_altered_is_started_again(way):
    """Bound to its row: what was moved doesn't open, and says so in words."""
    begun = way.begin()
    alter(begun.journey)
    with pytest.raises(JourneyRefused, match="Please start again") as caught:
        way.back(begun)
    assert caught.value.journey == begun.journey


def test_one_that_was_altered_holds_up_nobody_elses_news(way, pigeon):
    broken, good = (way.begin("pigeon").journey for _ in "ab")
    Journey.objects.update(person_id="7")
    alter(broken)
    pigeon.news.append(RoleSeen("7", person("1"), ("post",)))
    tasks.pull_updates()
    good.refresh_from_db()
    assert [offer.identity.external_id for offer in offers_of(good)] == ["id-1"]
