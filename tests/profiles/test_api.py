"""Profiles as JSON: named fields, states in words, nothing secret."""

from __future__ import annotations

from core import clock
from platforms.errors import PermissionMissing
from profiles.actions.trouble import note_trouble
from profiles.models import SocialProfile


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
