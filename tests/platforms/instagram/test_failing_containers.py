"""Containers that fail, die of age or were published before."""

from __future__ import annotations

import pytest

from platforms.errors import Rejected
from platforms.types import Published
from tests.platforms.fakes import Sent
from tests.platforms.instagram.flow import (
    CREATE,
    FIRST,
    JOBS,
    created,
    looking,
    prepared,
)
from tests.platforms.instagram.world import (
    containers,
    instagram,
    listing,
    post,
    refusal,
    status,
    world,
)


def test_a_failed_video_is_tried_once_more():
    """Sheet case 7"""
    failed = status("ERROR", "Error: Media upload has failed with error code 2207082")
    http = looking(failed, status("FINISHED"))
    ready = prepared(JOBS["reel"], http)
    assert len(created(http)) == 2
    assert ready.data["container"] == f"{FIRST[:-1]}2"


def test_a_video_that_fails_twice_is_refused_in_words():
    """Sheet case 7, R-F4"""
    failed = status("ERROR", "Error: Media upload has failed with error code 2207082")
    http = looking(failed)
    with pytest.raises(Rejected, match="Export it again") as caught:
        prepared(JOBS["reel"], http)
    assert len(created(http)) == 2
    assert caught.value.code == "2207082"
    assert caught.value.field == "media"


def test_a_failure_without_a_number_is_tried_once_more():
    http = looking(status("ERROR", "Something new"), status("FINISHED"))
    prepared(JOBS["reel"], http)
    assert len(created(http)) == 2


def test_content_that_can_never_pass_is_refused_at_once():
    http = looking(status("ERROR", "Error code 2207026"))
    with pytest.raises(Rejected):
        prepared(JOBS["reel"], http)
    assert len(created(http)) == 1


def test_a_container_that_died_of_age_is_made_anew():
    http = looking(status("EXPIRED"), status("EXPIRED"), status("FINISHED"))
    prepared(JOBS["image"], http)
    assert len(created(http)) == 3


@pytest.mark.parametrize("subcode", [2207006, 2207008, 2207020])
def test_a_container_that_instagram_lost_is_made_anew(subcode):
    http = looking(refusal(24, subcode), status("FINISHED"))
    prepared(JOBS["image"], http)
    assert len(created(http)) == 2


def test_one_failed_item_costs_one_item():
    gone = iter([status("ERROR", "2207053")])

    def answer(sent: Sent):
        is_second = sent.url.endswith("2")
        return next(gone, status("FINISHED")) if is_second else status("FINISHED")

    http = looking(answer)
    prepared(JOBS["carousel"], http)
    assert len(created(http)) == 5


def test_a_failed_parent_is_made_of_new_items():
    def answer(sent: Sent):
        return status("EXPIRED" if sent.url.endswith("4") else "FINISHED")

    http = looking(answer)
    ready = prepared(JOBS["carousel"], http)
    assert len(created(http)) == 8
    assert ready.data["container"] == f"{FIRST[:-1]}8"


def test_a_parent_of_lost_items_is_made_of_new_items():
    def answer(sent: Sent):
        refused = sent.form.get("children", "").startswith(FIRST)
        answer = made(sent)
        return refusal(24, 2207006) if refused else answer

    made = containers()
    http = world().on("POST", CREATE, answer)
    prepared(JOBS["carousel"], http)
    children = [form["children"] for form in created(http) if "children" in form]
    assert len(children) == 2
    assert not children[1].startswith(FIRST)


@pytest.mark.parametrize("kind", ["image", "carousel"])
def test_a_container_published_already_is_never_published_again(kind):
    """R-F3"""
    http = looking(status("PUBLISHED"))
    sample = JOBS[kind]
    if kind == "carousel":
        http = looking(
            lambda s: status("PUBLISHED" if s.url.endswith("4") else "FINISHED")
        )
    ready = prepared(sample, http)
    assert ready.data["published"] is True
    out = post(caption=sample.draft.text, media_type="CAROUSEL_ALBUM")
    if kind == "image":
        out = post(caption=sample.draft.text)
    http.on("GET", CREATE, listing(out))
    answer = instagram(http).send(sample, ready)
    assert isinstance(answer, Published)
    assert answer.id == out["id"]
    assert not http.to("media_publish")
