"""Each kind of fault, seen from the client's end of the connection."""

from __future__ import annotations

import time

import pytest
import requests

from tests.sandbox.instagram.graph import Profile, profile
from tests.support.sandbox import ControlError, Sandbox

FORM = {"image_url": "http://127.0.0.1/x.jpg"}


@pytest.fixture
def lena(sandbox: Sandbox) -> Profile:
    sandbox.set(fetch_media=False)
    return profile(sandbox, "lena.studio")


def create(lena: Profile) -> requests.Response:
    return lena.post(f"{lena.id}/media", **FORM)


def spoil(lena: Profile, kind: str, **rule) -> None:
    rule = {"platform": "instagram", "step": "create_container", **rule}
    lena.sandbox.fault(kind, **rule)


def quota_of_containers(lena: Profile) -> bool:
    """Whether a container was made: the newest id is known to the platform."""
    return lena.get("17900000000000001", fields="status_code").status_code == 200


def test_latency_delays_and_lets_the_answer_through(lena):
    spoil(lena, "latency", delay_ms=300)
    start = time.monotonic()
    assert create(lena).status_code == 200
    assert time.monotonic() - start >= 0.3
    assert lena.sandbox.calls(step="create_container")[0]["duration_ms"] >= 300


def test_cut_before_accepts_nothing(lena):
    spoil(lena, "cut_before")
    with pytest.raises(requests.ConnectionError):
        create(lena)
    assert not quota_of_containers(lena)
    assert create(lena).status_code == 200


def test_cut_after_accepts_all(lena):
    spoil(lena, "cut_after")
    with pytest.raises(requests.ConnectionError):
        create(lena)
    assert quota_of_containers(lena)


@pytest.mark.parametrize(("accepted", "made"), [(None, True), (False, False)])
def test_malformed_stops_in_the_middle_of_the_json(lena, accepted, made):
    spoil(lena, "malformed", accepted=accepted)
    answer = create(lena)
    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert answer.text.startswith("{")
    assert quota_of_containers(lena) is made


def test_empty_has_no_body(lena):
    spoil(lena, "empty")
    answer = create(lena)
    assert (answer.status_code, answer.content) == (200, b"")
    assert quota_of_containers(lena)


def test_slow_body_drips(lena):
    spoil(lena, "slow_body", delay_ms=400)
    start = time.monotonic()
    with lena.call("POST", f"{lena.id}/media", data=form(lena), stream=True) as answer:
        first = time.monotonic() - start
        body = answer.raw.read()
    # The head of the answer comes at once, its body over the whole time.
    assert time.monotonic() - start - first >= 0.3
    assert b'"id"' in body


def form(lena: Profile) -> dict[str, str]:
    return {"access_token": lena.token, **FORM}


@pytest.mark.parametrize(("accepted", "made"), [(None, True), (False, False)])
def test_hang_says_nothing_and_cuts(lena, accepted, made):
    spoil(lena, "hang", delay_ms=300, accepted=accepted)
    start = time.monotonic()
    with pytest.raises(requests.ConnectionError):
        create(lena)
    assert time.monotonic() - start >= 0.3
    assert quota_of_containers(lena) is made


def test_a_client_s_own_time_out_comes_first(lena):
    spoil(lena, "hang", delay_ms=20_000)
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{lena.base}/{lena.id}/media", data=form(lena), timeout=(5, 0.2))


@pytest.mark.parametrize(
    ("body", "text"), [({"gone": True}, '{"gone": true}'), ("<h1>Bad</h1>", "<h1>")]
)
def test_an_error_gives_the_body_it_was_given(lena, body, text):
    spoil(lena, "error", status=502, body=body)
    answer = create(lena)
    assert answer.status_code == 502
    assert text in answer.text


def test_a_rule_counts_down_and_disappears(lena):
    spoil(lena, "error", status=500, times=2)
    statuses = [create(lena).status_code for _ in range(3)]
    assert statuses == [500, 500, 200]
    assert lena.sandbox.faults() == []


def test_a_rule_without_count_stays_until_it_is_removed(lena):
    spoil(lena, "error", status=500, times=None)
    assert [create(lena).status_code for _ in range(3)] == [500, 500, 500]
    [rule] = lena.sandbox.faults()
    assert rule["hits"] == 3
    lena.sandbox.control("DELETE", "faults", id=rule["id"])
    assert create(lena).status_code == 200


def test_a_rule_may_be_for_one_profile(lena):
    other = profile(lena.sandbox, "northtrail.gear")
    spoil(lena, "error", status=500, profile=other.id)
    assert create(lena).status_code == 200
    assert create(other).status_code == 500


def test_rules_of_other_platforms_and_steps_do_not_fire(lena):
    spoil(lena, "error", status=500, step="publish")
    lena.sandbox.fault("error", platform="facebook", status=500)
    assert create(lena).status_code == 200


def test_latency_adds_to_another_rule(lena):
    spoil(lena, "latency", delay_ms=200, times=None)
    spoil(lena, "error", status=503)
    start = time.monotonic()
    assert create(lena).status_code == 503
    assert time.monotonic() - start >= 0.2


def test_the_call_log_names_the_fault_and_the_cut(lena):
    spoil(lena, "cut_after")
    with pytest.raises(requests.ConnectionError):
        create(lena)
    [call] = lena.sandbox.calls(platform="instagram", step="create_container")
    assert (call["status"], call["fault"]) == (0, "cut_after")
    assert call["profile"] == lena.id


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "earthquake"},
        {"kind": "error", "colour": "red"},
        {"kind": "error", "times": "twice"},
        {"kind": "error", "detail": 4},
        {"kind": "error", "platform": "instagram", "step": "dance"},
    ],
)
def test_rules_nobody_would_understand_are_refused(sandbox, rule):
    with pytest.raises(ControlError):
        sandbox.control("POST", "faults", rule)
    with pytest.raises(ControlError):
        sandbox.fault("error", platform="nowhere")
