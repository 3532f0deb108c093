"""The parts of a target that goes out in several: what is out, and what follows."""

from __future__ import annotations

from dataclasses import dataclass

from core.http import browser_url
from scheduling import drafts
from scheduling.models import Target
from scheduling.states import FINAL, TargetState

IS_OUT, LEFT_OUT, UNKNOWN, TO_FOLLOW = (
    "Out",
    "Left out",
    "Not known to be out",
    "To follow",
)


@dataclass(frozen=True)
class Part:
    """`url` is "" while it isn't out, and where the platform tells no address; `word`
    says how it stands."""

    number: int
    text: str
    url: str
    word: str

    @property
    def out(self) -> bool:
        return self.word == IS_OUT

    @property
    def link(self) -> str:
        """As a browser opens it: at the sandbox, in the demo."""
        return browser_url(self.url) if self.url else ""


def of_target(target: Target) -> list[Part]:
    """The post first; empty where nothing follows it."""
    rest = drafts.follow_ups(target)
    if not rest and not target.parts_out:
        return []
    return [_part(target, place, text) for place, text in enumerate(_texts(target))]


def _texts(target: Target) -> list[str]:
    return [target.own_text, *drafts.follow_ups(target)]


def _part(target: Target, place: int, text: str) -> Part:
    if place < len(target.parts_out):
        url = target.parts_out[place]["url"] or ("" if place else target.permalink)
        return Part(place + 1, text, url, IS_OUT)
    if place == 0 and target.state in (TargetState.PUBLISHED, TargetState.DONE):
        return Part(1, text, target.permalink, IS_OUT)
    return Part(place + 1, text, "", _still(target, place))


def _still(target: Target, place: int) -> str:
    """Of one that isn't known to be out."""
    if target.state in FINAL:
        return LEFT_OUT
    asked = target.state == TargetState.UNCONFIRMED and place == len(target.parts_out)
    return UNKNOWN if asked else TO_FOLLOW
