"""One foreign call in terms of our errors, and when to call again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from core.http import AddressRefused, AnswerLost, BadReply, NotSent, Reply
from platforms import clock
from platforms.client import bounded, call, json_of, lost, read_as, retry_at
from platforms.errors import OutcomeUnknown, Rejected, Unavailable
from tests.platforms.fakes import FakeHttp, reply

URL = "https://api.example/v1/post"
HOUR = timedelta(hours=1)


def called(answer, *, mutating: bool = False) -> Reply:
    http = FakeHttp().on("POST", "/v1/post", answer)
    return call(http, "Plat", "POST", URL, mutating=mutating)


def test_an_answer_is_handed_on():
    assert called(reply({"a": 1}, 418)).status == 418


@pytest.mark.parametrize("mutating", [True, False])
def test_what_never_left_may_always_be_sent_again(mutating):
    with pytest.raises(Unavailable, match="Plat can't be reached"):
        called(NotSent("ConnectionError"), mutating=mutating)


@pytest.mark.parametrize(
    "answer", [AnswerLost("ReadTimeout"), BadReply("Too large.", Reply(200, {}, b""))]
)
def test_a_lost_answer_weighs_by_what_the_call_does(answer):
    """R-F3"""
    with pytest.raises(OutcomeUnknown, match="checking whether it went out"):
        called(answer, mutating=True)
    with pytest.raises(Unavailable, match="didn't answer"):
        called(answer)


def test_a_forbidden_address_is_refused_for_good():
    with pytest.raises(Rejected, match="not allowed"):
        called(AddressRefused())


def test_no_cause_is_dragged_along():
    """R-D2: it would carry the address into traces."""
    with pytest.raises(Unavailable) as caught:
        called(NotSent("ConnectionError"))
    assert caught.value.__suppress_context__
    assert caught.value.__cause__ is None


def test_json_that_is_none_is_a_lost_answer():
    with pytest.raises(OutcomeUnknown):
        json_of(reply(b"<html>"), "Plat", mutating=True)
    with pytest.raises(Unavailable):
        json_of(reply(b""), "Plat")
    assert json_of(reply([1]), "Plat") == [1]


@pytest.mark.parametrize("value", [None, 7, "text", [], {}, {"a": None}, {"a": []}])
def test_an_unexpected_shape_is_a_lost_answer(value):
    with pytest.raises(Unavailable, match="didn't answer"):
        read_as(lambda body: body["a"]["b"], value, "Plat")


def test_an_expected_shape_is_read():
    assert read_as(lambda body: int(body["a"]), {"a": "7"}, "Plat") == 7


def test_a_lost_answer_keeps_its_facts():
    error = lost("Plat", True, "why", 502)
    assert (error.details, error.status) == ("why", 502)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("37", 37),
        ("0", 1),
        ("Sat, 21 Nov 2026 12:01:00 GMT", 60),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 1),
        ("Sat, 21 Nov 2026 13:00:00 +0100", 1),
        ("99999999999999999999", 86_400),
        ("soon", 90),
        ("-5", 90),
        ("1.5", 90),
        ("²", 90),
        ("9" * 5_000, 90),
        ("", 90),
    ],
)
@time_machine.travel("2026-11-21T12:00:00Z", tick=False)
def test_retry_after_is_read_in_all_its_forms(told, seconds):
    """R-F5: RFC 9110 allows seconds and dates; servers send more than that."""
    until = retry_at(reply({}, 429, retry_after=told), otherwise_s=90)
    assert until - clock.now() == timedelta(seconds=seconds)


@time_machine.travel("2026-11-21T12:00:00Z", tick=False)
def test_pauses_are_bounded():
    assert bounded(clock.now() - HOUR) == clock.after(1)
    assert bounded(clock.now() + HOUR) == clock.now() + HOUR
    assert bounded(clock.now() + 400 * HOUR) == clock.now() + 24 * HOUR


@time_machine.travel("2026-11-21T12:00:00Z", tick=False)
def test_the_adapters_clock_moves_with_the_tests():
    assert clock.now().isoformat() == "2026-11-21T12:00:00+00:00"
    assert clock.since(clock.now() - HOUR) == 3_600
    assert clock.from_epoch(clock.now().timestamp() + 5) == clock.after(5)


def test_senseless_numbers_do_not_overflow_the_clock():
    assert clock.after(10**30).year < 2_100
    assert clock.from_epoch(10**30).year < 2_100
