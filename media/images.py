"""Make a copy of a picture that fits: format, bytes, pixels; upright, without EXIF."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageCms, ImageOps

pillow_heif.register_heif_opener()

QUALITIES = (92, 85, 76, 66)
SHRINK = 0.85
SMALLEST_SIDE = 320


@dataclass(frozen=True)
class Picture:
    data: bytes
    width: int
    height: int


class DoesNotFit(Exception):
    """No copy of a useful size stays under the limit."""


def upright(image: Image.Image) -> Image.Image:
    """As people see it: rotated, sRGB, on white where it was transparent."""
    image = ImageOps.exif_transpose(image)
    image = _to_srgb(image)
    if image.mode in ("RGBA", "LA", "P"):
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")


def _to_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA"):
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        mode = image.mode
        converted = ImageCms.profileToProfile(image, source, srgb, outputMode=mode)
    except (ImageCms.PyCMSError, OSError):
        return image
    return converted or image


def jpeg_within(image: Image.Image, *, max_bytes: int, max_width: int = 0) -> Picture:
    """The best JPEG within the limits. Raises DoesNotFit."""
    image = upright(image)
    if max_width and image.width > max_width:
        image = _resized(image, max_width / image.width)
    while min(image.size) >= min(SMALLEST_SIDE, *image.size):
        for quality in QUALITIES:
            data = _jpeg(image, quality)
            if len(data) <= max_bytes:
                return Picture(data, *image.size)
        if min(image.size) * SHRINK < SMALLEST_SIDE:
            break
        image = _resized(image, SHRINK)
    raise DoesNotFit


def thumbnail(image: Image.Image, side: int) -> Picture:
    """A small WebP whose longer side is `side` pixels at most."""
    image.draft("RGB", (side * 2, side * 2))
    image = upright(image)
    image.thumbnail((side, side))
    out = io.BytesIO()
    image.save(out, "WEBP", quality=78, method=4)
    return Picture(out.getvalue(), *image.size)


def _resized(image: Image.Image, factor: float) -> Image.Image:
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image.resize(size, Image.Resampling.LANCZOS)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
