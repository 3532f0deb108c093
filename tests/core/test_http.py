"""The one door to the network, against real sockets: what failed, and when."""

from __future__ import annotations

import gzip
import socket
import time

import pytest
import requests

from core import connections, http
from core.http import AnswerLost, BadReply, Http, NotSent
from tests.core.sockets import KEPT, OK, Peer


def get(url: str, **parts):
    return Http().request("GET", url, **parts)


def post(url: str, **parts):
    return Http().request("POST", url, **parts)


@pytest.fixture
def closed() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    http.configure(direct=frozenset({"127.0.0.1"}))
    return f"http://127.0.0.1:{port}/"


# Not sent


def test_a_refused_connection_was_not_sent(closed):
    with pytest.raises(NotSent):
        post(closed, json={})


@pytest.mark.usefixtures("echo")
def test_a_name_nobody_knows_was_not_sent(monkeypatch):
    def fail(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(NotSent):
        get("http://nobody.example/")


def test_a_name_that_is_too_long_was_not_sent():
    with pytest.raises(NotSent):
        get(f"http://{'x' * 70}.example/")


def test_a_failed_handshake_was_not_sent(serve):
    """The request can't have left before TLS stood."""
    server = serve(lambda peer: peer.conn.sendall(b"no TLS here at all\r\n\r\n"))
    with pytest.raises(NotSent):
        get(f"https://{server.host}/")


def test_a_handshake_that_hangs_was_not_sent(serve, monkeypatch):
    monkeypatch.setattr(http, "CONNECT_S", 0.2)
    server = serve(lambda peer: peer.wait(10))
    with pytest.raises(NotSent):
        get(f"https://{server.host}/")


@pytest.mark.parametrize(
    "url", ["", "nonsense", "ftp://h.example/", "http://", "http:///x"]
)
def test_no_address_is_not_sent(url):
    with pytest.raises(NotSent):
        get(url)


# Answer lost


def test_a_cut_before_the_answer_is_a_lost_answer(serve):
    server = serve(lambda peer: (peer.read(), peer.reset()))
    with pytest.raises(AnswerLost):
        post(server.url, json={"text": "Hello"})
    assert b"Hello" in server.requests[0]


def test_an_end_before_the_answer_is_a_lost_answer(serve):
    server = serve(lambda peer: peer.read())
    with pytest.raises(AnswerLost):
        post(server.url)


def test_a_cut_within_the_answer_is_a_lost_answer(serve):
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
    server = serve(lambda peer: (peer.answer(head), peer.reset()))
    with pytest.raises(AnswerLost):
        get(server.url)


def test_nonsense_instead_of_an_answer_is_a_lost_answer(serve):
    server = serve(
        lambda peer: (peer.answer(b"\x00\x01\x02 what?\r\n\r\n"), peer.reset())
    )
    with pytest.raises(AnswerLost):
        get(server.url)


def test_contradicting_lengths_are_a_lost_answer(serve):
    """urllib3 calls this an invalid header; the request was sent all the same."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}"
    server = serve(lambda peer: peer.answer(answer))
    with pytest.raises(AnswerLost):
        get(server.url)


def test_a_broken_compression_is_a_lost_answer(serve):
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nzzzz"
    server = serve(lambda peer: peer.answer(head))
    with pytest.raises(AnswerLost):
        get(server.url)


# Bounded in time


def timed(url: str, **parts) -> float:
    started = time.monotonic()
    with pytest.raises(AnswerLost):
        get(url, **parts)
    return time.monotonic() - started


def test_silence_ends_in_time(serve):
    server = serve(lambda peer: peer.wait(20))
    assert timed(server.url, timeout_s=0.3) < 5


def test_a_dripped_body_ends_in_time(serve):
    """Each byte alone comes soon enough; all of them wouldn't."""

    def drip(peer: Peer) -> None:
        peer.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        peer.drip(b"x" * 1000, every_s=0.05)

    assert timed(serve(drip).url, timeout_s=0.4) < 5


def test_dripped_headers_end_in_time(serve):
    def drip(peer: Peer) -> None:
        peer.read()
        peer.drip(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000, every_s=0.05)

    assert timed(serve(drip).url, timeout_s=0.4) < 5


def test_a_slow_answer_within_its_time_is_taken(serve):
    def drip(peer: Peer) -> None:
        peer.read()
        peer.drip(OK, every_s=0.002)

    assert get(serve(drip).url, timeout_s=20).json() == {}


def test_a_large_upload_has_more_time_than_connecting(serve, monkeypatch):
    """A video leaves slowly; that isn't the connection failing."""
    monkeypatch.setattr(http, "CONNECT_S", 0.2)

    def late(peer: Peer) -> None:
        peer.wait(0.6)
        peer.answer()

    body = b"x" * 20_000_000
    assert post(serve(late).url, data=body).ok


def test_an_upload_that_nobody_reads_ends(serve, monkeypatch):
    monkeypatch.setattr(connections, "WRITE_S", 0.2)
    monkeypatch.setattr(connections, "WRITE_BYTES_PER_S", 10**12)
    server = serve(lambda peer: peer.wait(20))
    started = time.monotonic()
    with pytest.raises(AnswerLost):
        post(server.url, data=b"x" * 20_000_000)
    assert time.monotonic() - started < 10


# Bounded in size


def test_too_large_a_body_is_cut_off(serve):
    big = b"HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n" + b"x" * 3000
    with pytest.raises(BadReply, match="too large") as caught:
        get(serve(lambda peer: peer.answer(big)).url, max_body=1000)
    assert caught.value.reply.status == 200
    assert caught.value.reply.body == b""


def test_a_compressed_bomb_is_measured_unpacked(serve):
    """R-I5"""
    packed = gzip.compress(b"\0" * 30_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}"
    answer = head.encode() + b"\r\n\r\n" + packed
    with pytest.raises(BadReply, match="too large"):
        get(serve(lambda peer: peer.answer(answer)).url)


# What an answer is


def test_an_answer_is_read_whole(serve):
    body = b'{"ok": true}'
    head = f"HTTP/1.1 404 Not Found\r\nX-Odd: Yes\r\nContent-Length: {len(body)}"
    server = serve(lambda peer: peer.answer(head.encode() + b"\r\n\r\n" + body))
    reply = get(server.url)
    assert (reply.status, reply.ok, reply.json()) == (404, False, {"ok": True})
    assert reply.headers["x-odd"] == "Yes"


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe\xff", b"[" * 100_000])
def test_what_is_not_json_is_a_bad_reply(body):
    reply = http.Reply(200, {}, body)
    with pytest.raises(BadReply) as caught:
        reply.json()
    assert caught.value.reply is reply


def test_redirects_are_not_followed(serve):
    """R-I5: where they lead is for the caller to judge."""
    where = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n"
    answer = where + b"Content-Length: 0\r\n\r\n"
    server = serve(lambda peer: peer.answer(answer))
    assert get(server.url).status == 302
    assert len(server.requests) == 1


def test_cookies_are_not_kept(serve):
    """A thread serves many tenants."""
    answer = OK.replace(b"\r\n\r\n", b"\r\nSet-Cookie: who=alice\r\n\r\n")
    server = serve(lambda peer: peer.answer(answer))
    get(server.url)
    get(server.url)
    assert b"cookie" not in server.requests[1].lower()


def test_the_shells_proxy_is_not_asked(echo, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert get(echo.url).ok


def test_a_connection_the_server_closed_is_opened_anew(serve):
    server = serve(lambda peer: peer.answer(KEPT))
    assert get(server.url).ok
    assert server.peers[0].closed.wait(10)
    assert get(server.url).ok
    assert len(server.peers) == 2


def test_a_kept_connection_is_used_again(serve):
    def keep(peer: Peer) -> None:
        while peer.read():
            peer.conn.sendall(KEPT)

    server = serve(keep)
    assert [get(server.url).ok for _ in range(3)] == [True] * 3
    assert len(server.peers) == 1


def test_we_say_who_we_are(echo):
    get(echo.url)
    assert b"User-Agent: Later/" in echo.requests[0]


def test_a_session_mounted_elsewhere_passes_the_same_door(closed):
    session = http.mount(requests.Session())
    with pytest.raises(requests.ConnectionError):
        session.get(closed)
    assert session.trust_env is False
