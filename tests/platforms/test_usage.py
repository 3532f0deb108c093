"""Usage headers: what is nearly used up is told aside, and senseless ones say nothing."""

from __future__ import annotations

import json
import time

import pytest

from core.http import Reply
from platforms import clock, usage
from platforms.bluesky.usage import listen as listen_bluesky
from platforms.meta.usage import listen as listen_meta


def heard(listen, headers):
    with usage.listening() as found:
        listen(Reply(200, headers, b"{}"))
    return [
        (near.scope, round((near.until - clock.now()).total_seconds() / 60))
        for near in found
    ]


def meta(headers):
    return heard(lambda reply: listen_meta("Instagram", reply), headers)


def app(percent):
    return {"x-app-usage": json.dumps({"call_count": percent, "total_time": 3})}


def business(percent, minutes=0):
    row = {"call_count": 1, "total_time": percent}
    row["estimated_time_to_regain_access"] = minutes
    return {"x-business-use-case-usage": json.dumps({"178": [row]})}


def bluesky(left, policy="5000;w=3600"):
    return {
        "RateLimit-Limit": "5000",
        "RateLimit-Remaining": str(left),
        "RateLimit-Reset": str(int(time.time()) + 600),
        "RateLimit-Policy": policy,
    }


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({}, []),
        (app(28), []),
        (app(95), [("app", 5)]),
        (business(94), []),
        (business(97), [("profile", 5)]),
        (business(20, minutes=12), [("profile", 12)]),
        ({**app(99), **business(99)}, [("app", 5), ("profile", 5)]),
    ],
)
def test_metas_shares_are_heard_from_95_percent_on(headers, told):
    """R-F5: usage headers are obeyed before the platform refuses."""
    assert meta(headers) == told


@pytest.mark.parametrize(
    "value",
    ["", "no json", "[]", "7", '{"178": 5}', '{"178": [null, "x"]}', '{"a": 1}'],
)
def test_senseless_headers_of_meta_say_nothing(value):
    names = ("x-app-usage", "x-business-use-case-usage")
    assert meta(dict.fromkeys(names, value)) == []


@pytest.mark.parametrize(
    ("left", "policy", "told"),
    [
        (5000, "5000;w=3600", []),
        (251, "5000;w=3600", []),
        (250, "5000;w=3600", [("profile", 10)]),
        (0, "3000;w=300", [("app", 10)]),
    ],
)
def test_blueskys_points_are_heard_when_few_are_left(left, policy, told):
    """R-F5."""
    assert heard(listen_bluesky, bluesky(left, policy)) == told


@pytest.mark.parametrize("odd", [{"RateLimit-Limit": "0"}, {"RateLimit-Reset": "soon"}])
def test_senseless_headers_of_bluesky_say_nothing(odd):
    assert heard(listen_bluesky, {**bluesky(0), **odd}) == []


def test_nobody_need_listen():
    listen_meta("Instagram", Reply(200, app(100), b"{}"))
