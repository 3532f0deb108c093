"""Registrations at servers: sealed, one for each server, however many ask at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from core import clock
from platforms.errors import Unavailable
from profiles.actions import registrations
from profiles.actions.begin import visit_for
from profiles.actions.registrations import KeptRegistrations
from profiles.client_registration import ClientRegistration

pytestmark = pytest.mark.django_db

SERVER, TERMS = "mastodon.example", "https://later.example/back scopes"
MADE = {"client_id": "CI-1", "client_secret": "canary-app-secret", "scopes": "a b"}
OTHER = {**MADE, "client_id": "CI-2"}


def shelf() -> KeptRegistrations:
    return KeptRegistrations("mastodon")


def row() -> ClientRegistration:
    return ClientRegistration.objects.get()


def never() -> dict[str, str]:
    raise AssertionError("the server was asked once more")


def test_adapters_find_it_in_their_visit():
    visit = visit_for("mastodon", "server", "state", {}, again=False)
    visit.registrations.renew(SERVER, TERMS, lambda: MADE)
    assert shelf().kept(SERVER, TERMS) == MADE


def test_what_is_kept_is_sealed():
    """R-D2"""
    shelf().renew(SERVER, TERMS, lambda: MADE)
    assert row().sealed.startswith("v1.")
    assert "canary-app-secret" not in row().sealed


@pytest.mark.parametrize(
    ("server", "terms"), [("other.example", TERMS), (SERVER, "other scopes")]
)
def test_it_is_good_for_its_server_and_terms_only(server, terms):
    shelf().renew(SERVER, TERMS, lambda: MADE)
    assert shelf().kept(server, terms) is None
    assert KeptRegistrations("elsewhere").kept(SERVER, TERMS) is None


def test_new_terms_take_the_place_of_the_old():
    shelf().renew(SERVER, TERMS, lambda: MADE)
    assert shelf().renew(SERVER, "other scopes", lambda: OTHER) == OTHER
    assert shelf().kept(SERVER, TERMS) is None
    assert ClientRegistration.objects.count() == 1


def test_who_comes_second_takes_what_the_first_made():
    shelf().renew(SERVER, TERMS, lambda: MADE)
    assert shelf().renew(SERVER, TERMS, never) == MADE


def test_a_stale_one_is_made_anew_once():
    shelf().renew(SERVER, TERMS, lambda: MADE)
    assert shelf().renew(SERVER, TERMS, lambda: OTHER, stale="CI-1") == OTHER
    assert shelf().renew(SERVER, TERMS, never, stale="CI-1") == OTHER


def test_keys_of_another_row_are_no_keys():
    """Swapped rows don't open; the server is simply asked again."""
    shelf().renew(SERVER, TERMS, lambda: MADE)
    shelf().renew("other.example", TERMS, lambda: OTHER)
    foreign = ClientRegistration.objects.get(server="other.example").sealed
    ClientRegistration.objects.filter(server=SERVER).update(sealed=foreign)
    assert shelf().kept(SERVER, TERMS) is None
    assert shelf().renew(SERVER, TERMS, lambda: MADE) == MADE


def test_a_server_that_refuses_leaves_nothing_and_nobody_waiting():
    def refuse() -> dict[str, str]:
        raise Unavailable("down")

    with pytest.raises(Unavailable):
        shelf().renew(SERVER, TERMS, refuse)
    assert (row().sealed, row().owner, row().lease_until) == ("", None, None)
    assert shelf().renew(SERVER, TERMS, lambda: MADE) == MADE


def test_a_holder_that_died_is_passed_over():
    past = clock.now() - timedelta(seconds=1)
    ClientRegistration.objects.create(
        platform="mastodon", server=SERVER, lease_until=past
    )
    assert shelf().renew(SERVER, TERMS, lambda: MADE) == MADE


def test_who_waits_too_long_is_told_to_come_again(monkeypatch):
    monkeypatch.setattr(registrations, "WAIT_S", 0.0)
    later = clock.now() + timedelta(minutes=1)
    ClientRegistration.objects.create(
        platform="mastodon", server=SERVER, lease_until=later
    )
    with pytest.raises(Unavailable, match="in a moment"):
        shelf().renew(SERVER, TERMS, never)


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_register_once():
    together, asked = threading.Barrier(2), []

    def make() -> dict[str, str]:
        asked.append(1)
        return MADE

    def connect() -> object:
        together.wait(10)
        try:
            return shelf().renew(SERVER, TERMS, make)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        found = [future.result() for future in [pool.submit(connect) for _ in "ab"]]
    assert (found, len(asked)) == ([MADE, MADE], 1)
