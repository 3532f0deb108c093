"""Drawn chat pictures, so that getChat, getFile and the pages have something."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from sandbox.state import Identity
from sandbox.telegram.errors import bad_request

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
SIDES = {"small": 160, "big": 640}
PREFIX = "AQACphoto"
FOLDER = "profile_photos"


def avatar_file_id(chat: Identity, size: str) -> str:
    return f"{PREFIX}-{size}-{chat.id}"


def file_json(file_id: str) -> dict[str, Any]:
    """getFile for an avatar; what bots sent is not kept here."""
    prefix, _, rest = file_id.partition("-")
    size, _, chat = rest.partition("-")
    if prefix != PREFIX or size not in SIDES:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    return {
        "file_id": file_id,
        "file_unique_id": f"AQAD{size[0]}{chat}",
        "file_path": f"{FOLDER}/{size}_{chat}.jpg",
    }


def initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "?"


def colour(chat: Identity) -> str:
    return COLOURS[abs(int(chat.id)) % len(COLOURS)]


def draw(chat: Identity, size: str) -> bytes:
    """A JPEG square with the initials on the chat's colour."""
    side = SIDES[size]
    image = Image.new("RGB", (side, side), colour(chat))
    font = ImageFont.load_default(size=side * 2 // 5)
    middle = (side / 2, side / 2)
    pen = ImageDraw.Draw(image)
    pen.text(middle, initials(chat.name), fill="white", font=font, anchor="mm")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()
