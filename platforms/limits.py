"""Dated limits as data: composer, server checks, docs table and tests read these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import regex

Counting = Literal["codepoints", "utf16", "graphemes"]


@dataclass(frozen=True)
class TextLimit:
    """`maximum` in units of `counting`; `max_bytes` of UTF-8 as well, 0 for none."""

    maximum: int
    counting: Counting = "codepoints"
    max_bytes: int = 0
    max_hashtags: int = 0
    max_mentions: int = 0

    def count(self, text: str) -> int:
        return COUNTERS[self.counting](text)


@dataclass(frozen=True)
class ImageLimit:
    """Bytes and pixels. Ratios are width/height, 0 for none.

    `formats` are MIME types the platform takes; others are converted to the first.
    """

    formats: tuple[str, ...]
    max_bytes: int
    max_width: int = 0
    max_pixels_sum: int = 0
    min_ratio: float = 0.0
    max_ratio: float = 0.0


@dataclass(frozen=True)
class VideoLimit:
    """Bytes, seconds, pixels; ratios are width/height, 0 for none."""

    formats: tuple[str, ...]
    max_bytes: int
    min_seconds: float = 0.0
    max_seconds: float = 0.0
    max_width: int = 0
    min_ratio: float = 0.0
    max_ratio: float = 0.0
    codecs: tuple[str, ...] = ("h264",)


@dataclass(frozen=True)
class Quota:
    """At most `posts` in `hours` for each profile (0: none known)."""

    posts: int
    hours: int = 24


@dataclass(frozen=True)
class Pace:
    """At most `messages` in `seconds`: of all that we send there, or of one profile."""

    messages: int
    seconds: float
    scope: Literal["app", "profile"]


@dataclass(frozen=True)
class Limits:
    """All limits of a platform. Text and media limits can differ by post kind."""

    text: TextLimit
    read_on: date
    source: str
    image: ImageLimit | None = None
    video: VideoLimit | None = None
    text_by_kind: Mapping[str, TextLimit] = field(default_factory=dict)
    image_by_kind: Mapping[str, ImageLimit] = field(default_factory=dict)
    video_by_kind: Mapping[str, VideoLimit] = field(default_factory=dict)
    quota: Quota | None = None
    paces: tuple[Pace, ...] = ()
    alt_text: int = 0

    def text_for(self, kind: str) -> TextLimit:
        return self.text_by_kind.get(kind, self.text)

    def image_for(self, kind: str) -> ImageLimit | None:
        return self.image_by_kind.get(kind, self.image)

    def video_for(self, kind: str) -> VideoLimit | None:
        return self.video_by_kind.get(kind, self.video)


def count_codepoints(text: str) -> int:
    return len(text)


def count_utf16(text: str) -> int:
    # Half a pair may come out of a JSON string; it is counted, not choked on.
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def count_graphemes(text: str) -> int:
    return len(regex.findall(r"\X", text))


COUNTERS = {
    "codepoints": count_codepoints,
    "utf16": count_utf16,
    "graphemes": count_graphemes,
}
