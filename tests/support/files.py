"""Real media files by real encoders: Pillow for photos, ffmpeg for videos."""

from __future__ import annotations

import subprocess
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

ORIENTATION = 0x0112
GPS = 0x8825


def photo(
    path: Path,
    size: tuple[int, int] = (1080, 1350),
    *,
    rotated: bool = False,
    located: bool = False,
) -> Path:
    """A photo-like gradient; format from the suffix (jpg, png, webp, heic, gif)."""
    image = _gradient(size)
    exif = Image.Exif()
    if rotated:
        exif[ORIENTATION] = 6
    if located:
        exif[GPS] = {1: "N", 2: (52.0, 31.0, 0.0)}
    extra: dict[str, Any] = {"exif": exif} if rotated or located else {}
    image.save(path, **extra)
    return path


def _gradient(size: tuple[int, int]) -> Image.Image:
    mask = Image.linear_gradient("L").resize(size)
    warm = Image.new("RGB", size, (242, 166, 90))
    cold = Image.new("RGB", size, (43, 58, 103))
    return Image.composite(warm, cold, mask)


def transparent(path: Path, size: tuple[int, int] = (600, 600)) -> Path:
    Image.new("RGBA", size, (200, 30, 30, 0)).save(path)
    return path


def noise(path: Path, size: tuple[int, int] = (3000, 3000)) -> Path:
    """A photo that hardly compresses: large in bytes."""
    Image.effect_noise(size, 100).convert("RGB").save(path, quality=98)
    return path


def video(
    path: Path,
    *,
    size: tuple[int, int] = (720, 1280),
    seconds: float = 4,
    codec: str = "libx264",
    rotate: int = 0,
    sound_only: bool = False,
) -> Path:
    """Test picture with a tone; H.264 and AAC with the index in front by default."""
    picture = f"testsrc2=size={size[0]}x{size[1]}:rate=30:duration={seconds}"
    inputs = ["-f", "lavfi", "-i", f"sine=frequency=440:duration={seconds}"]
    if not sound_only:
        inputs = [*inputs, "-f", "lavfi", "-i", picture]
    encode = ["-c:a", "aac", "-movflags", "+faststart"]
    if not sound_only:
        encode += ["-c:v", codec, "-pix_fmt", "yuv420p", "-preset", "ultrafast"]
    _ffmpeg(*inputs, *encode, str(path))
    return _rotated(path, rotate) if rotate else path


def _rotated(path: Path, degrees: int) -> Path:
    turned = path.with_name(f"turned-{path.name}")
    beside = ["-metadata:s:v:0", f"rotate={degrees}"]
    _ffmpeg("-i", str(path), "-c", "copy", *beside, str(turned))
    return turned


def _ffmpeg(*arguments: str) -> None:
    command = ["ffmpeg", "-v", "error", "-y", *arguments]
    subprocess.run(command, check=True, timeout=120)


@cache
def small_jpeg() -> bytes:
    """Bytes of a small valid photo, for tests that need any."""
    out = BytesIO()
    _gradient((640, 640)).save(out, "JPEG")
    return out.getvalue()
