"""The parts of a target that goes out in several: what is out, and what follows."""

from __future__ import annotations

from dataclasses import dataclass

from core.http import browser_url
from scheduling import drafts
from scheduling.models import Target
from scheduling.states import TargetState


@dataclass(frozen=True)
class Part:
    """`url` is "" while it isn't out, and where the platform tells no address."""

    number: int
    text: str
    url: str
    out: bool

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
        return Part(place + 1, text, url, out=True)
    # Where a person said that the post is out, nothing is known of what follows.
    if place == 0 and target.state == TargetState.PUBLISHED:
        return Part(1, text, target.permalink, out=True)
    return Part(place + 1, text, "", out=False)
