"""What is kept of a call: enough to understand it, nothing secret (R-D2, R-F6)."""

from __future__ import annotations

import logging

import pytest

from core import http
from core.http import AnswerLost, Http

TOKEN = "123456789:AAcanary-telegram-bot-token-0123456789"


def get(url: str, **parts):
    return Http().request("GET", url, **parts)


def test_a_call_is_traced(serve):
    """R-F6"""
    answer = b"HTTP/1.1 200 OK\r\nx-fb-trace-id: abc\r\nContent-Length: 2\r\n\r\n{}"
    server = serve(lambda peer: peer.answer(answer))
    with http.trace() as calls:
        get(f"{server.url}/v1/me", params={"access_token": "secret"})
    (call,) = calls
    assert (call.method, call.host, call.path) == ("GET", server.host, "/v1/me")
    assert (call.status, call.request_id, call.excerpt) == (200, "abc", "")
    assert call.duration_ms >= 0


def test_a_refusal_keeps_the_platforms_words(serve):
    body = b'{"error": "odd", "access_token": "canary-token"}'
    head = f"HTTP/1.1 400 Bad\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    server = serve(lambda peer: peer.answer(head + body))
    with http.trace() as calls:
        get(server.url)
    assert "odd" in calls[0].excerpt
    assert "canary-token" not in calls[0].excerpt


def test_a_lost_call_is_traced_without_a_status(serve):
    server = serve(lambda peer: (peer.read(), peer.reset()))
    with http.trace() as calls, pytest.raises(AnswerLost):
        get(server.url)
    assert [call.status for call in calls] == [None]


def test_a_token_in_the_path_is_masked(echo):
    """R-D2: Telegram's stands there."""
    with http.trace() as calls:
        get(f"{echo.url}/bot{TOKEN}/sendMessage")
    assert calls[0].path == "/bot***/sendMessage"


def test_nothing_is_traced_outside_and_traces_nest(echo):
    with http.trace() as outer:
        get(echo.url)
        with http.trace() as inner:
            get(echo.url)
    get(echo.url)
    assert (len(outer), len(inner)) == (1, 1)


def test_the_libraries_below_write_no_addresses_into_logs(serve, caplog):
    """R-D2: not even when somebody turns all logging on."""
    odd = b"HTTP/1.1 200 OK\r\nBroken header line\r\nContent-Length: 2\r\n\r\n{}"
    server = serve(lambda peer: peer.answer(odd))
    with caplog.at_level(logging.DEBUG):
        get(f"{server.url}/bot{TOKEN}/x", params={"access_token": "canary-token"})
    assert TOKEN not in caplog.text
    assert "canary-token" not in caplog.text


def test_errors_name_no_address(serve):
    """R-D2"""
    server = serve(lambda peer: (peer.read(), peer.reset()))
    with pytest.raises(AnswerLost) as caught:
        get(f"{server.url}/bot{TOKEN}/x")
    assert TOKEN not in repr(caught.value)
    assert caught.value.__suppress_context__
