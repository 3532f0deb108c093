"""A single right was taken away over there: the platform is asked at once (R-D8)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from django.test import Client

from platforms import registry
from profiles.models import Connection
from profiles.states import ConnectionState as S
from tests.callbacks.conftest import Wire
from tests.callbacks.test_withdrawn import BY_FACEBOOK, page, person, state_of

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "test-webhook-token"
HELLO = {"hub.mode": "subscribe", "hub.verify_token": TOKEN, "hub.challenge": "42"}


@pytest.fixture(autouse=True)
def _token(monkeypatch) -> Iterator[None]:
    monkeypatch.setenv("PLATFORM_FACEBOOK_WEBHOOK_TOKEN", TOKEN)
    registry.get.cache_clear()
    yield
    registry.get.cache_clear()


@pytest.fixture
def asked(monkeypatch) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    monkeypatch.setattr(
        "profiles.actions.inspect.enqueue", lambda *args: found.append(args)
    )
    return found


def test_all_of_that_login_are_asked_for_and_nobody_elses(wire: Wire, asked):
    """Its word alone changes nothing: what is true by then counts."""
    mara, other = person(wire), person(wire, "Otto")
    data = {**BY_FACEBOOK, "login_id": mara}
    mine = [page(wire, 1, mara), wire.connected("instagram", "ig-1", data=data)]
    page(wire, 2, other)
    (answer,) = wire.call("facebook", mara, "webhook", field="pages_manage_posts")
    assert (answer["status"], answer["body"]) == (200, "{}")
    ids = Connection.objects.filter(profile__in=mine).values_list("pk", flat=True)
    assert sorted(asked) == sorted(("profiles.inspect", str(pk)) for pk in ids)
    assert {state_of(each) for each in mine} == {S.CONNECTED}


def test_what_is_dead_or_gone_is_not_asked_for(wire: Wire, asked):
    mara = person(wire)
    profile = page(wire, 1, mara)
    Connection.objects.filter(profile=profile).update(state=S.REFRESH_NEEDED)
    wire.call("facebook", mara, "webhook", field="pages_manage_posts")
    assert asked == []


def test_a_forged_one_asks_for_nothing(wire: Wire, asked):
    mara = person(wire)
    page(wire, 1, mara)
    (answer,) = wire.call("facebook", mara, "webhook", secret="forged")
    assert (answer["status"], asked) == (400, [])


def test_the_address_answers_its_greeting(live_server):
    """Meta asks once, by GET, whether the address is ours."""
    url = f"{live_server.url}/hooks/facebook/webhook/"
    answer = requests.get(url, params=HELLO, timeout=10)
    assert (answer.status_code, answer.text) == (200, "42")
    assert answer.headers["Content-Type"].startswith("text/plain")
    wrong = requests.get(url, params={**HELLO, "hub.verify_token": "x"}, timeout=10)
    assert (wrong.status_code, wrong.text) == (403, "not ours")


def test_no_other_callback_is_greeted():
    assert Client().get("/hooks/facebook/deauthorize/", HELLO).status_code == 405
