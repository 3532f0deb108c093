"""What Instagram would refuse or spoil, told while composing."""

from __future__ import annotations

import pytest

from platforms.types import Draft, Problem, Profile
from tests.platforms.instagram.world import IG_PROFILE, instagram
from tests.platforms.samples import draft, photo, video

CREATOR = Profile("1", "lena", "creator")


def problems(of: Draft, profile: Profile = IG_PROFILE) -> list[Problem]:
    return list(instagram().problems(of, profile))


def codes(of: Draft, profile: Profile = IG_PROFILE) -> list[str]:
    return [problem.code for problem in problems(of, profile)]


def test_stories_need_a_business_account():
    """R-C7"""
    (problem,) = problems(draft("story", "", photo()), CREATOR)
    assert problem.code == "story_needs_business"
    assert problem.blocking
    assert "reminder" in problem.message


@pytest.mark.parametrize("kind", ["business", ""])
def test_stories_pass_where_the_kind_is_business_or_unknown(kind):
    """Facebook's login doesn't tell the kind."""
    assert codes(draft("story", "", photo()), Profile("1", kind=kind)) == []


def test_creators_publish_everything_else():
    assert codes(draft("reel", "Hi", video()), CREATOR) == []


def test_a_story_shows_no_text():
    (problem,) = problems(draft("story", "Hello", photo()))
    assert (problem.code, problem.blocking) == ("story_without_text", False)


def test_text_alone_is_refused():
    """R-E3"""
    assert "media_missing" in codes(draft("image", "Hello"))


def test_six_hashtags_warn_and_thirty_one_block():
    six = problems(draft("image", "#tag " * 6, photo()))
    assert [(p.code, p.blocking) for p in six] == [("hashtags_advised", False)]
    many = problems(draft("image", "#tag " * 31, photo()))
    assert ("too_many_hashtags", True) in [(p.code, p.blocking) for p in many]
    assert codes(draft("image", "#tag " * 5, photo())) == []


def test_twenty_mentions_pass():
    assert codes(draft("image", "@you " * 20, photo())) == []
    assert codes(draft("image", "@you " * 21, photo())) == ["too_many_mentions"]


@pytest.mark.parametrize(
    ("kind", "item", "code"),
    [
        ("image", photo(width=1000, height=1300), "media_ratio"),
        ("image", photo(width=2000, height=1000), "media_ratio"),
        ("reel", video(duration_s=2.0), "video_too_short"),
        ("reel", video(duration_s=901.0), "video_too_long"),
        ("reel", video(size=300_000_001), "video_too_large"),
        ("reel", video(codec="av1"), "video_codec"),
        ("reel", video(width=2_560, height=1_440), "video_too_wide"),
        ("story", video(duration_s=61.0), "video_too_long"),
        ("story", video(size=100_000_001), "video_too_large"),
        ("image", photo(alt_text="x" * 1_001), "alt_text_too_long"),
        ("image", video(), "media_kind"),
    ],
)
def test_files_beyond_the_limits_are_told(kind, item, code):
    assert code in codes(draft(kind, "", item))


@pytest.mark.parametrize(
    ("kind", "item"),
    [
        ("image", photo(width=1080, height=1350)),
        ("image", photo(width=1910, height=1000)),
        ("story", photo(width=1080, height=1920)),
        ("reel", video(codec="hevc", mime="video/quicktime")),
    ],
)
def test_files_at_the_limits_pass(kind, item):
    assert codes(draft(kind, "", item)) == []


def test_a_carousel_takes_two_to_ten():
    assert codes(draft("carousel", "", photo())) == ["media_missing"]
    assert codes(draft("carousel", "", *[photo(n) for n in range(10)])) == []
    assert codes(draft("carousel", "", *[photo(n) for n in range(11)])) == [
        "media_too_many"
    ]


@pytest.mark.parametrize(
    ("media", "kind"),
    [
        ((photo(),), "image"),
        ((video(),), "reel"),
        ((photo(), video()), "carousel"),
        ((), "image"),
    ],
)
def test_what_was_attached_decides_the_kind(media, kind):
    assert instagram().default_kind(Draft("", "x", media)) == kind


def test_connecting_does_not_turn_publishing_on():
    """R-C9: Instagram has an Enable step."""
    assert instagram().auto_publish is False
