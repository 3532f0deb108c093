"""R-I5: what nobody would type reaches every form and call; nothing breaks.

The bodies are the isolation matrix's valid ones, with one value at a time made hostile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.safety.matrix.doors import TABLE
from tests.safety.matrix.people import Visitor, everybody
from tests.safety.matrix.request import JSON, Request
from tests.safety.matrix.walk import in_order
from tests.safety.matrix.watch import ask
from tests.safety.matrix.world import World, build

pytestmark = pytest.mark.django_db

BIDI = "\u202egnp.exe\u2066\u200b\ufeff\U000e0041"
TYPED = ["\0", BIDI, "x" * 200_000]
SENT = [*TYPED, "\ud800", None, -(10**30), {"$ne": ""}, [["\0"]]]


@pytest.fixture
def world(redis_cache) -> World:
    return build()


@pytest.fixture
def owner(world) -> Visitor:
    return next(each for each in everybody(world) if each.role == "owner")


def spoiled(found: Any, hostile: Any) -> Iterator[Any]:
    """Copies with one value each replaced, however deep."""
    if isinstance(found, Mapping):
        for key, value in found.items():
            yield from ({**found, key: other} for other in spoiled(value, hostile))
    elif isinstance(found, list):
        yield from ([other] for value in found for other in spoiled(value, hostile))
    elif isinstance(found, str | int | bool):
        yield hostile


def requests(world: World) -> Iterator[Request]:
    for route, act in in_order(TABLE):
        plain = Request.to(route, act, world.ours)
        for hostile in SENT if act.json else TYPED:
            for body in spoiled(plain.body, hostile):
                yield replace(plain, body=body)


def test_no_value_of_a_body_breaks_anything(world, owner):
    """NUL, halves of characters, directions, lengths, other types than expected."""
    broken, tried = [], 0
    for request in requests(world):
        seen = ask(owner.client(), request)
        tried += 1
        if seen.status >= 500:
            broken.append(f"{request.method} {request.path} {str(request.body)[:150]}")
    assert broken == []
    assert tried > 200


NAMES = ("q", "profile", "set", "page", "date", "at", "next", "mark", "show")


def test_no_value_of_a_query_breaks_a_page(world, owner):
    for route, act in in_order(TABLE):
        if not act.safe or act.shows_all:
            continue
        plain = Request.to(route, act, world.ours)
        for hostile in ("\0", BIDI, "9" * 5_000):
            query = {**plain.query, **dict.fromkeys(NAMES, hostile)}
            seen = ask(owner.client(), replace(plain, query=query))
            fine = seen.status < 500 or seen.status in act.statuses
            assert fine, f"{route} {hostile[:20]!r}: {seen}"


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 200_000,
        b'{"a":' * 200_000,
        b'{"mode": 1e999999}',
        b"\xff\xfe{}",
        b"[1]",
        b'"text"',
        b"null",
        b"",
        b'{"text": ' + b"9" * 10_000 + b"}",
    ],
)
def test_no_json_breaks_the_api(alice, cast, raw):
    """Deep, endless, of another shape, in another encoding: 400 with a reason."""
    path = f"/api/v1/groups/{cast.group.pk}/posts/"
    assert alice.post(path, raw, content_type=JSON).status_code == 400


def test_more_json_than_a_call_takes_is_not_read(alice, cast, settings):
    path = f"/api/v1/groups/{cast.group.pk}/posts/"
    raw = b'{"text": "' + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE + b'"}'
    assert alice.post(path, raw, content_type=JSON).status_code in (400, 413)
