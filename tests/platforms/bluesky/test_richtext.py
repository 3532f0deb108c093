"""Facets: byte ranges of links, mentions and hashtags."""

from __future__ import annotations

import time
from typing import Any

import pytest

from platforms.bluesky.richtext import compose, first_link, spans, visible
from platforms.limits import count_codepoints, count_utf16
from tests.platforms.bluesky.world import DID

SAMPLE = "Hi 👋 @ada.example.org see https://example.org #fête"


def facets(text: str) -> list[tuple[str, str]]:
    """Each facet's own bytes of the visible text, and what it leads to."""
    rich = compose(text, lambda handle: DID)
    raw = rich.text.encode()
    found = []
    for facet in rich.facets:
        index, (feature,) = facet["index"], facet["features"]
        covered = raw[index["byteStart"] : index["byteEnd"]].decode()
        value = {k: v for k, v in feature.items() if k != "$type"}
        found.append((covered, next(iter(value.values()))))
    return found


def test_the_fact_sheets_sample_has_exactly_these_offsets() -> None:
    """Acceptance case 1 of the fact sheet."""
    rich = compose(SAMPLE, {"ada.example.org": DID}.get)
    assert rich.text == SAMPLE
    assert [(f["index"], f["features"]) for f in rich.facets] == [
        _facet(8, 24, "mention", did=DID),
        _facet(29, 48, "link", uri="https://example.org"),
        _facet(49, 55, "tag", tag="fête"),
    ]


def test_the_samples_three_counts_differ() -> None:
    counts = (count_codepoints(SAMPLE), count_utf16(SAMPLE), len(SAMPLE.encode()))
    assert counts == (51, 52, 55)


def _facet(start: int, end: int, kind: str, **value: str) -> tuple[Any, Any]:
    feature = {"$type": f"app.bsky.richtext.facet#{kind}", **value}
    return {"byteStart": start, "byteEnd": end}, [feature]


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("see https://example.org.", "https://example.org"),
        ("see https://example.org/a?b=c#d!", "https://example.org/a?b=c#d"),
        ("(https://example.org/a)", "https://example.org/a"),
        ("https://example.org/Foo_(bar)", "https://example.org/Foo_(bar)"),
        ("“https://example.org”", "https://example.org"),
        ("https://example.org/a,b, then", "https://example.org/a,b"),
        ("HTTP://EXAMPLE.ORG/", "HTTP://EXAMPLE.ORG/"),
        ("見てhttps://example.org。次", "https://example.org"),
        ("https://example.org/straße", "https://example.org/straße"),
    ],
)
def test_links_end_where_people_mean_them_to(text: str, link: str) -> None:
    assert facets(text) == [(link, link)]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("go to example.org now", "example.org"),
        ("go to example.org/a.", "example.org/a"),
        ("(www.example.co.uk)", "www.example.co.uk"),
        ("EXAMPLE.COM!", "EXAMPLE.COM"),
        ("tschüss.de", "tschüss.de"),
    ],
)
def test_bare_domains_become_https_links(text: str, shown: str) -> None:
    assert facets(text) == [(shown, f"https://{shown}")]


@pytest.mark.parametrize(
    "text",
    [
        "mail me@example.org",
        "john.doe@example.org",
        "notes.txt and photo.jpeg",
        "This is it.So we go",
        "version 1.2.3 at 10.30",
        "e.g. this, i.e. that",
        "https:// nothing",
        "ends. Then",
    ],
)
def test_plain_words_stay_plain(text: str) -> None:
    assert facets(text) == []


def test_mentions_are_linked_by_did_only_when_the_handle_is_known() -> None:
    known = {"ada.example.org": DID}
    text = "@ada.example.org and @Nobody.example.org"
    rich = compose(text, known.get)
    assert [f["features"][0]["did"] for f in rich.facets] == [DID]


@pytest.mark.parametrize(
    "text", ["@ada.bsky.social.", "(@ada.bsky.social)", "@ada.bsky.social's"]
)
def test_mentions_end_before_punctuation(text: str) -> None:
    assert facets(text) == [("@ada.bsky.social", DID)]


@pytest.mark.parametrize("text", ["@ada", "@user@host.social", "a@b.org", "x/@a.org"])
def test_no_handle_no_mention(text: str) -> None:
    assert [f for f in facets(text) if f[1] == DID] == []


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#one #two, #three!", ["one", "two", "three"]),
        ("#2026 #20a #", ["20a"]),
        ("no#tag (#yes)", ["yes"]),
        ("\uff03全角", ["全角"]),
        ("#️⃣ keycap", []),
        (f"#{'x' * 64} #{'y' * 65}", ["x" * 64]),
        ("#...", []),
    ],
)
def test_tags_follow_the_networks_rules(text: str, tags: list[str]) -> None:
    assert [value for _, value in facets(text)] == tags


def test_a_link_with_a_fragment_is_one_link() -> None:
    assert len(spans("https://example.org/#about @ https://example.org/@ada.org")) == 2


def test_long_links_are_shown_short_and_lead_on_whole() -> None:
    url = "https://www.example.org/2026/11/21/a-very-long-title-of-an-article?utm=x"
    ((shown, uri),) = facets(f"Read {url} today")
    assert uri == url
    assert shown.startswith("www.example.org/2026/11/21/") and shown.endswith("…")
    assert len(shown) == 40


def test_a_shortened_link_never_hides_its_host() -> None:
    host = "a-host-with-a-name-longer-than-what-is-shown.example.org"
    ((shown, _),) = facets(f"https://user:word@{host}/path")
    assert shown == f"{host}…"


def test_offsets_after_a_shortened_link_still_fit() -> None:
    text = f"ü https://example.org/{'a' * 60} ü #fête"
    assert facets(text)[1] == ("#fête", "fête")


def test_windows_line_ends_count_once() -> None:
    assert visible("a\r\nb\rc") == "a\nb\nc"


def test_the_first_link_makes_the_card() -> None:
    assert first_link("a example.org b https://example.com") == "https://example.org"
    assert first_link("none") == ""


@pytest.mark.parametrize(
    "text",
    [
        "a." * 50_000,
        "a-" * 50_000,
        "#" * 100_000,
        "@" * 100_000,
        "https://" + ")" * 100_000,
        "x" * 100_000,
        "@a." * 30_000,
        "(https://a.org" * 7_000,
    ],
)
def test_hostile_texts_take_no_time(text: str) -> None:
    """R-I5: a text is judged while somebody types it."""
    started = time.process_time()
    visible(text)
    assert time.process_time() - started < 2.0
