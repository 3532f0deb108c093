"""The addresses themselves: methods, sizes, names, and no session needed."""

from __future__ import annotations

import pytest
import requests
from django.test import Client

from platforms import registry

pytestmark = pytest.mark.django_db(transaction=True)

PLACE = "/hooks/facebook/deauthorize/"


def test_no_session_and_no_csrf_token_is_needed_or_given(live_server):
    """A signature is all the proof there is."""
    answer = requests.post(f"{live_server.url}{PLACE}", data=b"x=1", timeout=10)
    assert (answer.status_code, answer.cookies.get_dict()) == (400, {})
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(PLACE, b"x=1", "text/plain").status_code == 400


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_other_methods_are_refused(method):
    assert getattr(Client(), method)(PLACE).status_code == 405


def test_a_body_that_is_too_large_is_not_read(live_server):
    answer = requests.post(f"{live_server.url}{PLACE}", data=b"x" * 64_001, timeout=10)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "place",
    [
        "/hooks/facebook/webhook/",
        "/hooks/mastodon/deauthorize/",
        "/hooks/nowhere/deauthorize/",
    ],
)
def test_there_are_no_other_addresses(place):
    assert Client().post(place).status_code == 404


def test_a_platform_without_keys_has_none(monkeypatch):
    """What can't be verified isn't listened to."""
    monkeypatch.delenv("PLATFORM_FACEBOOK_CLIENT_SECRET")
    registry.get.cache_clear()
    try:
        assert Client().post(PLACE).status_code == 404
    finally:
        registry.get.cache_clear()
