"""Connect only: a platform that can be connected and not yet published to."""

from __future__ import annotations

from html import unescape

import pytest

from platforms import registry
from profiles.queries import connected_profiles, slot_of
from profiles.states import ConnectionState as S
from profiles.words import CONNECT_ONLY, LOOKS, WITHOUT_POSTS
from tests.profiles.fakes import Orbit
from tests.profiles.visitor import text

WORDS = CONNECT_ONLY.format(name="Orbit")


@pytest.fixture(autouse=True)
def _connect_only(monkeypatch):
    monkeypatch.setattr(Orbit, "publishes", False)


def test_a_connected_one_is_nothing_to_schedule_to(way, cast):
    held = way.connected()
    assert held.state == S.CONNECTED
    assert connected_profiles(cast.group) == []
    assert not slot_of(held.profile).usable


def test_its_state_says_so_in_words(way):
    """R-C12: a green badge alone would promise posts."""
    slot = slot_of(way.connected().profile)
    assert slot.look.word == "Connected"
    assert slot.help == slot.connect_only == WORDS


@pytest.mark.parametrize("state", list(WITHOUT_POSTS))
def test_what_to_do_is_said_without_posts_that_nobody_could_schedule(way, state):
    """R-C12: and that it is connect only once, beside the state."""
    held = way.connected()
    held.profile.connection.state = state
    slot = slot_of(held.profile)
    assert slot.help == WITHOUT_POSTS[state]
    assert "post" not in slot.help.lower().replace("auto publish", "")
    assert slot.help != slot.look.help


def test_every_state_that_wants_something_has_such_words():
    assert set(WITHOUT_POSTS) == {each for each, look in LOOKS.items() if look.act} - {
        S.DISCONNECTED
    }


def test_the_settings_page_says_so(way, cast, alice):
    way.connected()
    answer = alice.get(f"/g/{cast.group.pk}/settings/profiles/")
    assert WORDS in unescape(answer.content.decode())


def test_connecting_it_says_so_before_and_after(way, cast, alice):
    before = alice.get(f"/g/{cast.group.pk}/connect/orbit/")
    assert WORDS in unescape(before.content.decode())
    other = alice.get(f"/g/{cast.group.pk}/connect/kite/")
    assert "Connect only" not in unescape(other.content.decode())


def test_the_api_says_so(way, cast, alice):
    way.connected()
    way.connected("kite")
    answer = alice.get(f"/api/v1/groups/{cast.group.pk}/profiles/")
    told = {each["platform"]: each for each in answer.json()["profiles"]}
    assert told["orbit"]["connect_only"] is True
    assert told["orbit"]["can_publish"] is False
    assert told["kite"]["connect_only"] is False


def test_it_is_not_among_those_that_take_posts():
    assert [each.key for each in registry.publishing()] == ["kite", "pigeon"]
    assert len(registry.every()) == 3


@pytest.mark.parametrize(("publishes", "offered"), [(True, True), (False, False)])
def test_only_what_takes_posts_leads_on_to_writing_one(
    visitor, monkeypatch, publishes, offered
):
    monkeypatch.setattr(Orbit, "publishes", publishes)
    visitor.back(visitor.connect())
    page = text(visitor.client.get(visitor.journey("done")))
    assert "Connected" in page
    assert ("Write a post" in page) is offered
