"""Where requests really go: gateway, direct hosts, and the guard before the rest."""

from __future__ import annotations

import socket

import pytest

from core import connections, http
from core.http import AddressRefused, Http, NotSent, Routing
from tests.core.sockets import SocketServer

PUBLIC = "93.184.215.14"
GATEWAY = "http://127.0.0.1:9000"


def get(url: str):
    return Http().request("GET", url)


# Gateway


def test_every_foreign_host_goes_through_the_gateway(echo):
    http.configure(gateway=echo.url)
    get("https://graph.example/v1/me?a=b%20c")
    assert echo.requests[0].startswith(b"GET /graph.example/v1/me?a=b%20c HTTP/1.1")


def test_a_gateway_with_a_slash_at_its_end_is_the_same(echo):
    http.configure(gateway=f"{echo.url}/")
    get("https://graph.example/v1/me")
    assert echo.requests[0].startswith(b"GET /graph.example/v1/me ")


def test_browsers_are_sent_through_the_gateway_too():
    http.configure(gateway=GATEWAY)
    url = "https://www.example/oauth/authorize?x=1"
    assert http.browser_url(url) == f"{GATEWAY}/www.example/oauth/authorize?x=1"
    assert http.browser_url(http.browser_url(url)) == http.browser_url(url)


def test_without_a_gateway_addresses_stay_as_they_are():
    http.configure()
    assert http.browser_url("https://www.example/a") == "https://www.example/a"


def test_a_name_that_begins_like_the_gateway_is_foreign():
    """R-I5: it would be believed and left unguarded otherwise."""
    routing = Routing("http://gateway")
    alike = "http://gateway.evil.example/x"
    assert routing.route(alike) == "http://gateway/gateway.evil.example/x"
    assert not routing.is_trusted(alike)


# Direct hosts


def test_direct_hosts_are_reached_as_they_are(echo):
    http.configure(gateway="http://127.0.0.1:1", direct=frozenset({echo.host}))
    get(f"{echo.url}/xrpc/a")
    assert echo.requests[0].startswith(b"GET /xrpc/a ")


@pytest.mark.parametrize("entry", ["pds.example", "pds.example:2583"])
def test_direct_hosts_are_named_with_or_without_a_port(entry):
    routing = Routing(GATEWAY, frozenset({entry}))
    assert routing.is_direct("http://pds.example:2583/xrpc")
    assert not routing.is_direct("http://pds.example.evil.example:2583/xrpc")


def test_a_direct_hosts_other_port_is_not_direct():
    routing = Routing(GATEWAY, frozenset({"pds.example:2583"}))
    assert not routing.is_direct("http://pds.example:22/")


# The guard (R-I5)


@pytest.fixture
def unguarded(echo: SocketServer) -> SocketServer:
    """A server inside, which nothing says may be reached."""
    http.configure()
    return echo


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "0",
        "0.0.0.0",  # noqa: S104
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "169.254.169.254",
        "10.0.0.1",
        "user:pass@127.0.0.1",
    ],
)
def test_inner_addresses_are_refused_however_written(unguarded, host):
    """R-I5: no connection is even tried."""
    with pytest.raises((AddressRefused, NotSent)):
        get(f"http://{host}:{unguarded.port}/")
    assert unguarded.peers == []


def test_all_refusals_read_alike(unguarded):
    """R-I5: or it would be a port scanner."""
    told = set()
    for port in (unguarded.port, 1):
        with pytest.raises(AddressRefused) as caught:
            get(f"http://127.0.0.1:{port}/")
        told.add(str(caught.value))
    assert told == {"This address is not allowed."}


def answering(monkeypatch, *answers: list[str]) -> list[str]:
    """Names resolve to these addresses in turn; gives the hosts asked for."""
    asked: list[str] = []
    left = list(answers)

    def resolve(host, port, *args, **kwargs):
        asked.append(host)
        found = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


@pytest.fixture
def reached(monkeypatch, unguarded) -> list[str]:
    """Addresses that connections were made to; all lead to the server inside."""
    found: list[str] = []
    real = socket.create_connection

    def connect(address, timeout, **kwargs):
        found.append(address[0])
        if address[0] == "203.0.113.9":
            raise ConnectionRefusedError
        sock = socket.socket()
        sock.settimeout(timeout)
        sock.connect(("127.0.0.1", unguarded.port))
        return sock

    assert real is not connect
    monkeypatch.setattr(connections, "create_connection", connect)
    return found


def test_a_name_that_leads_inside_is_refused(monkeypatch, unguarded):
    answering(monkeypatch, ["127.0.0.1"])
    with pytest.raises(AddressRefused):
        get(f"http://nice.example:{unguarded.port}/")
    assert unguarded.peers == []


def test_one_inner_address_among_others_is_enough(monkeypatch, unguarded):
    answering(monkeypatch, [PUBLIC, "10.0.0.1"])
    with pytest.raises(AddressRefused):
        get("http://nice.example/")
    assert unguarded.peers == []


def test_a_name_that_changes_its_answer_gains_nothing(monkeypatch, reached):
    """R-I5: resolved once, and connected to what was judged."""
    asked = answering(monkeypatch, [PUBLIC], ["127.0.0.1"])
    assert get("http://rebinding.example/").ok
    assert reached == [PUBLIC]
    assert asked == ["rebinding.example"]


def test_the_next_address_is_tried_when_one_refuses(monkeypatch, reached):
    # A documentation address, so judged as not public: the judge is told otherwise.
    monkeypatch.setattr("core.addresses.is_public", lambda address: True)
    answering(monkeypatch, ["203.0.113.9", PUBLIC])
    assert get("http://two.example/").ok
    assert reached == ["203.0.113.9", PUBLIC]


def test_a_name_without_addresses_was_not_sent(monkeypatch, unguarded):
    answering(monkeypatch, [])
    with pytest.raises(NotSent):
        get("http://empty.example/")


# Addresses from the operator's settings


def test_an_operators_address_may_be_private_and_is_not_routed(echo):
    """A hook of the operator's stands in the same network, sandbox or not."""
    http.configure(gateway=GATEWAY)
    reply = Http(of_operator=True).request("POST", f"{echo.url}/alarms", data=b"{}")
    assert reply.status == 200
    assert echo.requests[0].startswith(b"POST /alarms HTTP/1.1")


def test_a_persons_address_is_guarded_all_the_same(echo):
    """Trust goes with the caller, not with the host: the same thread, a moment later."""
    http.configure()
    Http(of_operator=True).request("GET", echo.url)
    with pytest.raises(AddressRefused):
        get(echo.url)
