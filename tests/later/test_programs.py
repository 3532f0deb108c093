"""Programs that speak plain HTTP are refused, people are led on (ASVS V4.1.2)."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from later import settings as written
from later.programs import ADDRESSES
from tests.safety.matrix.addresses import any_path, every

pytestmark = pytest.mark.django_db


def path_of(route: str) -> str:
    """With ids that nothing has, others each time."""
    return any_path(route, {"platform": "bluesky"})


# Routes, not addresses: those of two test processes would have other ids.
ASKED = sorted(
    route for route in every() if path_of(route).startswith(("/api/", "/hooks/"))
)


@pytest.fixture(autouse=True)
def production(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [f"^{each}" for each in ADDRESSES]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("route", ASKED)
def test_a_program_is_refused_and_not_led_on(route, method):
    answer = getattr(Client(), method)(path_of(route))
    assert (answer.status_code, "Location" in answer) == (403, False)
    assert answer.json()["errors"][0]["code"] == "https_only"


@pytest.mark.parametrize("route", ASKED)
def test_by_https_it_gets_its_answer(route):
    answer = Client().get(path_of(route), secure=True)
    assert b"https_only" not in answer.content


def test_a_person_is_led_on():
    answer = Client().get("/user/login/")
    assert answer["Location"] == "https://testserver/user/login/"


def test_the_list_is_the_settings_own():
    """What isn't redirected there is refused here."""
    exempt = written.SECURE_REDIRECT_EXEMPT
    for each in ADDRESSES:
        assert any(re.match(pattern, each) for pattern in exempt)
