"""How a demo post is told. Days count from today, times are wall times."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class End(StrEnum):
    """What becomes of a story that lies in the past, or where it waits."""

    OUT = "out"
    FAILED = "failed"
    HELD = "held"
    UNSURE = "unsure"
    COMING = "coming"
    DRAFT = "draft"


@dataclass(frozen=True)
class Story:
    """`on`: places, parted by blanks. `minutes` from now stands for `day` and `at`."""

    end: End
    on: str
    text: str
    files: tuple[str, ...] = ()
    day: int = 0
    at: str = ""
    minutes: int = 0
    own: dict[str, str] = field(default_factory=dict)
    by_jonas: bool = False


REEL = "wheel-in-the-evening.mp4"
