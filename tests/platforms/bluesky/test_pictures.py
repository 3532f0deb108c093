"""Pictures made small enough for a server."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from platforms.bluesky.pictures import BadPicture, fitted
from tests.platforms.bluesky.pictures import noise, plain, size_of


def test_a_large_photo_comes_below_the_limit() -> None:
    """Acceptance case 9: one of 3 MB is shrunk."""
    data = noise(1_700, 1_700)
    assert len(data) > 3_000_000
    made = fitted(data, 1_000_000)
    assert len(made.data) <= 1_000_000 and made.mime == "image/jpeg"
    assert size_of(made.data) == (made.width, made.height)


def test_edges_are_bounded_and_the_shape_stays() -> None:
    made = fitted(plain(2_400, 1_200), 1_000_000, 1_200)
    assert (made.width, made.height) == (1_200, 600)


def test_pixels_go_when_quality_isnt_enough() -> None:
    made = fitted(noise(600, 600), 20_000)
    assert len(made.data) <= 20_000 and made.width < 600


def test_transparency_becomes_white() -> None:
    made = fitted(plain(10, 10, mode="RGBA"), 1_000_000)
    with Image.open(io.BytesIO(made.data)) as shown:
        assert shown.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_metadata_and_rotation_are_applied_and_left_behind() -> None:
    """R-I1: no place where a photo was taken leaks."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    Image.new("RGB", (40, 20)).save(out, "JPEG", exif=exif)
    made = fitted(out.getvalue(), 1_000_000)
    assert (made.width, made.height) == (20, 40)
    with Image.open(io.BytesIO(made.data)) as shown:
        assert not shown.getexif()


@pytest.mark.parametrize(
    "data", [b"", b"<svg/>", b"GIF89a", plain(10, 10)[:40], b"\x00" * 500]
)
def test_what_is_no_picture_is_said_so(data: bytes) -> None:
    with pytest.raises(BadPicture):
        fitted(data, 1_000_000)


@pytest.mark.parametrize("edge", [7_000, 11_000])
def test_bombs_are_not_unpacked(edge: int) -> None:
    """R-I5: a few kilobytes may claim any number of pixels."""
    bomb = plain(edge, edge, mode="1")
    assert len(bomb) < 200_000
    with pytest.raises(BadPicture):
        fitted(bomb, 1_000_000)


def test_a_limit_that_cant_be_met_is_an_error() -> None:
    with pytest.raises(BadPicture):
        fitted(noise(50, 50), 10)
