"""Brute force is slowed per address and per network, and locks nobody out (R-A8)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connections
from django.urls import resolve

from accounts.signin import buckets, devices, throttle
from accounts.signin.buckets import Bucket, Limit
from accounts.tasks import tidy
from core import clock
from tests.people import PASSWORD
from tests.signin.conftest import browser, is_in, path_in, sign_in

pytestmark = pytest.mark.django_db
TOO_MANY = "Too many tries"
THREE = Limit("test", 3, timedelta(minutes=1))


def guess(client, email: str, times: int) -> list[str]:
    return [
        sign_in(client, email, f"wrong {number}").content.decode()
        for number in range(times)
    ]


def hammer(email: str) -> None:
    """From everywhere, until strangers' tries for the address are used up."""
    for _ in range(throttle.ADDRESS.tries):
        buckets.take(throttle.ADDRESS, email)


def test_five_wrong_passwords_are_enough_for_one_network(cast, guest):
    said = guess(guest, "alice@example.org", 6)
    assert TOO_MANY not in said[4]
    assert TOO_MANY in said[5]
    sign_in(guest, "alice@example.org")
    assert not is_in(guest)


def test_another_session_or_spelling_brings_no_new_tries(cast, guest):
    guess(guest, "alice@example.org", 5)
    assert TOO_MANY in guess(browser(), " ALICE@example.org ", 1)[0]


def test_one_network_has_thirty_tries_for_all_addresses(cast, guest):
    said = [guess(guest, f"user{n}@example.org", 1)[0] for n in range(31)]
    assert TOO_MANY not in said[29]
    assert TOO_MANY in said[30]


def test_many_networks_have_fifty_tries_for_one_address(cast):
    """A network of bots gains nothing by being many."""
    for number in range(50):
        sign_in(browser(f"192.0.2.{number}"), "alice@example.org", "wrong")
    stranger = browser("198.51.100.200")
    assert TOO_MANY in guess(stranger, "alice@example.org", 1)[0]


def test_the_owners_browser_is_not_locked_out_by_all_that(cast, known):
    """R-A8: a known browser has tries of its own."""
    at_home = known(cast.alice)
    hammer("alice@example.org")
    sign_in(at_home, "alice@example.org")
    assert is_in(at_home)


def test_even_from_the_network_of_the_attack(cast, known):
    at_home = known(cast.alice, address="198.51.100.7")
    guess(browser("198.51.100.7"), "alice@example.org", 40)
    sign_in(at_home, "alice@example.org")
    assert is_in(at_home)


def test_a_new_password_by_mail_always_opens_the_way(cast):
    """Without a known browser, in the midst of an attack."""
    hammer("alice@example.org")
    victim = browser("203.0.113.9")
    victim.post("/user/reset_password/", {"email": "alice@example.org"})
    form = victim.get(path_in(mail.outbox[-1])).headers["Location"]
    words = {"password1": "four new words here", "password2": "four new words here"}
    victim.post(form, words)
    sign_in(victim, "alice@example.org", "four new words here")
    assert is_in(victim)


def test_a_known_browser_can_not_guess_for_ever(cast, known):
    """Stolen with its cookie, or lent."""
    said = guess(known(cast.alice), "alice@example.org", 11)
    assert TOO_MANY not in said[9]
    assert TOO_MANY in said[10]


def test_a_browser_known_to_one_is_a_stranger_to_others(cast, known):
    hammer("alice@example.org")
    assert TOO_MANY in guess(known(cast.bob), "alice@example.org", 1)[0]


def test_a_forged_cookie_makes_no_browser_known(cast):
    hammer("alice@example.org")
    stranger = browser("198.51.100.200")
    for cookie in ("", "forged", "e30:1abc:xyz", "eyJ4IjogMX0"):
        stranger.cookies[devices.COOKIE] = cookie
        assert TOO_MANY in guess(stranger, "alice@example.org", 1)[0]


def test_right_passwords_are_not_counted(cast):
    for _ in range(12):
        client = browser()
        sign_in(client, "alice@example.org")
        assert is_in(client)


def test_a_right_one_in_between_forgets_no_wrong_ones(cast, guest):
    """Else an attacker with an account of their own could go on for ever."""
    guess(guest, "alice@example.org", 4)
    sign_in(browser(), "bob@example.org")
    guess(guest, "alice@example.org", 1)
    assert TOO_MANY in guess(guest, "alice@example.org", 1)[0]


