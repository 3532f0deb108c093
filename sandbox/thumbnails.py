"""Small pictures of accepted media for the control page and public pages."""

from __future__ import annotations

import asyncio
import base64
import io
from dataclasses import dataclass
from importlib import import_module
from typing import IO

from PIL import Image, UnidentifiedImageError

from sandbox.media import MediaFacts, Received
from sandbox.state import State

THUMBNAIL_PX = 256
THUMBNAILS_KEPT = 240


@dataclass(slots=True)
class Thumbnail:
    """A small JPEG as base64 text."""

    data: str


class Thumbnails:
    """Small pictures of received images by the SHA-256 of the original."""

    def __init__(self, state: State) -> None:
        self.rows = state.table("thumbnails", Thumbnail)

    async def keep(self, facts: MediaFacts, received: Received) -> None:
        """Of an image, or of a video's first picture; the oldest gives way."""
        if facts.kind == "other" or facts.sha256 in self.rows:
            return
        shrink = _shrink if facts.kind == "image" else _shrink_video
        small = await asyncio.to_thread(shrink, received.file)
        if small:
            self.rows[facts.sha256] = Thumbnail(base64.b64encode(small).decode())
        while len(self.rows) > THUMBNAILS_KEPT:
            del self.rows[next(iter(self.rows))]

    def get(self, sha256: str) -> bytes | None:
        row = self.rows.get(sha256)
        return base64.b64decode(row.data) if row else None


def _shrink(file: IO[bytes]) -> bytes:
    file.seek(0)
    try:
        with Image.open(file) as image:
            # Lets the JPEG decoder skip most of the work.
            image.draft("RGB", (THUMBNAIL_PX, THUMBNAIL_PX))
            return _small_jpeg(image)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return b""


def _shrink_video(file: IO[bytes]) -> bytes:
    av = import_module("av")
    file.seek(0)
    try:
        with av.open(file, mode="r", metadata_errors="ignore") as container:
            frame = next(container.decode(video=0))
            return _small_jpeg(frame.to_image())
    except (av.error.FFmpegError, OSError, ValueError, StopIteration):
        return b""


def _small_jpeg(image: Image.Image) -> bytes:
    small = image.convert("RGB")
    small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=75)
    return out.getvalue()
