"""How often a door may be used, and for whom it is counted."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from redis.exceptions import ConnectionError as RedisGone

from accounts.limits import limited, who
from core.limits import Limit, TooMany, spend

LIMIT = Limit("test", times=3, seconds=60)


@pytest.fixture(autouse=True)
def _empty(redis_cache) -> None:
    """Nothing was counted yet."""


def test_so_many_times_and_then_a_wait():
    assert [spend(LIMIT, "alice") for _ in range(3)] == [0, 0, 0]
    assert 0 < spend(LIMIT, "alice") <= 60


def test_everybody_has_their_own_count():
    for _ in range(4):
        spend(LIMIT, "alice")
    assert spend(LIMIT, "bob") == 0


def test_the_next_window_begins_anew(time_machine):
    time_machine.move_to("2026-11-21 12:00:30", tick=False)
    for _ in range(4):
        wait = spend(LIMIT, "alice")
    assert wait == 30
    time_machine.move_to("2026-11-21 12:01:00", tick=False)
    assert spend(LIMIT, "alice") == 0


def test_without_redis_nobody_is_kept_out(monkeypatch):
    def gone(*args):
        raise RedisGone

    monkeypatch.setattr(cache, "add", gone)
    assert [spend(LIMIT, "alice") for _ in range(9)] == [0] * 9


def test_a_view_counts_the_methods_that_were_named(rf):
    view = limited(LIMIT, "POST")(lambda request: HttpResponse("done"))
    for _ in range(5):
        view(rf.get("/"))
    for _ in range(3):
        view(rf.post("/"))
    with pytest.raises(TooMany, match="too often"):
        view(rf.post("/"))


def test_people_are_counted_wherever_they_are(rf):
    request = rf.get("/", REMOTE_ADDR="192.0.2.1")
    request.user = SimpleNamespace(is_authenticated=True, pk="alice")
    assert who(request) == "person:alice"


def test_nobody_is_counted_by_the_network(rf):
    assert who(rf.get("/", REMOTE_ADDR="192.0.2.1")) == "network:192.0.2.1"
    assert who(rf.get("/", REMOTE_ADDR="2001:db8::1")) == "network:2001:db8::/64"
