"""Platforms by key, and their credentials by convention."""

from __future__ import annotations

import pytest

from platforms import registry
from platforms.adapter import Adapter, Credentials
from platforms.registry import UnknownPlatform

NAME = "PLATFORM_INSTAGRAM_CLIENT_ID"


@pytest.fixture
def environment(monkeypatch):
    """Adapters made anew, with these settings only."""
    registry.get.cache_clear()

    def given(**values: str) -> None:
        monkeypatch.setattr("os.environ", values)

    yield given
    registry.get.cache_clear()


@pytest.mark.parametrize("key", registry.keys())
def test_every_key_leads_to_an_adapter_of_that_key(key):
    found = registry.adapter_class(key)
    assert issubclass(found, Adapter)
    assert found.key == key


def test_every_adapter_is_there_once():
    adapters = registry.every()
    assert [adapter.key for adapter in adapters] == list(registry.keys())
    assert registry.every() == adapters


@pytest.mark.parametrize(
    ("key", "meant"), [("instagramm", "instagram"), ("bluesy", "bluesky")]
)
def test_a_mistyped_key_names_the_nearest(key, meant):
    with pytest.raises(UnknownPlatform, match=f"did you mean '{meant}'"):
        registry.adapter_class(key)


def test_a_key_like_no_other_is_just_unknown():
    with pytest.raises(UnknownPlatform) as caught:
        registry.get("zzz")
    assert "did you mean" not in str(caught.value)


def test_credentials_are_the_settings_with_the_prefix(environment):
    environment(**{NAME: "app-1", "INSTAGRAM_CLIENT_ID": "other", "HOME": "/x"})
    found = registry.credentials()
    assert dict(found.values) == {"INSTAGRAM_CLIENT_ID": "app-1"}


def test_a_platform_without_credentials_offers_no_such_way(environment):
    environment()
    assert registry.get("instagram").offered() == ()


def test_a_platform_with_some_credentials_offers_those_ways(environment):
    environment(**{NAME: "app-1", "PLATFORM_INSTAGRAM_CLIENT_SECRET": "secret"})
    offered = [method.key for method in registry.get("instagram").offered()]
    assert offered == ["instagram_login"]


def test_an_empty_credential_is_none():
    assert not Credentials({"A": "x", "B": ""}).has(("A", "B"))
    assert Credentials({"A": "x"}).has(("A",))
    assert Credentials({}).get("A") == ""


def test_credentials_hide_in_traces():
    """R-D2"""
    assert "canary" not in repr(Credentials({"A": "canary"}))
