"""Fixtures that all tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from core import http
from tests.people import Cast, assemble

pytest_plugins = [
    "tests.support.plugin_browser",
    "tests.support.plugin_canary",
    "tests.support.plugin_flush",
    "tests.support.plugin_gc",
    "tests.support.plugin_order",
    "tests.support.plugin_sandbox",
    "tests.support.plugin_pds",
    "tests.support.plugin_static",
]


@pytest.fixture(scope="session")
def base_url() -> None:
    """pytest-playwright's own is a method, of which pytest 9 complains; unused here."""


@pytest.fixture(autouse=True)
def _clean_slate(settings, tmp_path) -> Iterator[None]:
    """Own media folder, plain routing, empty cache: nothing leaks between tests."""
    settings.MEDIA_ROOT = tmp_path / "media"
    # Read now: what a test sets is still set when this goes on.
    gateway, direct = settings.PLATFORM_GATEWAY, settings.PLATFORM_DIRECT_HOSTS
    yield
    http.configure(gateway=gateway, direct=direct)


@pytest.fixture
def cast(db) -> Cast:
    """Alice, Bob, Charlie and Dana with their groups."""
    return assemble()


@pytest.fixture
def redis_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def alice(cast) -> Client:
    return signed_in(cast.alice)


@pytest.fixture
def bob(cast) -> Client:
    return signed_in(cast.bob)


@pytest.fixture
def charlie(cast) -> Client:
    return signed_in(cast.charlie)


@pytest.fixture
def dana(cast) -> Client:
    return signed_in(cast.dana)
