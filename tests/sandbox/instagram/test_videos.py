"""Reels by address: taken at once, judged later, in the container's status."""

from __future__ import annotations

import subprocess

import pytest

from tests.sandbox.instagram.graph import good, refusal
from tests.support.files import photo, video


def reel(profile, address, **form):
    return profile.create(media_type="REELS", video_url=address, **form)


def test_a_reel_goes_live(sandbox, either, web):
    container = reel(either, web("clip.mp4"), caption="Moving", share_to_feed="true")
    assert either.settled(container)["status_code"] == "FINISHED"
    media = either.publish(container)
    fields = "permalink,shortcode,media_type,media_product_type"
    node = good(either.get(media, fields=fields))
    assert node["permalink"].endswith(f"/reel/{node['shortcode']}/")
    assert (node["media_type"], node["media_product_type"]) == ("VIDEO", "REELS")
    [row] = sandbox.ledger()
    assert (row["kind"], row["extra"]["share_to_feed"]) == ("reel", True)
    [facts] = row["media"]
    assert (facts["width"], facts["height"]) == (720, 1280)
    assert facts["duration"] == pytest.approx(4, abs=0.1)
    assert (facts["video_codec"], facts["audio_codec"]) == ("h264", "aac")


def test_videos_take_longer_than_images(sandbox, lena, web):
    sandbox.set(processing_ms=60_000, fetch_media=False)
    container = reel(lena, web("clip.mp4"))
    sandbox.advance(100)
    assert lena.status(container)["status_code"] == "IN_PROGRESS"
    sandbox.advance(100)
    assert lena.status(container)["status_code"] == "FINISHED"


def test_a_dead_address_is_told_in_the_status(lena, web):
    container = reel(lena, web("nothing.mp4"))
    state = lena.settled(container)
    assert state["status_code"] == "ERROR"
    assert state["status"].endswith("2207052")


def status_of(lena, web, path, **form):
    return lena.settled(reel(lena, web(path.name), **form))["status"]


def test_a_picture_is_no_video(lena, web):
    path = photo(web.folder / "picture.mp4.jpg")
    assert status_of(lena, web, path).endswith("2207026")


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("short.mp4", {"seconds": 2}),
        ("wide.mp4", {"size": (2560, 1080)}),
        ("other.mkv", {}),
        ("mpeg4.mp4", {"codec": "mpeg4"}),
    ],
)
def test_videos_outside_the_limits_fail_in_processing(lena, web, name, how):
    path = video(web.folder / name, **how)
    assert status_of(lena, web, path).endswith("2207026")


def test_the_index_must_stand_before_the_data(sandbox, lena, web, slow_start):
    assert status_of(lena, web, slow_start).endswith("2207026")
    sandbox.set(**{"instagram.require_faststart": False})
    assert lena.settled(reel(lena, web(slow_start.name)))["status_code"] == "FINISHED"


@pytest.fixture
def slow_start(web):
    """The usual clip with its index behind the data, as ffmpeg writes by default."""
    path = web.folder / "slow-start.mp4"
    source = ["ffmpeg", "-v", "error", "-y", "-i", str(web.folder / "clip.mp4")]
    subprocess.run([*source, "-c", "copy", str(path)], check=True)
    return path


def test_a_cover_wins_over_an_offset_and_is_fetched(sandbox, lena, web):
    late = {"thumb_offset": "99000"}
    assert status_of(lena, web, web.folder / "clip.mp4", **late).endswith("2207057")
    form = {**late, "cover_url": web("photo.jpg")}
    container = reel(lena, web("clip.mp4"), **form)
    assert lena.settled(container)["status_code"] == "FINISHED"
    lena.publish(container)
    assert sandbox.ledger()[0]["media"][0]["cover_sha256"]


def test_a_bad_cover_spoils_the_reel(lena, web):
    path = photo(web.folder / "cover.png")
    form = {"cover_url": web(path.name)}
    assert status_of(lena, web, web.folder / "clip.mp4", **form).endswith("2207005")


def test_a_lone_video_is_not_taken_as_video(lena, web):
    form = {"media_type": "VIDEO", "video_url": web("clip.mp4")}
    assert refusal(lena.post(f"{lena.id}/media", **form)) == (100, 2207023)
