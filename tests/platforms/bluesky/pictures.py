"""Pictures made by a real encoder."""

from __future__ import annotations

import io
import random

from PIL import Image


def noise(width: int, height: int, kind: str = "JPEG") -> bytes:
    """A picture that compresses badly: the worst case for a byte limit."""
    raw = random.Random(7).randbytes(width * height * 3)  # noqa: S311
    out = io.BytesIO()
    Image.frombytes("RGB", (width, height), raw).save(out, kind, quality=95)
    return out.getvalue()


def plain(width: int, height: int, kind: str = "PNG", mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (width, height)).save(out, kind)
    return out.getvalue()


def size_of(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as found:
        return found.size
