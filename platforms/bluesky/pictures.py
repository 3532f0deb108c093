"""Pictures made small enough for a server's byte limit."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from PIL import Image, ImageOps

# A picture of a web page is a stranger's: its pixels are counted before they are read.
MAX_PIXELS = 40_000_000
QUALITIES = (88, 80, 70, 60, 50)
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_UNREADABLE = (
    OSError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
_SHRINK = 0.75
_TRIES = 8


class BadPicture(ValueError):
    """No picture, a kind we don't read, or far too large."""


@dataclass(frozen=True)
class Picture:
    data: bytes = field(repr=False)
    mime: str
    width: int
    height: int


def fitted(data: bytes, max_bytes: int, max_edge: int = 0) -> Picture:
    """A JPEG of at most `max_bytes`; its edges at most `max_edge` pixels (0: as is).

    Orientation is applied and all metadata left behind. Raises BadPicture.
    """
    picture = _opened(data)
    if max_edge:
        picture.thumbnail((max_edge, max_edge))
    for _ in range(_TRIES):
        for quality in QUALITIES:
            made = _jpeg(picture, quality)
            if len(made.data) <= max_bytes:
                return made
        width, height = (max(round(side * _SHRINK), 1) for side in picture.size)
        picture = picture.resize((width, height))
    raise BadPicture("The picture can't be made small enough.")


def _opened(data: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as found:
            if found.width * found.height > MAX_PIXELS:
                raise BadPicture("The picture has too many pixels.")
            upright = ImageOps.exif_transpose(found)
            return _on_white(upright)
    except _UNREADABLE as error:
        raise BadPicture("This is no picture we can read.") from error


def _on_white(picture: Image.Image) -> Image.Image:
    """JPEG knows no transparency; black would swallow dark logos."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(ground, layer).convert("RGB")


def _jpeg(picture: Image.Image, quality: int) -> Picture:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return Picture(out.getvalue(), "image/jpeg", picture.width, picture.height)
