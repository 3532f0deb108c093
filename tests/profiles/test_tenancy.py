"""R-B1: every page and API of this app is 404 for a stranger, sign-in for nobody."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from profiles.models import Connection, SocialProfile, SocialSet
from profiles.states import ConnectionState as S

PUBLIC = {"callback": 409, "document": 404, "heard": 404, "erasure": 404}
OPEN = set(PUBLIC)
# These name nobody's things: everybody gets their own, or none.
OWN = {"new_group"}


def names() -> list[str]:
    found = get_resolver("profiles.urls").reverse_dict
    return sorted({name for name in found if isinstance(name, str)} - OWN)


@pytest.fixture
def ids(way) -> dict[str, object]:
    """One of each of Alice's things; the stranger knows all their ids."""
    held = way.connected("kite")
    journey = way.arrived("pigeon")
    return {
        "group_id": way.cast.group.pk,
        "set_id": way.cast.social_set.pk,
        "profile_id": held.profile_id,
        "journey_id": journey.pk,
        "platform": "pigeon",
        "name": "nothing.json",
        "code": uuid4().hex,
    }


def address(name: str, ids: dict[str, object]) -> str:
    if name == "heard":
        ids = {**ids, "name": "nothing"}
    for wanted in (
        ("group_id", "platform", "journey_id"),
        ("group_id", "platform"),
        ("group_id", "set_id"),
        ("group_id", "profile_id"),
        ("group_id",),
        ("platform", "name"),
        ("platform",),
        ("code",),
    ):
        try:
            return reverse(f"profiles:{name}", kwargs={key: ids[key] for key in wanted})
        except NoReverseMatch:
            continue
    raise AssertionError(f"no address for {name}")


def test_every_address_is_walked():
    assert {"settings", "connect", "pick", "disconnect", "api_profiles"} <= set(names())


@pytest.mark.parametrize("name", names() if names() else [])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_finds_nothing(charlie, ids, name, method):
    answer = getattr(charlie, method)(address(name, ids))
    allowed = {404, 405} | ({PUBLIC[name]} if name in OPEN else set())
    assert answer.status_code in allowed
    assert SocialProfile.objects.get().removed_at is None
    assert Connection.objects.get().state == S.ENABLE_NEEDED
    assert SocialSet.objects.count() == 1


@pytest.mark.parametrize("name", sorted(set(names()) - OPEN))
def test_nobody_is_asked_to_sign_in(client, ids, name):
    answer = client.get(address(name, ids))
    if answer.status_code == 302:
        assert "/user/login/" in answer["Location"]
    else:
        assert answer.status_code in {403, 405}


def test_own_ids_under_a_foreign_group_are_not_there(alice, ids, cast):
    """At most one is led to where one's own profile is, as after a move."""
    mixed = {**ids, "group_id": cast.charlies_group.pk}
    for name in ("disconnect", "enable", "edit_set", "pick", "done", "wait"):
        path = address(name, mixed)
        answer = alice.get(path)
        at_home = answer.status_code == 302 and answer["Location"] == address(name, ids)
        assert at_home or answer.status_code in {404, 405}
        assert alice.post(path).status_code in {404, 405}


def test_a_team_member_does_not_see_anothers_journey(bob, ids):
    """A journey is the one person's who began it."""
    assert bob.get(address("wait", ids)).status_code == 404
    assert bob.get(address("pick", ids)).status_code == 404
