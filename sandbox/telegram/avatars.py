"""Chat pictures and their file identifiers, for getChat and getFile."""

from __future__ import annotations

from typing import Any

from sandbox import avatars
from sandbox.state import Identity
from sandbox.telegram.errors import bad_request

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


def draw(chat: Identity, size: str) -> bytes:
    return avatars.draw(chat.name, chat.id, SIDES[size])
