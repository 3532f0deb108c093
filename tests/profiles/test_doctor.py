from __future__ import annotations

import pytest

from core.doctor import Level
from platforms import registry
from profiles.doctor import examine
from tests.factories import ProfileFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def without_keys(monkeypatch):
    """No PLATFORM_* setting at all."""
    registry.get.cache_clear()
    empty = type(registry.credentials())({})
    monkeypatch.setattr(registry, "credentials", lambda: empty)
    yield
    registry.get.cache_clear()


def test_a_platform_with_keys_is_well(cast):
    ProfileFactory(
        group=cast.group,
        social_set=cast.social_set,
        platform="orbit",
        connection__method="sign-in",
    )
    found = {one.name: one for one in examine()}
    assert found["Orbit"].level == Level.OK
    assert "1 profiles connected" in found["Orbit"].text


def test_connected_profiles_whose_keys_are_gone_fail(cast, without_keys):
    """R-J5: keys are tested against what is in use."""
    ProfileFactory(
        group=cast.group,
        social_set=cast.social_set,
        platform="orbit",
        connection__method="sign-in",
    )
    found = {one.name: one for one in examine()}
    assert found["Orbit"].level == Level.FAIL
    assert "PLATFORM_ORBIT_ID" in found["Orbit"].todo


def test_a_platform_that_nobody_uses_needs_no_keys(cast, without_keys):
    found = {one.name: one for one in examine()}
    assert found["Orbit"].level == Level.OK
    assert "0 profiles" in found["Orbit"].text
