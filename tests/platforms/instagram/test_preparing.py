"""From a draft to a container that is ready to publish."""

from __future__ import annotations

import pytest

from platforms.errors import (
    Rejected,
    Unavailable,
)
from platforms.types import Prepared, Waiting
from tests.platforms.contract import run_prepare
from tests.platforms.fakes import DictJournal, Sent, reply
from tests.platforms.instagram.flow import (
    CREATE,
    FIRST,
    JOBS,
    created,
    looking,
    prepared,
)
from tests.platforms.instagram.world import (
    LONG,
    instagram,
    job,
    refusal,
    status,
    world,
)
from tests.platforms.samples import photo, video

# What is asked of Instagram


def test_a_photo_is_one_container_by_address():
    http = world()
    item = photo(alt_text="Two cups")
    prepared(job("image", "Hello #sun", item), http)
    assert created(http) == [
        {"image_url": item.url, "caption": "Hello #sun", "alt_text": "Two cups"}
    ]


def test_a_single_video_is_a_reel():
    http = world()
    prepared(JOBS["reel"], http)
    assert created(http) == [
        {
            "media_type": "REELS",
            "share_to_feed": "true",
            "video_url": "https://later.example/m/video-1.mp4",
            "caption": "A reel",
        }
    ]


@pytest.mark.parametrize(
    ("item", "field"), [(photo(), "image_url"), (video(), "video_url")]
)
def test_a_story_has_no_caption(item, field):
    http = world()
    prepared(job("story", "unseen", item), http)
    assert created(http) == [{"media_type": "STORIES", field: item.url}]


def test_a_carousel_is_made_of_items_and_a_parent():
    """Sheet case 3"""
    http = world()
    ready = prepared(JOBS["carousel"], http)
    first, second, third, parent = created(http)
    assert first == {"is_carousel_item": "true", "image_url": photo(1).url}
    assert second == {
        "media_type": "VIDEO",
        "is_carousel_item": "true",
        "video_url": video(2).url,
    }
    assert third["image_url"] == photo(3).url
    ids = ",".join(f"1790000000000000{n}" for n in (1, 2, 3))
    assert parent == {"media_type": "CAROUSEL", "children": ids, "caption": "Three"}
    assert ready.data["container"] == "17900000000000004"


def test_the_parent_waits_for_every_item():
    slow = {f"{FIRST[:-1]}2": iter(["IN_PROGRESS"] * 3)}

    def answer(sent: Sent):
        number = sent.url.rpartition("/")[2]
        return status(next(slow.get(number, iter(())), "FINISHED"))

    http = looking(answer)
    prepared(JOBS["carousel"], http)
    order = [s.url.rpartition("/")[2] for s in http.sent]
    assert order.count(f"{FIRST[:-1]}2") == 4
    assert order.count(FIRST) == 1


def test_addresses_are_sent_in_plain_ascii():
    http = world()
    odd = photo(url="https://later.example/m/año 1.jpg?a=b%20c")
    prepared(job("image", "", odd), http)
    assert created(http)[0] == {
        "image_url": "https://later.example/m/a%C3%B1o%201.jpg?a=b%20c"
    }


def test_the_token_travels_in_a_header():
    """R-D2"""
    http = world()
    prepared(JOBS["image"], http)
    assert {s.headers["Authorization"] for s in http.sent} == {f"Bearer {LONG}"}
    assert not [s for s in http.sent if LONG in s.address]


def test_a_file_without_an_address_is_refused():
    with pytest.raises(Rejected, match="public address") as caught:
        prepared(job("image", "", photo(url="")), world())
    assert caught.value.field == "media"


# Waiting


def test_the_first_look_is_after_two_seconds():
    http, journal = world(), DictJournal()
    answer = instagram(http).prepare(JOBS["image"], journal)
    assert isinstance(answer, Waiting)
    assert answer.seconds == 2
    assert not http.to("status_code")


def test_looks_become_rarer():
    adapter, journal = instagram(looking(status("IN_PROGRESS"))), DictJournal()
    pauses = [adapter.prepare(JOBS["image"], journal) for _ in range(9)]
    seconds = [w.seconds for w in pauses if isinstance(w, Waiting)]
    assert seconds == [2, 3, 5, 10, 20, 30, 60, 60, 60]


def test_after_a_quarter_of_an_hour_a_person_is_told():
    adapter, journal = instagram(looking(status("IN_PROGRESS"))), DictJournal()
    waited = 0.0
    with pytest.raises(Unavailable, match="quarter of an hour"):
        while True:
            answer = adapter.prepare(JOBS["reel"], journal)
            assert isinstance(answer, Waiting)
            waited += answer.seconds
    assert 14 * 60 <= waited <= 16 * 60


def test_the_container_is_kept_beyond_our_patience():
    """It stays good for a day."""
    http, journal = looking(status("IN_PROGRESS")), DictJournal()
    adapter = instagram(http)
    with pytest.raises(Unavailable):
        run_prepare(adapter, JOBS["reel"], journal)
    http.on("GET", "fields=status_code", status("FINISHED"))
    assert isinstance(adapter.prepare(JOBS["reel"], journal), Prepared)
    assert len(created(http)) == 1


def test_a_container_ready_before_is_looked_at_again():
    """R-F7: what was prepared long ago may have died since."""
    http, journal = world(), DictJournal()
    adapter = instagram(http)
    run_prepare(adapter, JOBS["image"], journal)
    looks = len(http.to("status_code"))
    run_prepare(adapter, JOBS["image"], journal)
    assert len(http.to("status_code")) == looks + 1


# Refusals at creation


def test_an_address_that_cannot_be_read_is_tried_three_times():
    http, journal = world().on("POST", CREATE, refusal(9004, 2207052)), DictJournal()
    adapter = instagram(http)
    for _ in range(2):
        with pytest.raises(Unavailable):
            adapter.prepare(JOBS["image"], journal)
    with pytest.raises(Rejected, match="operator") as caught:
        adapter.prepare(JOBS["image"], journal)
    assert caught.value.field == "media"


@pytest.mark.parametrize(
    ("code", "subcode", "field"),
    [
        (36000, 2207004, "media"),
        (36001, 2207005, "media"),
        (36003, 2207009, "media"),
        (36004, 2207010, "text"),
        (100, 2207028, "media"),
        (100, 2207040, "text"),
    ],
)
def test_refused_content_names_its_field(code, subcode, field):
    """Sheet case 8, R-F4"""
    http = world().on("POST", CREATE, refusal(code, subcode))
    with pytest.raises(Rejected) as caught:
        prepared(JOBS["image"], http)
    assert (caught.value.field, caught.value.code) == (field, f"{code}/{subcode}")
    assert caught.value.request_id == "Atrace"
    assert len(http.to(CREATE)) == 1


def test_a_lost_creation_may_be_repeated():
    """Containers are seen by nobody."""
    http = world().on("POST", CREATE, reply(b"", 500))
    with pytest.raises(Unavailable):
        instagram(http).prepare(JOBS["image"], DictJournal())
