"""Profiles as JSON: named fields, states in words, nothing secret."""

from __future__ import annotations

import pytest

from core import clock
from platforms.errors import PermissionMissing
from profiles import hooks
from profiles.actions.sets import create_set
from profiles.actions.trouble import note_trouble
from profiles.hooks import Blocker, Guard, Needs, Way
from profiles.models import SocialProfile, SocialSet


def profiles(client, cast) -> list[dict]:
    answer = client.get(f"/api/v1/groups/{cast.group.pk}/profiles/")
    assert answer.status_code == 200
    return answer.json()["profiles"]


def test_a_profile_is_told_with_its_state(alice, way, cast):
    held = way.connected()
    (found,) = profiles(alice, cast)
    assert found["id"] == str(held.profile_id)
    assert found["platform"] == "orbit"
    assert (found["state"], found["state_label"]) == ("connected", "Connected")
    assert found["next_action"] == ""
    assert found["can_publish"] is True
    assert found["social_set"]["name"] == "Alice"


def test_a_broken_one_says_what_is_missing_and_what_to_do(alice, way, cast):
    held = way.connected()
    note_trouble(held.pk, PermissionMissing("No.", ("write",)))
    (found,) = profiles(alice, cast)
    assert found["next_action"] == "review"
    assert found["can_publish"] is False
    assert found["missing_permissions"] == [
        {"name": "write", "label": "Publish", "effect": "Posts can't be published."}
    ]


def test_a_removed_one_is_not_listed(alice, way, cast):
    way.connected()
    SocialProfile.objects.update(removed_at=clock.now())
    assert profiles(alice, cast) == []


def test_only_the_named_fields_are_told(alice, way, cast):
    """R-D2: nothing slips in with a new column."""
    way.connected()
    (found,) = profiles(alice, cast)
    assert not {"sealed", "farewell", "external_id", "data", "person_id"} & set(found)


def test_it_can_only_be_read(alice, cast):
    url = f"/api/v1/groups/{cast.group.pk}/profiles/"
    assert alice.post(url, {}, content_type="application/json").status_code == 405


def test_one_query_reads_them_all(alice, way, cast, django_assert_max_num_queries):
    way.connected()
    way.connected("kite", who="id-1")
    with django_assert_max_num_queries(4):
        profiles(alice, cast)


def address(held, name: str) -> str:
    profile = held.profile
    return f"/api/v1/groups/{profile.group_id}/profiles/{profile.pk}/{name}/"


def post(client, url: str, data: object):
    return client.post(url, data, content_type="application/json")


def test_the_history_is_told_with_causes_and_people(alice, way):
    """R-D1."""
    held = way.connected()
    note_trouble(held.pk, PermissionMissing("No.", ("write",)))
    found = alice.get(address(held, "history")).json()
    newest, first = found["history"]
    assert (newest["before"], newest["after"]) == ("connected", "permissions_missing")
    assert (first["cause"], first["by"], found["pages"]) == ("Connected.", "Alice", 1)


def test_what_needs_a_profile_comes_with_the_ways_out(alice, way, monkeypatch):
    """R-D7: the same words as on the page."""
    held = way.connected()
    ways = [Way("move", "Move them", "There.", [("id-2", "@b")])]
    found = Needs(1, [Blocker("Summer sale")], ways)
    guard = Guard(lambda _: found, lambda *_: None)
    monkeypatch.setattr(hooks, "guards", [guard])
    told = alice.get(address(held, "disconnect")).json()
    assert told["count"] == 1
    assert told["shown"] == [{"text": "Summer sale", "url": "", "at": None}]
    assert told["ways"][0]["heirs"] == [{"id": "id-2", "label": "@b"}]
    refused = post(alice, address(held, "disconnect"), {"way": ""})
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["code"] == "profile_needed"


def test_a_way_is_carried_out_with_the_disconnecting(alice, way, monkeypatch):
    """R-D7, R-D8."""
    held = way.connected()
    needed, asked = [Blocker("Summer sale")], []

    def clear(profile, actor, clearing):
        asked.append((clearing.way, clearing.heir))
        needed.clear()

    guard = Guard(lambda _: Needs(len(needed), needed), clear)
    monkeypatch.setattr(hooks, "guards", [guard])
    answer = post(alice, address(held, "disconnect"), {"way": "move", "heir": "id-2"})
    assert answer.json() == {"disconnected": True}
    assert asked == [("move", "id-2")]
    held.refresh_from_db()
    assert (held.state, held.sealed) == ("disconnected", "")


@pytest.mark.parametrize("data", [[], "text", {"way": {"a": 1}}, {"way": ["delete"]}])
def test_odd_input_is_refused_or_means_nothing(alice, way, data, monkeypatch):
    """R-I5."""
    held = way.connected()
    guard = Guard(lambda _: Needs(1, [Blocker("Post")]), lambda *_: None)
    monkeypatch.setattr(hooks, "guards", [guard])
    assert post(alice, address(held, "disconnect"), data).status_code == 400


def test_a_move_is_told_first_and_done_when_confirmed(alice, way, cast):
    """R-B5."""
    held = way.connected()
    place = create_set(group=cast.group, actor=cast.alice, name="Second")
    told = post(alice, address(held, "move"), {"to": str(place.pk)}).json()
    assert (told["moved"], len(told["effects"])) == (False, 1)
    data = {"to": str(place.pk), "confirmed": True}
    done = post(alice, address(held, "move"), data).json()
    assert (done["moved"], done["profile"]["social_set"]["name"]) == (True, "Second")


def test_a_strangers_set_is_no_place(alice, way, cast):
    held = way.connected()
    theirs = SocialSet.objects.create(group=cast.charlies_group, name="Theirs")
    data = {"to": str(theirs.pk), "confirmed": True}
    assert post(alice, address(held, "move"), data).status_code == 400


@pytest.mark.parametrize("name", ["history", "disconnect", "move"])
def test_strangers_find_no_profile(way, client, cast, name):
    """R-B1."""
    held = way.connected()
    client.force_login(cast.charlie)
    assert post(client, address(held, name), {}).status_code in (404, 405)
    assert client.get(address(held, name)).status_code in (404, 405)
