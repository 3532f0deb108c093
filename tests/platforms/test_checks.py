"""Drafts judged by declared limits alone, whatever the platform (R-E2)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforms.checks import draft_problems, hashtags_in, mentions_in
from platforms.limits import ImageLimit, Limits, TextLimit, VideoLimit
from platforms.types import Draft, Media, PostKind, Problem
from tests.platforms.samples import photo, video

IMAGE = ImageLimit(("image/jpeg",), 1_000, min_ratio=0.8, max_ratio=1.91)
VIDEO = VideoLimit(
    ("video/mp4",), 5_000_000, min_seconds=3, max_seconds=60, max_width=1_920
)
LIMITS = Limits(
    TextLimit(10, max_hashtags=2, max_mentions=1),
    date(2026, 11, 21),
    "https://docs.example/",
    image=IMAGE,
    video=VIDEO,
    alt_text=5,
)
MIXED = PostKind("mixed", "Mix", 0, 3, ("image", "video"))


def problems(
    text: str = "", *media: Media, kind: PostKind = MIXED, limits: Limits = LIMITS
) -> tuple[Problem, ...]:
    return draft_problems("Plat", kind, limits, Draft(kind.key, text, media))


def codes(text: str = "", *media: Media, **facts) -> list[str]:
    return [problem.code for problem in problems(text, *media, **facts)]


def with_text(limit: TextLimit) -> Limits:
    return Limits(limit, LIMITS.read_on, LIMITS.source)


# Text


def test_a_text_at_the_limit_passes():
    assert codes("x" * 10) == []


def test_a_text_over_the_limit_says_by_how_much():
    (problem,) = problems("x" * 13)
    assert (problem.code, problem.field) == ("text_too_long", "text")
    assert "10 characters" in problem.message
    assert "3 too many" in problem.message


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_a_kind_that_needs_text_misses_it(text):
    assert codes(text, kind=PostKind("text", "Text", needs_text=True)) == [
        "text_missing"
    ]


def test_characters_are_counted_as_the_platform_does():
    family = "👨‍👩‍👧"  # one to the eye, five code points, eight UTF-16 units
    for counting, maximum in (("graphemes", 1), ("codepoints", 5), ("utf16", 8)):
        exact = with_text(TextLimit(maximum, counting))
        assert codes(family, limits=exact) == []
        short = with_text(TextLimit(maximum - 1, counting))
        assert codes(family, limits=short) == ["text_too_long"]


def test_bytes_are_counted_where_they_are_limited():
    limits = with_text(TextLimit(10, max_bytes=8))
    assert codes("x" * 8, limits=limits) == []
    assert codes("éééé", limits=limits) == []
    assert codes("ééééé", limits=limits) == ["text_too_many_bytes"]


def test_a_text_too_long_is_told_once():
    limits = with_text(TextLimit(3, max_bytes=3))
    assert codes("éééé", limits=limits) == ["text_too_long"]


def test_half_a_character_is_counted_not_choked_on():
    limits = with_text(TextLimit(10, "utf16", max_bytes=100))
    assert codes("\ud83d", limits=limits) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("#one #two", 2),
        ("#één, #日本 (#x)", 3),
        ("a#b &#39; ## # .#c", 1),
        ("", 0),
    ],
)
def test_hashtags_are_counted(text, count):
    assert hashtags_in(text) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [("@you and @me.", 2), ("mail me@home.example", 0), ("x/@you @ @", 0)],
)
def test_mentions_are_counted(text, count):
    assert mentions_in(text) == count


def test_too_many_tags_and_mentions_are_told():
    assert codes("#a #b #c") == ["too_many_hashtags"]
    assert codes("@a @b") == ["too_many_mentions"]
    assert codes("#a #b @c") == []


# Count


@pytest.mark.parametrize(
    ("least", "given_files", "expected"),
    [(1, 0, ["media_missing"]), (2, 1, ["media_missing"]), (2, 2, [])],
)
def test_too_few_files_are_told(least, given_files, expected):
    kind = PostKind("mixed", "Mix", least, 3, ("image", "video"))
    assert codes("", *[photo(n) for n in range(given_files)], kind=kind) == expected


def test_too_many_files_are_told():
    (problem,) = problems("", *[photo(n) for n in range(4)])
    assert problem.code == "media_too_many"
    assert "takes 3 files; this has 4" in problem.message


def test_files_are_named_by_their_number():
    found = problems("", photo(), video(duration_s=1.0))
    assert [p.message.startswith("File 2") for p in found] == [True]
    (alone,) = problems("", video(duration_s=1.0))
    assert alone.message.startswith("The file")


def test_a_kind_of_file_that_is_not_taken_is_told():
    only_photos = PostKind("photos", "Photos", 0, 3, ("image",))
    assert codes("", video(), kind=only_photos) == ["media_kind"]


# Files


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((800, 1000), []),
        ((795, 1000), []),  # a hair over: encoders round
        ((780, 1000), ["media_ratio"]),
        ((1910, 1000), []),
        ((1930, 1000), ["media_ratio"]),
        ((0, 0), []),
    ],
)
def test_shapes_are_judged(size, expected):
    width, height = size
    assert codes("", photo(width=width, height=height)) == expected


def test_shapes_are_told_apart():
    (tall,) = problems("", photo(width=100, height=1000))
    (wide,) = problems("", photo(width=1000, height=100))
    assert "too tall" in tall.message
    assert "too wide" in wide.message


def test_bytes_and_format_of_a_photo_are_mended_by_a_rendition():
    """R-E4: converted for each platform, so no reason to refuse."""
    assert codes("", photo(size=10**9, mime="image/png")) == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"mime": "video/webm"}, ["video_format"]),
        ({"codec": "av1"}, ["video_codec"]),
        ({"codec": ""}, []),
        ({"size": 5_000_001}, ["video_too_large"]),
        ({"duration_s": 2.9}, ["video_too_short"]),
        ({"duration_s": 60.4}, []),
        ({"duration_s": 60.6}, ["video_too_long"]),
        ({"width": 1_921, "height": 1_080}, ["video_too_wide"]),
        ({"width": 1_920, "height": 1_080}, []),
        ({"mime": "video/webm", "codec": "vp9"}, ["video_format", "video_codec"]),
    ],
)
def test_videos_are_judged(facts, expected):
    assert codes("", video(**facts)) == expected


def test_an_alt_text_over_the_limit_is_told():
    assert codes("", photo(alt_text="x" * 6)) == ["alt_text_too_long"]
    assert codes("", photo(alt_text="x" * 5)) == []


def test_photos_may_be_limited_by_the_sum_of_their_sides():
    image = ImageLimit(("image/jpeg",), 1_000, max_pixels_sum=10_000)
    limits = Limits(TextLimit(10), LIMITS.read_on, LIMITS.source, image=image)
    assert codes("", photo(width=5_000, height=5_000), limits=limits) == []
    assert codes("", photo(width=5_000, height=5_001), limits=limits) == [
        "image_too_large"
    ]


@given(st.text(max_size=40), st.integers(0, 5))
def test_every_draft_is_judged_without_a_fall(text, files):
    found = problems(text, *[photo(n) for n in range(files)])
    assert all(p.message and p.field in ("text", "media") for p in found)
    over = len(text) > 10
    assert ("text_too_long" in [p.code for p in found]) == over
