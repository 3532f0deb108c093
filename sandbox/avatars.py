"""Drawn profile pictures: initials on a colour, so that a double has something."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

# All of them dark enough for white letters.
COLOURS = (
    "#b5402f",
    "#9a5b0d",
    "#6a47b5",
    "#2f7531",
    "#1d7286",
    "#2b5fae",
    "#a83a74",
)


def colour(seed: str) -> str:
    """Always the same for a seed."""
    return COLOURS[sum(seed.encode()) % len(COLOURS)]


def initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "?"


def draw(name: str, seed: str, side: int) -> bytes:
    """A square JPEG of `side` pixels."""
    image = Image.new("RGB", (side, side), colour(seed))
    font = ImageFont.load_default(size=side * 2 // 5)
    pen = ImageDraw.Draw(image)
    middle = (side / 2, side / 2)
    pen.text(middle, initials(name), fill="white", font=font, anchor="mm")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()
