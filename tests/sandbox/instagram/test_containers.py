"""Containers: states, time, the parameters they take and refuse."""

from __future__ import annotations

import json

import pytest

from tests.sandbox.instagram.graph import good, profile, refusal

DAY = 86_400


@pytest.fixture
def photo_at(sandbox, web):
    """Parameters of a container whose media is not looked at."""
    sandbox.set(fetch_media=False)
    return {"image_url": web("photo.jpg")}


def test_a_container_is_in_progress_until_it_is_processed(sandbox, lena, photo_at):
    sandbox.set(processing_ms=60_000)
    container = lena.create(**photo_at)
    assert lena.status(container)["status_code"] == "IN_PROGRESS"
    sandbox.advance(61)
    assert lena.status(container)["status_code"] == "FINISHED"


def test_an_unpublished_container_expires_after_24_hours(sandbox, lena, photo_at):
    container = lena.create(**photo_at)
    sandbox.advance(DAY)
    assert lena.status(container)["status_code"] == "EXPIRED"
    answer = lena.post(f"{lena.id}/media_publish", creation_id=container)
    assert refusal(answer) == (-2, 2207020)


def test_a_processing_fault_ends_one_container_with_its_number(sandbox, lena, photo_at):
    """Acceptance case 7: the number stands at the end of a sentence."""
    rule = {"platform": "instagram", "step": "processing", "times": 1}
    sandbox.fault("error", detail={"subcode": 2207082}, **rule)
    failed, next_one = lena.create(**photo_at), lena.create(**photo_at)
    state = lena.status(failed)
    assert state["status_code"] == "ERROR"
    assert state["status"].endswith("error code 2207082")
    assert lena.status(next_one)["status_code"] == "FINISHED"


def test_a_container_can_be_made_to_hang(sandbox, lena, photo_at):
    sandbox.fault("hang", platform="instagram", step="processing")
    container = lena.create(**photo_at)
    sandbox.advance(DAY - 60)
    assert lena.status(container)["status_code"] == "IN_PROGRESS"


def test_an_account_creates_400_containers_a_day(sandbox, lena, photo_at):
    sandbox.set(**{"instagram.containers_per_day": 3})
    for _ in range(3):
        lena.create(**photo_at)
    assert refusal(lena.post(f"{lena.id}/media", **photo_at))[0] == 9
    sandbox.advance(DAY + 1)
    assert lena.create(**photo_at)


def test_unknown_fields_fail_the_whole_read(lena, photo_at):
    container = lena.create(**photo_at)
    answer = lena.get(container, fields="status_code,colour")
    assert refusal(answer) == (100, 0)


def test_the_caption_ends_at_2200_characters(lena, photo_at):
    assert lena.create(caption="ä" * 2200, **photo_at)
    answer = lena.post(f"{lena.id}/media", caption="ä" * 2201, **photo_at)
    assert refusal(answer) == (36004, 2207010)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"caption": "@lena " * 21}, (100, 2207040)),
        ({"caption": "#sun " * 31}, (100, 0)),
        ({"alt_text": "x" * 1001}, (100, 0)),
        ({"media_type": "POEM"}, (100, 2207023)),
        ({"collaborators": json.dumps(["a", "b", "c", "d"])}, (100, 0)),
        ({"user_tags": json.dumps([{"username": "lena"}])}, (100, 0)),
        ({"user_tags": json.dumps([{"username": "l", "x": 2, "y": 0}])}, (100, 0)),
        ({"user_tags": "not json"}, (100, 0)),
        ({"video_url": "http://127.0.0.1/clip.mp4"}, (100, 0)),
        ({"is_carousel_item": "true", "is_ai_generated": "true"}, (100, 0)),
        ({"trial_params": json.dumps({"graduation_strategy": "MANUAL"})}, (100, 0)),
    ],
)
def test_parameters_outside_the_rules_are_refused(lena, photo_at, form, expected):
    answer = lena.post(f"{lena.id}/media", **{**photo_at, **form})
    assert refusal(answer) == expected


def test_tags_and_collaborators_reach_the_ledger(sandbox, lena, photo_at):
    tags = [{"username": "lena", "x": 0.5, "y": 0.8}]
    form = {"user_tags": json.dumps(tags), "collaborators": json.dumps(["partner"])}
    lena.publish(lena.create(**photo_at, **form))
    [row] = sandbox.ledger()
    assert row["extra"]["user_tags"] == tags
    assert row["extra"]["collaborators"] == ["partner"]


def test_a_location_counts_with_facebook_only(sandbox, lena, lena_page, photo_at):
    lena.publish(lena.create(location_id="7640348500", **photo_at))
    lena_page.publish(lena_page.create(location_id="7640348500", **photo_at))
    without, with_place = sandbox.ledger()
    assert "location_id" not in without["extra"]
    assert with_place["extra"]["location_id"] == "7640348500"


def test_a_place_that_is_none_is_refused_by_name(lena_page, photo_at):
    answer = lena_page.post(f"{lena_page.id}/media", location_id="here", **photo_at)
    words = answer.json()["error"]["message"]
    assert "INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID" in words


def test_parameters_may_come_as_json(lena, photo_at):
    headers = {"Authorization": f"Bearer {lena.token}"}
    body = {**photo_at, "caption": "by JSON", "user_tags": []}
    answer = lena.call("POST", f"{lena.id}/media", json=body, headers=headers)
    assert good(answer)["id"]


def test_a_restricted_account_creates_nothing(sandbox, photo_at):
    wish = {"handle": "in.trouble", "extra": {"restricted": True}}
    sandbox.identity("instagram", **wish)
    trouble = profile(sandbox, "in.trouble")
    answer = trouble.post(f"{trouble.id}/media", **photo_at)
    assert refusal(answer) == (25, 2207050)
