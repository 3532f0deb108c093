"""Media for drafts, good for every platform unless a test changes them."""

from __future__ import annotations

from typing import Any

from platforms.types import Draft, Media

JPEG = b"\xff\xd8\xff\xe0 a photo \xff\xd9"
MP4 = b"\x00\x00\x00\x18ftypmp42 a video"


def photo(number: int = 1, **facts: Any) -> Media:
    known: dict[str, Any] = {
        "id": f"photo-{number}",
        "kind": "image",
        "mime": "image/jpeg",
        "width": 1080,
        "height": 1080,
        "size": len(JPEG),
        "url": f"https://later.example/m/photo-{number}.jpg",
        "read": lambda: JPEG,
    }
    return Media(**{**known, **facts})


def video(number: int = 1, **facts: Any) -> Media:
    known: dict[str, Any] = {
        "id": f"video-{number}",
        "kind": "video",
        "mime": "video/mp4",
        "width": 1080,
        "height": 1920,
        "size": len(MP4),
        "url": f"https://later.example/m/video-{number}.mp4",
        "duration_s": 12.0,
        "codec": "h264",
        "read": lambda: MP4,
    }
    return Media(**{**known, **facts})


def draft(kind: str, text: str = "", *media: Media) -> Draft:
    return Draft(kind, text, media)
