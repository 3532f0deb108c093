"""Carousels: items first, then the parent, one post in the end."""

from __future__ import annotations

import pytest

from tests.sandbox.instagram.graph import good, profile, refusal


@pytest.fixture
def items(lena, web):
    """An image and a video, both settled."""
    image = lena.create(is_carousel_item="true", image_url=web("square.jpg"))
    form = {"media_type": "VIDEO", "video_url": web("clip.mp4")}
    clip = lena.create(is_carousel_item="true", **form)
    assert lena.settled(clip)["status_code"] == "FINISHED"
    return [image, clip]


def parent_form(children, **form):
    return {"media_type": "CAROUSEL", "children": ",".join(children), **form}


def test_image_and_video_make_one_post(sandbox, lena, items):
    """Acceptance case 3: quota plus one, containers plus three."""
    parent = lena.create(**parent_form(items, caption="Both"))
    assert lena.settled(parent)["status_code"] == "FINISHED"
    media = lena.publish(parent)
    node = good(lena.get(media, fields="media_type,caption"))
    assert (node["media_type"], node["caption"]) == ("CAROUSEL_ALBUM", "Both")
    [row] = sandbox.ledger()
    assert [part["kind"] for part in row["media"]] == ["image", "video"]
    assert sandbox.quota("instagram", lena.id)["used"] == 1


def test_the_parent_waits_for_its_items(sandbox, lena, web):
    sandbox.set(fetch_media=False, processing_ms=60_000)
    form = {"is_carousel_item": "true", "image_url": web("square.jpg")}
    pair = [lena.create(**form), lena.create(**form)]
    sandbox.set(processing_ms=0)
    parent = lena.create(**parent_form(pair))
    assert lena.status(parent)["status_code"] == "IN_PROGRESS"
    sandbox.advance(61)
    assert lena.status(parent)["status_code"] == "FINISHED"


def test_a_failed_item_fails_the_parent(lena, items, web):
    form = {"media_type": "VIDEO", "video_url": web("nothing.mp4")}
    broken = lena.create(is_carousel_item="true", **form)
    lena.settled(broken)
    parent = lena.create(**parent_form([*items, broken]))
    assert lena.status(parent)["status_code"] == "ERROR"


@pytest.mark.parametrize("count", [0, 1, 11])
def test_a_carousel_has_two_to_ten_items(lena, count):
    children = [str(number) for number in range(count)]
    answer = lena.post(f"{lena.id}/media", **parent_form(children))
    assert refusal(answer) == (100, 2207028)


def test_items_must_be_items_of_the_same_account(sandbox, lena, items, web):
    lone = lena.create(image_url=web("square.jpg"))
    answer = lena.post(f"{lena.id}/media", **parent_form([items[0], lone]))
    assert refusal(answer) == (100, 0)
    other = profile(sandbox, "northtrail.gear")
    answer = other.post(f"{other.id}/media", **parent_form(items))
    assert refusal(answer) == (24, 2207006)


def test_an_item_is_no_post(lena, items):
    answer = lena.post(f"{lena.id}/media_publish", creation_id=items[0])
    assert refusal(answer) == (100, 0)


def test_reels_cannot_be_items(lena, web):
    form = {"media_type": "REELS", "video_url": web("clip.mp4")}
    answer = lena.post(f"{lena.id}/media", is_carousel_item="true", **form)
    assert refusal(answer) == (100, 2207023)
