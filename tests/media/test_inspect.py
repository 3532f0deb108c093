from __future__ import annotations

import pytest
from PIL import Image

from core.errors import DomainError
from media.inspect import inspect
from tests.support import files


def refused(path) -> DomainError:
    with pytest.raises(DomainError) as caught:
        inspect(path)
    assert caught.value.field == "file"
    return caught.value


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("a.jpg", "image/jpeg"),
        ("a.png", "image/png"),
        ("a.webp", "image/webp"),
        ("a.heic", "image/heic"),
        ("a.gif", "image/gif"),
    ],
)
def test_photos_are_recognised_by_their_bytes(tmp_path, name, mime):
    """R-E4: real type and size, whatever the name says."""
    path = files.photo(tmp_path / name, (640, 480))
    hidden = path.rename(tmp_path / "file.bin")
    facts = inspect(hidden)
    assert (facts.kind, facts.mime) == ("image", mime)
    assert (facts.width, facts.height) == (640, 480)


def test_a_rotated_photo_has_the_size_people_see(tmp_path):
    facts = inspect(files.photo(tmp_path / "a.jpg", (640, 480), rotated=True))
    assert (facts.width, facts.height) == (480, 640)


def test_a_video_tells_length_size_and_codec(tmp_path):
    """R-E4."""
    facts = inspect(files.video(tmp_path / "a.mp4", size=(720, 1280), seconds=3))
    assert (facts.kind, facts.mime, facts.codec) == ("video", "video/mp4", "h264")
    assert (facts.width, facts.height) == (720, 1280)
    assert facts.duration_s == pytest.approx(3, abs=0.2)


def test_a_phones_portrait_video_is_portrait(tmp_path):
    lying = files.video(tmp_path / "a.mp4", size=(640, 360), seconds=1, rotate=90)
    facts = inspect(lying)
    assert (facts.width, facts.height) == (360, 640)


def test_a_quicktime_film_is_recognised(tmp_path):
    facts = inspect(files.video(tmp_path / "a.mov", size=(320, 240), seconds=1))
    assert (facts.mime, facts.extension) == ("video/quicktime", "mov")


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "a.jpg"
    path.touch()
    assert refused(path).code == "file_empty"


def test_a_text_file_named_jpg_is_refused(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_text("Not a picture at all, but long enough to look at.")
    assert refused(path).code == "file_type"


def test_a_page_named_png_is_refused(tmp_path):
    """R-I5: nothing that a browser would run gets in."""
    path = tmp_path / "a.png"
    path.write_text("<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>")
    assert refused(path).code == "file_type"


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_a_truncated_photo_is_refused(tmp_path, name):
    path = files.noise(tmp_path / name, (900, 900))
    path.write_bytes(path.read_bytes()[:-20_000])
    assert refused(path).code == "file_damaged"


def test_a_truncated_video_is_refused(tmp_path):
    path = files.video(tmp_path / "a.mp4", size=(320, 240), seconds=1)
    path.write_bytes(path.read_bytes()[:600])
    assert refused(path).code == "file_damaged"


def test_sound_alone_is_refused(tmp_path):
    path = files.video(tmp_path / "a.mp4", seconds=1, sound_only=True)
    assert refused(path).code == "video_no_picture"


def test_forty_megapixels_are_refused_before_decoding(tmp_path):
    """R-I5: a small file that would unfold to gigabytes."""
    path = tmp_path / "a.png"
    Image.new("L", (8_000, 5_000)).save(path)
    error = refused(path)
    assert error.code == "image_too_many_pixels"
    assert "40 megapixels" in error.message


def test_a_speck_is_refused(tmp_path):
    path = tmp_path / "a.png"
    Image.new("RGB", (4, 4)).save(path)
    assert refused(path).code == "image_too_small"
