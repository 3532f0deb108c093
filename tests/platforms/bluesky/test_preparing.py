"""What happens before the one call, and what is never done twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from core.http import NotSent
from platforms import clock
from platforms.errors import AuthExpired, Rejected, Unavailable
from platforms.types import Draft, Prepared
from tests.platforms.bluesky import world
from tests.platforms.bluesky.pictures import noise, plain
from tests.platforms.fakes import DictJournal, FakeHttp, reply
from tests.platforms.samples import draft, photo

UPLOAD = "repo.uploadBlob"
PAGE = b"<title>A title</title><meta property='og:image' content='/p.jpg'>"


def record(
    http: FakeHttp, what: Draft, journal: DictJournal | None = None, **job: Any
) -> dict[str, Any]:
    asked = replace(world.job_of(what), **job)
    ready = world.adapter(http).prepare(asked, journal or DictJournal())
    assert isinstance(ready, Prepared)
    made: dict[str, Any] = ready.data["record"]
    return made


def text(words: str, **options: Any) -> Draft:
    return Draft("text", words, (), options)


def with_page(http: FakeHttp, body: bytes = PAGE) -> FakeHttp:
    page = reply(body, content_type="text/html")
    http.on("GET", "^news.example/a", page)
    return http.on("GET", "^news.example/p.jpg", reply(plain(30, 20)))


# Key and record


def test_the_key_is_chosen_first_and_kept_for_ever() -> None:
    """R-F3: whatever is prepared again goes out under the same key."""
    http = world.world().on("POST", UPLOAD, NotSent("x"))
    journal = DictJournal()
    with pytest.raises(Unavailable):
        record(http, draft("images", "", photo()), journal)
    key = journal.steps["key"]["rkey"]
    with time_machine.travel(clock.now() + timedelta(hours=5), tick=False):
        job = world.job_of(draft("images", "", photo()))
        again = world.adapter(world.world()).prepare(job, journal)
    assert isinstance(again, Prepared) and again.data["rkey"] == key


def test_the_record_is_the_same_to_the_byte_when_prepared_again() -> None:
    """R-F3: a repeated putRecord of equal bytes changes nothing."""
    http, journal = world.world(), DictJournal()
    first = record(http, draft("images", "Hi #x", photo()), journal)
    calls = len(http.sent)
    assert record(http, draft("images", "Hi #x", photo()), journal) == first
    assert len(http.sent) == calls


def test_posts_are_dated_when_they_are_due() -> None:
    """R-F7: prepared an hour ahead, it must not look an hour old."""
    due = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    with time_machine.travel(due - timedelta(hours=1), tick=False):
        made = record(world.world(), text("Hello"), due=due)
    assert made["createdAt"] == "2026-11-21T12:00:00.000Z"


def test_late_posts_are_dated_now() -> None:
    now = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        made = record(world.world(), text("Hello"), due=now - timedelta(hours=1))
    assert made["createdAt"] == "2026-11-21T12:00:00.000Z"


def test_what_lies_for_an_hour_is_made_anew() -> None:
    """Servers collect blobs that no record uses."""
    http, journal = world.world(), DictJournal()
    what = draft("images", "Hi", photo())
    first = record(http, what, journal)
    with time_machine.travel(clock.now() + timedelta(minutes=46), tick=False):
        second = record(http, what, journal)
    assert len(http.to(UPLOAD)) == 2
    assert first["createdAt"] < second["createdAt"]


def test_mentions_are_resolved_and_unknown_ones_stay_plain() -> None:
    http = world.world()
    http.on("GET", "handle=nobody.example.org", reply({}, 400))
    http.on("GET", "^nobody.example.org", NotSent("x"))
    made = record(http, text("@ada.example.org @nobody.example.org"))
    assert [f["features"][0]["did"] for f in made["facets"]] == [world.DID]


def test_options_reach_the_record() -> None:
    made = record(world.world(), text("Hallo", langs=["de"], labels=["nudity"]))
    assert made["langs"] == ["de"] and made["labels"]["values"] == [{"val": "nudity"}]


# Pictures


def test_pictures_are_uploaded_as_they_are_and_the_servers_answer_used() -> None:
    """Acceptance case 9: the type is the server's finding."""
    found = reply({"blob": world.blob("bafkreipng", "image/png")})
    http = world.world().on("POST", UPLOAD, found)
    item = photo(read=lambda: plain(30, 20), mime="image/jpeg", alt_text="Grey")
    made = record(http, draft("images", "", item))
    (sent,) = http.to(UPLOAD)
    assert sent.parts["data"] == plain(30, 20)
    assert sent.headers["Content-Type"] == "image/jpeg"
    assert made["embed"]["images"][0]["image"]["mimeType"] == "image/png"


