"""What the composer says before anything is sent."""

from __future__ import annotations

from typing import Any

import pytest

from platforms.types import Draft
from tests.platforms.bluesky import world
from tests.platforms.samples import draft, photo, video

FAMILY = "👨‍👩‍👧‍👦"


def codes(checked: Draft) -> set[str]:
    found = world.adapter(world.world()).problems(checked, world.PROFILE)
    return {problem.code for problem in found}


def text(words: str, **options: Any) -> Draft:
    return Draft("text", words, (), options)


def test_300_families_are_refused_by_their_bytes() -> None:
    """Acceptance case 2: 300 graphemes, 7,500 bytes."""
    assert codes(text(FAMILY * 300)) == {"text_too_many_bytes"}


def test_300_accented_letters_are_fine() -> None:
    assert codes(text("é" * 300)) == set()


def test_301_graphemes_are_too_many() -> None:
    assert codes(text("e\u0301" * 301)) == {"text_too_long"}


def test_long_links_count_as_shown() -> None:
    """R-E2: counted by the platform's own rules."""
    link = f"https://example.org/{'a' * 400}"
    assert codes(text(f"{'x' * 250} {link}")) == set()
    assert codes(text(f"{'x' * 280} {link}")) == {"text_too_long"}


def test_windows_line_ends_count_as_one() -> None:
    assert codes(text("\r\n".join("x" * 150))) == set()


def test_five_photos_are_too_many() -> None:
    photos = [photo(number) for number in range(5)]
    assert codes(draft("images", "", *photos)) == {"media_too_many"}


def test_photos_and_video_dont_mix() -> None:
    assert codes(draft("images", "", photo(), video())) == {"media_kind"}


def test_a_post_of_four_minutes_is_too_long() -> None:
    assert codes(draft("video", "", video(duration_s=240.0))) == {"video_too_long"}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"langs": ["en", "de", "fr", "it"]}, "too_many_langs"),
        ({"langs": "english!"}, "bad_lang"),
        ({"labels": ["boring"]}, "bad_label"),
        ({"link": "javascript:alert(1)"}, "bad_link"),
    ],
)
def test_options_that_the_lexicon_refuses(options: dict[str, Any], code: str) -> None:
    assert codes(text("Hello", **options)) == {code}


def test_good_options_pass() -> None:
    options = {"langs": "en, pt-BR", "labels": ["nudity"], "link": "https://a.example"}
    assert codes(text("Hello", **options)) == set()
