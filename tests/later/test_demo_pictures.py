"""What the demo's photos and film are, as the product sees them."""

from __future__ import annotations

import pytest

from later.demo import film, pictures
from media.inspect import inspect


@pytest.mark.parametrize("photo", pictures.PHOTOS, ids=lambda photo: photo.name)
def test_a_photo_is_a_portrait_that_every_platform_takes(photo, tmp_path):
    facts = inspect(photo.save(tmp_path))
    assert (facts.mime, facts.width, facts.height) == ("image/jpeg", 1080, 1350)
    assert 60_000 < facts.size < 1_000_000


def test_a_photo_is_the_same_each_time(tmp_path):
    photo = next(photo for photo in pictures.PHOTOS if photo.paint is pictures.sea)
    first = photo.save(tmp_path).read_bytes()
    assert photo.save(tmp_path).read_bytes() == first


def test_all_photos_are_different_and_described():
    assert len({photo.paint for photo in pictures.PHOTOS}) == len(pictures.PHOTOS)
    assert len({photo.name for photo in pictures.PHOTOS}) == len(pictures.PHOTOS)
    assert all(photo.alt for photo in pictures.PHOTOS)


def test_the_film_is_a_short_upright_h264(tmp_path):
    path = tmp_path / "film.mp4"
    film.shoot(pictures.sea(), path)
    facts = inspect(path)
    assert (facts.mime, facts.codec) == ("video/mp4", "h264")
    assert (facts.width, facts.height) == film.SIZE
    assert facts.duration_s == pytest.approx(4, abs=0.1)
    # Its index stands before its frames: platforms refuse others.
    head = path.read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")