@pytest.mark.parametrize(
    ("server", "limit"),
    [(world.PDS, 2_000_000), ("https://pds.example.org", 1_000_000)],
)
def test_large_pictures_are_shrunk_to_what_the_server_takes(
    server: str, limit: int
) -> None:
    """Servers of people's own may still have the limit of before."""
    extra = {**world.oauth_token().extra, "pds": server}
    http, data = world.world(), noise(1_600, 1_500)
    item = photo(read=lambda: data)
    token = world.oauth_token(extra=extra)
    record(http, draft("images", "", item), token=token)
    (sent,) = http.to(UPLOAD)
    assert limit * 0.3 < len(sent.parts["data"]) <= limit < len(data)


def test_a_file_that_is_no_picture_is_the_posts_fault() -> None:
    item = photo(read=lambda: b"\x00" * 2_000_001)
    with pytest.raises(Rejected) as raised:
        record(world.world(), draft("images", "", item))
    assert raised.value.field == "media"


# Link cards


def test_a_link_gets_a_card_with_picture() -> None:
    """Acceptance case 10"""
    http = with_page(world.world())
    made = record(http, text("Read https://news.example/a now"))
    external = made["embed"]["external"]
    assert (external["uri"], external["title"]) == ("https://news.example/a", "A title")
    assert external["thumb"] == world.blob()


def test_a_page_without_picture_gets_a_card_without() -> None:
    http = with_page(world.world(), b"<title>A title</title>")
    made = record(http, text("https://news.example/a"))
    assert "thumb" not in made["embed"]["external"]
    assert http.to(UPLOAD) == []


def test_a_page_that_fails_costs_the_card_only() -> None:
    http = world.world().on("GET", "^news.example", NotSent("x"))
    made = record(http, text("https://news.example/a"))
    assert "embed" not in made and made["facets"]


def test_a_link_beside_the_text_is_never_lost() -> None:
    http = world.world().on("GET", "^news.example", NotSent("x"))
    made = record(http, text("Read this", link="https://news.example/a"))
    external = made["embed"]["external"]
    assert (external["uri"], external["title"]) == (
        "https://news.example/a",
        "news.example",
    )


def test_a_thumb_the_server_refuses_costs_the_thumb_only() -> None:
    refusal = reply({"error": "BlobTooLarge"}, 400)
    http = with_page(world.world()).on("POST", UPLOAD, refusal)
    made = record(http, text("https://news.example/a"))
    assert "thumb" not in made["embed"]["external"]


def test_cards_can_be_turned_off() -> None:
    made = record(world.world(), text("https://news.example/a", link_card=False))
    assert "embed" not in made


def test_photos_leave_no_room_for_a_card() -> None:
    http = world.world()
    made = record(http, draft("images", "https://news.example/a", photo()))
    assert made["embed"]["$type"] == "app.bsky.embed.images"


def test_the_page_is_read_once() -> None:
    http, journal = with_page(world.world()), DictJournal(crash_after=2)
    with pytest.raises(Exception, match="card"):
        record(http, text("https://news.example/a"), journal)
    record(http, text("https://news.example/a"), journal)
    assert len(http.to("^news.example/a")) == 1


def test_a_dead_token_stops_preparing() -> None:
    """R-F1"""
    http = world.world().on("POST", UPLOAD, reply({"error": "ExpiredToken"}, 400))
    with pytest.raises(AuthExpired):
        record(http, draft("images", "", photo()))