def test_time_forgets(cast, guest):
    guess(guest, "alice@example.org", 8)
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        later = browser()
        sign_in(later, "alice@example.org")
        assert is_in(later)


def test_redis_that_is_away_stops_nobody_and_forgets_nothing(cast, guest, settings):
    """Tries are counted in the database; sign-in asks no cache for anything."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    sign_in(guest, "alice@example.org")
    assert is_in(guest)
    assert TOO_MANY in guess(browser("192.0.2.9"), "bob@example.org", 6)[5]
    guest.post("/user/logout/")
    assert guest.post("/user/reset_password/", {"email": "bob@example.org"})
    assert mail.outbox[-1].to == ["bob@example.org"]


@pytest.mark.parametrize(
    ("path", "fields", "times"),
    [
        ("/user/signup/", {}, 20),
        ("/user/reset_password/", {}, 20),
        ("/user/password/reset/", {}, 20),
        ("/user/password/reset/key/1-set-password/", {}, 30),
        ("/user/two-step/webauthn/login/", {"credential": "{}"}, 120),
    ],
)
def test_what_can_be_posted_from_outside_is_bounded(guest, path, fields, times):
    name = resolve(path).view_name
    for _ in range(times - 1):
        buckets.take(throttle.POSTS[name], "198.51.100.7")
    found = [guest.post(path, fields).status_code for _ in range(2)]
    assert found[0] != 429
    assert found[1] == 429


def test_too_much_is_said_in_words_and_for_programs(guest):
    for _ in range(20):
        buckets.take(throttle.POSTS["account_signup"], "198.51.100.7")
    page = guest.post("/user/signup/")
    assert "Wait 60 minutes" in page.content.decode()
    assert 0 < int(page.headers["Retry-After"]) <= 3600
    told = guest.post("/user/signup/", headers={"accept": "application/json"})
    assert told.json()["errors"][0]["code"] == "too_many_tries"


def test_nobodys_mailbox_can_be_flooded(cast):
    """Five an hour; the page says the same, and the links sent before work."""
    for number in range(9):
        client = browser(f"192.0.2.{number}")
        client.post("/user/reset_password/", {"email": "alice@example.org"})
    assert len(mail.outbox) == 5


def test_the_old_password_can_not_be_guessed_in_an_open_session(cast, alice):
    """Somebody at an unlocked screen."""
    wrong = {"oldpassword": "wrong", "password1": PASSWORD, "password2": PASSWORD}
    found = [alice.post("/user/password/change/", wrong).status_code for _ in range(11)]
    assert found[9:] == [200, 429]


def test_confirming_who_it_is_can_not_be_guessed(cast, alice):
    url = "/user/reauthenticate/?next=/user/security/"
    said = [alice.post(url, {"password": "wrong"}).content.decode() for _ in range(11)]
    assert TOO_MANY not in said[9]
    assert TOO_MANY in said[10]


# The buckets themselves


def test_a_bucket_lets_so_many_through_and_tells_when_it_ends():
    found = [buckets.take(THREE, "me") for _ in range(4)]
    assert [one.allowed for one in found] == [True, True, True, False]
    assert [one.left for one in found] == [2, 1, 0, 0]
    assert 0 < found[-1].wait_s <= 60


def test_refused_tries_make_nobody_wait_longer():
    start = clock.now()
    with time_machine.travel(start, tick=False):
        for _ in range(20):
            buckets.take(THREE, "me")
    with time_machine.travel(start + timedelta(seconds=61), tick=False):
        assert buckets.take(THREE, "me").allowed


def test_what_is_over_is_deleted():
    buckets.take(THREE, "me")
    assert buckets.purge() == 0
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
        assert buckets.purge() == 1
    assert not Bucket.objects.exists()


def test_sessions_that_ran_out_are_deleted_too(cast, guest):
    """Every hour, by beat."""
    sign_in(guest, "alice@example.org")
    tidy()
    assert guest.get("/user/security/").status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        tidy()
        assert not Session.objects.exists()


def test_a_bucket_names_nobody():
    buckets.take(THREE, "alice@example.org")
    assert "alice" not in Bucket.objects.get().key


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_no_more_than_one_after_the_other():
    def one(_: int) -> bool:
        try:
            return buckets.take(THREE, "me").allowed
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(one, range(24)))
    assert allowed.count(True) == 3
