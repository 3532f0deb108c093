"""The control API: identities, tokens, settings, ledger, calls, reset."""

from __future__ import annotations

import json

import pytest

from tests.sandbox.instagram.graph import good, profile
from tests.support.sandbox import ControlError


def test_health_names_the_platforms(sandbox):
    answer = sandbox.health()
    assert answer["ok"] is True
    assert {"instagram", "facebook"} <= set(answer["platforms"])


def test_steps_are_documented_by_platform(sandbox):
    steps = sandbox.control("GET", "steps")
    assert {"create_container", "publish", "refresh"} <= set(steps["instagram"])


def test_hundreds_of_profiles_connect_without_a_browser(sandbox):
    wishes = [
        {"platform": "instagram", "handle": f"bulk.{number}", "kind": "business"}
        for number in range(300)
    ]
    made = sandbox.control("POST", "identities", wishes)
    asked = [{"platform": "instagram", "identity": row["id"]} for row in made]
    minted = sandbox.control("POST", "tokens", asked)
    assert len({row["access_token"] for row in minted}) == 300
    last = profile(sandbox, "bulk.299")
    assert good(last.get("me", fields="username"))["username"] == "bulk.299"


def test_identities_are_listed_by_platform(sandbox):
    handles = [row["handle"] for row in sandbox.identities("instagram")]
    assert {"lena.studio", "miro.cooks", "juno.diary"} <= set(handles)
    kinds = {row["kind"] for row in sandbox.identities("facebook")}
    assert kinds == {"person", "page"}


@pytest.mark.parametrize(
    "wish",
    [
        {"handle": "lena.studio"},
        {"handle": "two words"},
        {"handle": "fine", "kind": "robot"},
    ],
)
def test_odd_identities_are_refused(sandbox, wish):
    with pytest.raises(ControlError):
        sandbox.identity("instagram", **wish)


def test_unknown_names_are_told(sandbox):
    with pytest.raises(ControlError, match="no platform named 'myspace'"):
        sandbox.identity("myspace", handle="tom")
    with pytest.raises(ControlError, match="no instagram identity 'nobody'"):
        sandbox.token("instagram", "nobody")
    with pytest.raises(ControlError, match="platform is missing"):
        sandbox.control("POST", "tokens", {"identity": "lena.studio"})


def test_scopes_of_a_token_can_be_chosen(sandbox):
    minted = sandbox.token("instagram", "lena.studio", scopes=["a", "b"])
    assert minted["permissions"] == ["a", "b"]


def test_settings_have_types_and_known_names(sandbox):
    assert sandbox.set(latency_ms=5)["latency_ms"] == 5
    assert sandbox.settings()["latency_ms"] == 5
    with pytest.raises(ControlError, match="no setting named speed"):
        sandbox.set(speed=1)
    with pytest.raises(ControlError, match="must be of type int"):
        sandbox.set(latency_ms="5")


def test_the_ledger_is_filtered(sandbox):
    sandbox.set(fetch_media=False)
    for handle in ("lena.studio", "northtrail.gear"):
        account = profile(sandbox, handle)
        account.publish(account.create(image_url="http://127.0.0.1/x.jpg"))
    first, second = sandbox.ledger()
    assert sandbox.ledger(profile=first["profile"]) == [first]
    assert sandbox.ledger(since=second["accepted_at"])[-1] == second
    assert sandbox.ledger(platform="telegram") == []
    assert first["accepted_at"].endswith("Z")
    assert len(first["accepted_at"]) == len("2026-11-21T08:00:00.000Z")
    sandbox.clear_ledger()
    assert sandbox.ledger() == []


def test_calls_answer_how_often_something_was_asked(sandbox):
    lena = profile(sandbox, "lena.studio")
    for _ in range(3):
        lena.get("me")
    assert len(sandbox.calls(platform="instagram", step="me")) == 3
    [call, *_] = sandbox.calls(step="me", profile=lena.id)
    assert (call["status"], call["method"]) == (200, "GET")
    sandbox.control("DELETE", "calls")
    assert sandbox.calls() == []


def test_no_token_is_ever_in_the_call_log(sandbox):
    """R-D2: tokens stand in no log."""
    lena = profile(sandbox, "lena.studio")
    lena.get("me")
    lena.get(f"{lena.token}/media")
    assert lena.token not in json.dumps(sandbox.calls())


def test_reset_brings_the_seed_back(sandbox):
    sandbox.identity("instagram", handle="new.here")
    sandbox.fault("error", times=None)
    sandbox.set(latency_ms=1)
    sandbox.reset()
    handles = [row["handle"] for row in sandbox.identities("instagram")]
    assert "lena.studio" in handles
    assert "new.here" not in handles
    assert sandbox.faults() == []
    assert sandbox.settings()["latency_ms"] == 0
    assert sandbox.calls() == []


def test_tokens_of_before_a_reset_are_unknown_after_it(sandbox):
    lena = profile(sandbox, "lena.studio")
    sandbox.reset()
    assert lena.get("me").status_code == 400


def test_a_platform_without_quota_says_so(sandbox):
    with pytest.raises(ControlError, match="no publishing quota"):
        sandbox.quota("facebook", "lena.martins")


@pytest.mark.parametrize("body", ["[1]", "nonsense", '"text"'])
def test_bodies_that_are_no_object_are_refused(sandbox, body):
    with pytest.raises(ControlError):
        sandbox.control("POST", "settings", body)
