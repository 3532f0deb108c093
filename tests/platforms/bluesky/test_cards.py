"""Link cards: what a page says about itself, read from a stranger's server."""

from __future__ import annotations

import time
from typing import Any

import pytest

from core.http import AddressRefused, AnswerLost, Http, NotSent, Reply
from platforms.bluesky import cards
from platforms.bluesky.cards import Card
from platforms.bluesky.limits import THUMB_BYTES
from tests.platforms.bluesky.pictures import noise, size_of
from tests.platforms.fakes import FakeHttp, reply

URL = "https://news.example/a"
PAGE = b"""<!doctype html><html><head><title>Plain &amp; simple</title>
<meta property="og:title" content="A &quot;title&quot;">
<meta name=description content="First">
<meta property="og:description" content="What it
   says"><meta property="og:image" content="/pics/a.jpg"></head>
<body><meta property="og:title" content="Not this"></body></html>"""


def html(body: bytes, content_type: str = "text/html; charset=utf-8") -> Reply:
    return reply(body, content_type=content_type)


def read(body: bytes, **headers: str) -> Card | None:
    return cards.read(FakeHttp().on("GET", ".", html(body, **headers)), URL)


def test_open_graph_comes_first() -> None:
    assert read(PAGE) == Card(
        'A "title"', "What it says", "https://news.example/pics/a.jpg"
    )


def test_a_plain_page_has_its_title() -> None:
    page = b"<title>\n Plain &amp; simple\n</title><p>x"
    assert read(page) == Card("Plain & simple", "", "")


def test_a_page_without_words_has_its_host() -> None:
    assert read(b"<p>x") == Card("news.example", "", "")


def test_the_body_is_not_read() -> None:
    page = b"<body><title>No</title><meta property='og:title' content='No'>"
    assert read(page) == Card("news.example", "", "")


@pytest.mark.parametrize(
    ("page", "headers"),
    [
        (
            "<title>Größe</title>".encode("latin-1"),
            {"content_type": "text/html; charset=latin-1"},
        ),
        (
            "<meta charset='latin-1'><title>Größe</title>".encode("latin-1"),
            {"content_type": "text/html"},
        ),
        (
            "<title>Größe</title>".encode(),
            {"content_type": "text/html; charset=odd-one"},
        ),
    ],
)
def test_the_pages_alphabet_is_found(page: bytes, headers: dict[str, str]) -> None:
    card = read(page, **headers)
    assert card is not None and card.title == "Größe"


def test_only_pages_are_read() -> None:
    assert read(PAGE, content_type="application/pdf") is None


def test_redirects_are_followed_a_few_times() -> None:
    http = FakeHttp().on("GET", "^news.example/a", reply(b"", 301, location="/b"))
    http.on("GET", "^news.example/b", reply(b"", 302, location="https://w.example/c"))
    http.on("GET", "^w.example/c", html(PAGE))
    card = cards.read(http, URL)
    assert card is not None and card.picture_url == "https://w.example/pics/a.jpg"


@pytest.mark.parametrize("to", ["/a", "file:///etc/passwd", "https://[", "", "//"])
def test_redirects_lead_nowhere_else(to: str) -> None:
    """R-I5"""
    http = FakeHttp().on("GET", ".", reply(b"", 302, location=to))
    assert cards.read(http, URL) is None
    assert len(http.sent) <= 4
    assert all(sent.url.startswith("https://") for sent in http.sent)


@pytest.mark.parametrize(
    "answer",
    [
        NotSent("x"),
        AnswerLost("x"),
        AddressRefused(),
        reply(b"", 404),
        reply(b"", 500),
        reply(b"", 302),
        reply(b""),
    ],
)
def test_trouble_means_no_card(answer: Reply | Exception) -> None:
    assert cards.read(FakeHttp().on("GET", ".", answer), URL) is None
    assert cards.picture(FakeHttp().on("GET", ".", answer), URL) is None


def test_reading_is_bounded_in_bytes_and_seconds() -> None:
    """R-I5: the first half megabyte and five seconds are all a page gets."""
    asked: dict[str, Any] = {}

    class Watching(Http):
        def request(self, method, url, **parts):
            asked.update(parts)
            return html(PAGE)

    cards.read(Watching(), URL)
    del asked["headers"]
    assert asked == {"timeout_s": 5.0, "max_body": 512_000, "keep_start": True}


@pytest.mark.parametrize(
    "piece",
    [
        b"<",
        b"<!",
        b"<!--",
        b"<a ",
        b"<a a=",
        b"<meta a='",
        b"&",
        b"</",
        b"<title>",
        b"<?",
    ],
)
def test_hostile_pages_take_no_time(piece: bytes) -> None:
    """R-I5: html.parser has been quadratic on such input before."""
    started = time.process_time()
    read(piece * (cards.PAGE_BYTES // len(piece)))
    assert time.process_time() - started < 6.0


def test_long_words_are_cut() -> None:
    card = read(b"<title>" + b"x" * 5_000 + b"</title>")
    assert card is not None and len(card.title) == 300


def test_the_picture_is_made_to_fit() -> None:
    """Acceptance case 10: a thumb of at most 1 MB."""
    http = FakeHttp().on("GET", ".", reply(noise(1_600, 1_600)))
    found = cards.picture(http, "https://news.example/pics/a.jpg")
    assert found is not None
    assert len(found.data) <= THUMB_BYTES
    assert max(size_of(found.data)) <= 1_200
