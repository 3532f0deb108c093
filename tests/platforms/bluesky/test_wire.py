"""How calls are signed, and which addresses are not called at all."""

from __future__ import annotations

import pytest

from core.http import configure
from platforms.bluesky.dpop import digest
from platforms.bluesky.wire import Bearer, Dpop, Wire, Xrpc
from platforms.errors import Rejected, Unavailable
from tests.platforms.bluesky import world
from tests.platforms.fakes import FakeHttp, reply

DEMAND = reply({"error": "use_dpop_nonce"}, 401, dpop_nonce="n-2")


def server(http: FakeHttp) -> Xrpc:
    return Xrpc(Wire(http), "https://pds.example", Dpop(world.DPOP_KEY, world.ACCESS))


def test_calls_are_bound_to_method_address_and_token() -> None:
    http = FakeHttp().on("GET", "/xrpc/a.b.c", reply({}))
    server(http).query("a.b.c", {"x": "1"})
    headers = http.last.headers
    claims = world.claims_of(headers["DPoP"])
    assert headers["Authorization"] == f"DPoP {world.ACCESS}"
    assert (claims["htm"], claims["htu"]) == ("GET", "https://pds.example/xrpc/a.b.c")
    assert claims["ath"] == digest(world.ACCESS)


def test_the_newest_nonce_is_used_without_being_asked() -> None:
    http = FakeHttp().on("GET", "a.b.c", reply({}, dpop_nonce="n-1"), reply({}))
    calls = server(http)
    calls.query("a.b.c", {})
    calls.query("a.b.c", {})
    assert world.claims_of(http.last.headers["DPoP"])["nonce"] == "n-1"


def test_a_challenge_alone_asks_for_a_nonce_too() -> None:
    bare = reply({}, 401, www_authenticate='DPoP error="use_dpop_nonce"')
    http = FakeHttp().on("GET", "a.b.c", bare, reply({"ok": 1}))
    assert server(http).query("a.b.c", {}) == {"ok": 1}


def test_a_server_that_asks_for_ever_is_left() -> None:
    http = FakeHttp().on("GET", "a.b.c", DEMAND)
    with pytest.raises(Unavailable):
        server(http).query("a.b.c", {})
    assert len(http.sent) == 2


def test_nobody_else_is_asked_twice() -> None:
    http = FakeHttp().on("GET", "a.b.c", DEMAND)
    with pytest.raises(Unavailable):
        Xrpc(Wire(http), "https://pds.example", Bearer("t")).query("a.b.c", {})
    assert len(http.sent) == 1


@pytest.mark.parametrize(
    "url", ["http://pds.example", "file:///etc/passwd", "ftp://x", "//pds.example"]
)
def test_nothing_goes_out_unencrypted(url: str) -> None:
    http = FakeHttp()
    with pytest.raises(Rejected):
        Wire(http).send("GET", url)
    assert http.sent == []


def test_directly_reached_servers_may_be_plain() -> None:
    configure(direct=frozenset({"localhost:2583"}))
    http = FakeHttp().on("GET", "localhost:2583/x", reply({}))
    assert Wire(http).send("GET", "http://localhost:2583/x").ok


def test_secrets_dont_show() -> None:
    """R-D2"""
    shown = repr((Bearer("tok"), Dpop(world.DPOP_KEY, "acc"), server(FakeHttp())))
    assert "tok" not in shown and "acc" not in shown and "PRIVATE" not in shown
