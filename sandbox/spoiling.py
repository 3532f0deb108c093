"""How a fault rule spoils an answer. `faults.py` tells what each kind means."""

from __future__ import annotations

import asyncio

from aiohttp import web

from sandbox.double import Call, Double, too_many
from sandbox.faults import Fault


def spoiled(
    double: Double, call: Call, rule: Fault, answer: web.StreamResponse | None
) -> web.StreamResponse:
    """The answer a rule asks for, made of the handler's answer if there is one."""
    if rule.kind == "rate_limited":
        own = double.rate_limited_response
        return too_many(rule) if rule.generic else own(rule, call)
    if rule.kind == "error":
        return _given(rule) or double.error_response(rule, call)
    if rule.kind in ("empty", "malformed"):
        body = b"" if rule.kind == "empty" else _half(answer)
        return web.Response(body=body, content_type="application/json")
    assert answer is not None
    return answer


def _given(rule: Fault) -> web.Response | None:
    if rule.body is None:
        return None
    if isinstance(rule.body, str):
        return web.Response(text=rule.body, status=rule.status)
    return web.json_response(rule.body, status=rule.status)


def _bytes(answer: web.StreamResponse | None) -> bytes:
    body = answer.body if isinstance(answer, web.Response) else None
    return body if isinstance(body, bytes) else b""


def _half(answer: web.StreamResponse | None) -> bytes:
    body = _bytes(answer)
    return body[: len(body) // 2] if len(body) > 1 else b'{"data": [{"id": "17'


def cut(request: web.Request) -> web.Response:
    """Reset the connection; what is returned goes nowhere."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def drip(
    request: web.Request, answer: web.StreamResponse, seconds: float
) -> web.StreamResponse:
    """The answer in some twenty pieces over this time."""
    data = _bytes(answer)
    slow = web.StreamResponse(status=answer.status, headers=answer.headers)
    slow.content_length = len(data)
    await slow.prepare(request)
    step = max(1, len(data) // 20)
    pieces = [data[at : at + step] for at in range(0, len(data), step)]
    for piece in pieces:
        await asyncio.sleep(seconds / len(pieces))
        await slow.write(piece)
    await slow.write_eof()
    return slow
