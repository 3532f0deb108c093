"""The records as they are stored in people's repositories."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from platforms.bluesky import records
from platforms.bluesky.records import Options
from platforms.bluesky.richtext import RichText
from tests.platforms.bluesky.world import DID, blob
from tests.platforms.samples import photo, video

NOW = "2026-11-21T22:26:40.000Z"


def test_a_plain_post_has_no_empty_parts() -> None:
    made = records.post(RichText("Hello"), NOW, Options(), None)
    assert made == {"$type": "app.bsky.feed.post", "text": "Hello", "createdAt": NOW}


def test_languages_and_warnings_are_told() -> None:
    options = Options.of({"langs": "en,de", "labels": ["nudity"]})
    made = records.post(RichText("Hello"), NOW, options, None)
    assert made["langs"] == ["en", "de"]
    assert made["labels"] == {
        "$type": "com.atproto.label.defs#selfLabels",
        "values": [{"val": "nudity"}],
    }


@pytest.mark.parametrize("given", [{}, {"langs": None, "labels": (), "link": None}])
def test_options_may_be_left_out(given: dict[str, object]) -> None:
    assert Options.of(given) == Options()


def test_pictures_carry_alt_text_and_shape() -> None:
    items = [photo(1, alt_text="A bicycle", width=1200, height=800), photo(2, width=0)]
    first, second = records.images(items, [blob("a"), blob("b")])["images"]
    assert first["alt"] == "A bicycle"
    assert first["aspectRatio"] == {"width": 1200, "height": 800}
    assert second == {"image": blob("b"), "alt": ""}


def test_videos_carry_shape_and_alt_text_when_there_is_one() -> None:
    made = records.video(video(alt_text="A race"), blob("v"))
    assert made["alt"] == "A race" and made["aspectRatio"]["height"] == 1920
    assert "alt" not in records.video(video(), blob("v"))


def test_cards_leave_out_a_missing_picture() -> None:
    made = records.card("https://a.example", "", "", None)
    assert made["external"] == {
        "uri": "https://a.example",
        "title": "",
        "description": "",
    }


def test_lost_files_are_put_back_in_their_places() -> None:
    items = [photo(1, alt_text="One"), photo(2, alt_text="Two")]
    embed = records.images(items, [blob("a"), blob("b")])
    made = records.post(RichText("x"), NOW, Options(), embed)
    again = records.with_blobs(made, [blob("c"), blob("d")])
    shown = [(i["alt"], i["image"]["ref"]["$link"]) for i in again["embed"]["images"]]
    assert shown == [("One", "c"), ("Two", "d")]
    assert made["embed"]["images"][0]["image"] == blob("a")


def test_a_lost_video_and_a_lost_thumb() -> None:
    film = records.post(
        RichText("x"), NOW, Options(), records.video(video(), blob("a"))
    )
    assert records.with_blobs(film, [blob("b")])["embed"]["video"] == blob("b")
    card = records.card("https://a.example", "T", "", blob("t"))
    made = records.post(RichText("x"), NOW, Options(), card)
    assert "thumb" not in records.with_blobs(made, [])["embed"]["external"]


def test_times_are_utc_with_milliseconds() -> None:
    local = datetime(2026, 11, 21, 23, 26, 40, 5_999, timezone(timedelta(hours=1)))
    assert records.timestamp(local) == "2026-11-21T22:26:40.005Z"


def test_permalinks_survive_a_change_of_handle() -> None:
    uri = records.uri(DID, "3n2u5hgbu222b")
    assert (
        records.permalink(uri) == f"https://bsky.app/profile/{DID}/post/3n2u5hgbu222b"
    )


@pytest.mark.parametrize("odd", ["", "x", "at://did:plc:a/app.bsky.feed.like/3k"])
def test_ids_of_other_things_have_no_permalink(odd: str) -> None:
    assert records.permalink(odd) == ""
