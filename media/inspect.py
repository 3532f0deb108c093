"""What a file really is, from its bytes; names and declared types are not believed.

Raises DomainError with field "file" and words for the person who chose it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any

import av
import pillow_heif
from av.error import FFmpegError
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import DomainError

pillow_heif.register_heif_opener()

MAX_PIXELS = 36_000_000
MIN_SIDE = 16
# Pillow's format name -> MIME type and the extension we keep it under.
IMAGES = {
    "JPEG": ("image/jpeg", "jpg"),
    "MPO": ("image/jpeg", "jpg"),
    "PNG": ("image/png", "png"),
    "WEBP": ("image/webp", "webp"),
    "GIF": ("image/gif", "gif"),
    "HEIF": ("image/heic", "heic"),
}
# What lies in a library, by the extension that inspection gave it.
TYPES = {extension: mime for mime, extension in IMAGES.values()} | {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
}
# Pillow's JPEG opener answers for MPO (two pictures in one file) as well.
OPENERS = [name for name in IMAGES if name != "MPO"]
# A file's first bytes that mean video to us: ISO base media (MP4, MOV).
_FTYP = b"ftyp"
# Pictures in the same container family; Pillow reads those.
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis", b"avif"}


@dataclass(frozen=True)
class Facts:
    """Pixels as shown (after rotation), bytes, seconds."""

    kind: str
    mime: str
    extension: str
    size: int
    width: int
    height: int
    sha256: str
    duration_s: float = 0.0
    codec: str = ""


def refuse(code: str, message: str) -> DomainError:
    return DomainError(code, message, field="file")


def inspect(path: Path) -> Facts:
    size = path.stat().st_size
    if size == 0:
        raise refuse("file_empty", "This file is empty (0 bytes). Export it again.")
    with path.open("rb") as stream:
        head = stream.read(16)
        sha256 = _digest(stream)
    if head[4:8] == _FTYP and head[8:12] not in _HEIF_BRANDS:
        return _video(path, size, sha256, quicktime=head[8:12] == b"qt  ")
    return _image(path, size, sha256)


def _digest(stream: BufferedReader) -> str:
    stream.seek(0)
    return hashlib.file_digest(stream, "sha256").hexdigest()


def _image(path: Path, size: int, sha256: str) -> Facts:
    try:
        with Image.open(path, formats=OPENERS) as image:
            mime, extension = IMAGES[image.format or ""]
            _judge_pixels(*image.size)
            shown = ImageOps.exif_transpose(image)
            shown.load()
            width, height = shown.size
    except (UnidentifiedImageError, KeyError):
        raise refuse(
            "file_type",
            "This isn't a photo or video we can read. "
            "Use JPEG, PNG, WebP, HEIC, GIF, MP4 or MOV.",
        ) from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise refuse(
            "file_damaged",
            "This photo is damaged or was cut off while copying. Export it again.",
        ) from None
    return Facts("image", mime, extension, size, width, height, sha256)


def _judge_pixels(width: int, height: int) -> None:
    """From the header, before anything is decoded: no decompression bombs."""
    if width * height > MAX_PIXELS:
        megapixels = width * height / 1_000_000
        raise refuse(
            "image_too_many_pixels",
            f"This photo has {megapixels:.0f} megapixels; the most we take is "
            f"{MAX_PIXELS // 1_000_000}. Make it smaller first.",
        )
    if min(width, height) < MIN_SIDE:
        raise refuse(
            "image_too_small", f"This photo has only {width} by {height} pixels."
        )


def _video(path: Path, size: int, sha256: str, *, quicktime: bool) -> Facts:
    try:
        with av.open(str(path), "r") as container:
            if not container.streams.video:
                raise refuse(
                    "video_no_picture", "This file has no picture, only sound."
                )
            stream = container.streams.video[0]
            _judge_picture(stream.codec_context)
            frame = next(container.decode(stream))
            seconds = _seconds(container, stream)
            codec = stream.codec_context.name
    except (FFmpegError, StopIteration, ValueError):
        raise refuse(
            "file_damaged",
            "This video is damaged or was cut off while copying. Export it again.",
        ) from None
    width, height = shown_size(frame)
    return Facts(
        kind="video",
        mime="video/quicktime" if quicktime else "video/mp4",
        extension="mov" if quicktime else "mp4",
        size=size,
        width=width,
        height=height,
        sha256=sha256,
        duration_s=round(seconds, 3),
        codec=codec,
    )


def _judge_picture(declared: Any) -> None:
    """From the header too: one frame of a crafted file can take gigabytes."""
    if declared.width * declared.height > MAX_PIXELS:
        raise refuse(
            "video_too_many_pixels",
            f"This video has {declared.width} by {declared.height} pixels; "
            "nothing shows that much. Make it smaller first.",
        )


def _seconds(container: Any, stream: Any) -> float:
    if container.duration:
        return float(container.duration) / av.time_base
    if stream.duration:
        return float(stream.duration * stream.time_base)
    raise ValueError("video without a length")


def shown_size(frame: Any) -> tuple[int, int]:
    """Phones store portrait video lying down with a rotation beside it."""
    if abs(frame.rotation) in (90, 270):
        return frame.height, frame.width
    return frame.width, frame.height


def first_frame(path: Path) -> Image.Image:
    """The first picture of a video, upright."""
    with av.open(str(path), "r") as container:
        frame: Any = next(container.decode(container.streams.video[0]))
        picture: Image.Image = frame.to_image()
        return picture.rotate(frame.rotation, expand=True)
