"""Contrast of the tokens, computed: WCAG 2.2 AA in both themes (ui.md, bars)."""

from __future__ import annotations

import re
from functools import cache

import pytest

from tests.ui.sources import STATIC

TEXT, SHAPE = 4.5, 3.0
GROUNDS = ("canvas", "surface", "sunken", "raised")
STATES = (
    "scheduled",
    "published",
    "attention",
    "failed",
    "draft",
    "review",
    "reminder",
)
PAIRS = [
    *[
        (ink, ground, TEXT)
        for ink in ("text", "text-2", "text-3")
        for ground in GROUNDS
    ],
    *[("accent-text", ground, TEXT) for ground in (*GROUNDS, "accent-soft")],
    *[(state, f"{state}-soft", TEXT) for state in STATES],
    *[(state, g, TEXT) for state in STATES for g in ("canvas", "surface", "raised")],
    *[("on-accent", ground, TEXT) for ground in ("accent", "accent-hover")],
    *[("on-danger", ground, TEXT) for ground in ("danger", "danger-hover")],
    *[("text", f"{state}-soft", TEXT) for state in STATES],
    *[("text-2", "draft-soft", TEXT), ("text-3", "draft-soft", TEXT)],
    *[("line-field", ground, SHAPE) for ground in ("canvas", "surface", "raised")],
    *[("focus", ground, SHAPE) for ground in GROUNDS],
]


@cache
def tokens() -> dict[str, tuple[str, str]]:
    """Name → colour in the light theme, colour in the dark one."""
    css = (STATIC / "css" / "tokens.css").read_text()
    plain = re.findall(r"--([\w-]+): (#\w{6});", css)
    both = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", css)
    return {name: (c, c) for name, c in plain} | {name: (a, b) for name, a, b in both}


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_has_the_known_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_ink_can_be_read_on_its_ground(
    theme: int, ink: str, ground: str, least: float
) -> None:
    assert contrast(tokens()[ink][theme], tokens()[ground][theme]) >= least


def test_every_token_that_is_used_is_defined() -> None:
    defined = set()
    used: dict[str, str] = {}
    for path in (STATIC / "css").rglob("*.css"):
        css = path.read_text()
        defined |= set(re.findall(r"(--[\w-]+):", css))
        # A second argument is the value for when nobody has set it.
        used |= dict.fromkeys(re.findall(r"var\((--[\w-]+)\)", css), path.name)
    assert {name: used[name] for name in used.keys() - defined} == {}
