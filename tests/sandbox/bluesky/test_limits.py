"""Rate limits and their headers."""

from __future__ import annotations

import time

from tests.sandbox.bluesky.atproto import MAYA, NOAH, Account, good, trouble
from tests.sandbox.bluesky.test_sessions import sign_in

FULL = "429 RateLimitExceeded: Rate Limit Exceeded"


def headers(answer):
    names = ("Limit", "Remaining", "Reset", "Policy")
    return {name: answer.headers[f"RateLimit-{name}"] for name in names}


def test_writes_cost_points(maya, sandbox):
    made = maya.create("x", "3n2u5hgbu222b")
    assert headers(made)["Remaining"] == "4997"
    assert headers(made)["Policy"] == "5000;w=3600"
    maya.write("putRecord", rkey="3n2u5hgbu222b", record={**made_record(), "text": "y"})
    maya.write("deleteRecord", rkey="3n2u5hgbu222b")
    quota = sandbox.quota("bluesky", MAYA)
    assert (quota["used"], quota["total"]) == (3 + 2 + 1, 5000)
    assert (quota["used_today"], quota["total_today"]) == (6, 35_000)


def made_record():
    return {"text": "x", "createdAt": "2026-11-21T22:26:40.000Z"}


def test_a_full_hour_answers_429_until_its_reset(maya, sandbox):
    sandbox.set_quota("bluesky", MAYA, used=4998)
    refused = maya.create()
    wait = int(refused.headers["Retry-After"])
    assert trouble(refused) == FULL
    assert 3500 < wait <= 3600
    assert abs(int(headers(refused)["Reset"]) - time.time() - wait) < 5
    assert sandbox.ledger("bluesky") == []
    good(Account(sandbox, NOAH).create())
    sandbox.advance(wait)
    good(maya.create())


def test_a_full_day_counts_as_well(maya, sandbox):
    sandbox.set_quota("bluesky", MAYA, used_today=35_000)
    refused = maya.create()
    assert trouble(refused) == FULL
    assert headers(refused)["Policy"] == "35000;w=86400"


def test_a_refused_record_costs_nothing(maya, sandbox):
    maya.create("x" * 301)
    assert sandbox.quota("bluesky", MAYA)["used"] == 0


def test_requests_are_counted_per_server(maya, sandbox):
    sandbox.set(**{"bluesky.requests_per_5min": 3})
    codes = [maya.get("com.atproto.server.getSession").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    assert sign_in(sandbox).status_code == 200
    sandbox.advance(300)
    answer = maya.get("com.atproto.server.getSession")
    assert headers(answer)["Policy"] == "3;w=300"


def test_sign_ins_are_limited_per_account(sandbox):
    sandbox.set(**{"bluesky.logins_per_5min": 2})
    codes = [sign_in(sandbox).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert sign_in(sandbox, identifier=NOAH).status_code == 200


def test_limits_can_be_turned_off(maya, sandbox):
    off = dict.fromkeys(("points_per_hour", "points_per_day", "requests_per_5min"), 0)
    sandbox.set(**{f"bluesky.{name}": value for name, value in off.items()})
    sandbox.set_quota("bluesky", MAYA, used=10**6)
    answer = maya.create()
    assert (answer.status_code, "RateLimit-Limit" in answer.headers) == (200, False)


def test_a_fault_limits_in_the_platforms_shape(maya, sandbox):
    sandbox.fault("rate_limited", platform="bluesky", step="createRecord")
    refused = maya.create()
    assert trouble(refused) == FULL
    assert refused.headers["Retry-After"] == "60"
    sandbox.fault("error", platform="bluesky", profile=maya.did, status=502)
    assert maya.create().json()["error"] == "InternalServerError"
    upstream = {"error": "UpstreamFailure", "message": "Upstream service unreachable"}
    sandbox.fault("error", platform="bluesky", status=502, detail=upstream)
    words = "502 UpstreamFailure: Upstream service unreachable"
    assert trouble(maya.create()) == words
