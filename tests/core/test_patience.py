"""A page's calls end together, against real sockets that keep silent."""

from __future__ import annotations

import time

import pytest

from core.http import AnswerLost, Http, NotSent
from core.patience import left, patience
from tests.core.sockets import OK


def get(url: str):
    return Http().request("GET", url)


def test_without_a_block_each_call_has_its_own_time():
    assert left(30.0) == 30.0


def test_inside_of_one_all_calls_share_its_time():
    with patience(10.0):
        assert 9.0 < left(30.0) <= 10.0
        assert left(2.0) == 2.0
    assert left(30.0) == 30.0


def test_a_silent_platform_is_left_when_the_page_has_waited_long_enough(serve):
    """R-C2: a page doesn't hang on a slow platform."""
    server = serve(lambda peer: peer.wait(20))
    started = time.monotonic()
    with patience(0.3), pytest.raises(AnswerLost):
        get(server.url)
    assert time.monotonic() - started < 5


def test_when_the_time_is_up_nothing_more_is_sent(serve):
    server = serve(lambda peer: peer.answer(OK))
    with patience(-1.0), pytest.raises(NotSent):
        get(server.url)


def test_a_block_ends_with_its_error():
    with pytest.raises(ValueError, match="within"), patience(1.0):
        raise ValueError("within")
    assert left(30.0) == 30.0
