"""Limits as data, and the three ways to count."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platforms.limits import (
    COUNTERS,
    ImageLimit,
    Limits,
    TextLimit,
    VideoLimit,
    count_codepoints,
    count_graphemes,
    count_utf16,
)

SMALL = ImageLimit(("image/jpeg",), 1)
SHORT = VideoLimit(("video/mp4",), 1)
LIMITS = Limits(
    TextLimit(10),
    date(2026, 11, 21),
    "https://docs.example/",
    image=ImageLimit(("image/png",), 2),
    video=VideoLimit(("video/mp4",), 2),
    text_by_kind={"story": TextLimit(5)},
    image_by_kind={"story": SMALL},
    video_by_kind={"story": SHORT},
)


@pytest.mark.parametrize(
    ("text", "codepoints", "utf16", "graphemes"),
    [
        ("", 0, 0, 0),
        ("abc", 3, 3, 3),
        ("é", 1, 1, 1),
        ("e\u0301", 2, 2, 1),
        ("🙂", 1, 2, 1),
        ("👍🏽", 2, 4, 1),
        ("🇩🇪🇫🇷", 4, 8, 2),
        ("👨‍👩‍👧‍👦", 7, 11, 1),
        ("日本語", 3, 3, 3),
        ("a\r\nb", 4, 4, 3),
    ],
)
def test_each_way_of_counting(text, codepoints, utf16, graphemes):
    assert count_codepoints(text) == codepoints
    assert count_utf16(text) == utf16
    assert count_graphemes(text) == graphemes


@given(st.text())
def test_eyes_never_see_more_than_machines_store(text):
    graphemes, points = count_graphemes(text), count_codepoints(text)
    assert graphemes <= points <= count_utf16(text) <= 2 * points


@pytest.mark.parametrize("counting", COUNTERS)
def test_a_limit_counts_its_own_way(counting):
    assert TextLimit(1, counting).count("👍🏽") == COUNTERS[counting]("👍🏽")


def test_kinds_may_have_limits_of_their_own():
    assert LIMITS.text_for("story").maximum == 5
    assert LIMITS.image_for("story") is SMALL
    assert LIMITS.video_for("story") is SHORT


def test_other_kinds_have_the_platforms():
    assert LIMITS.text_for("image") is LIMITS.text
    assert LIMITS.image_for("image") is LIMITS.image
    assert LIMITS.video_for("image") is LIMITS.video


def test_what_is_not_taken_has_no_limit():
    bare = Limits(TextLimit(1), LIMITS.read_on, LIMITS.source)
    assert bare.image_for("any") is None
    assert bare.video_for("any") is None
