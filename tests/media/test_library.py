from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from accounts.models import Membership, Role
from core.errors import DomainError
from media.actions.fit import for_platform
from media.actions.remove import remove
from media.actions.upload import add_file
from media.models import MediaItem
from platforms.limits import ImageLimit, Limits, TextLimit
from tests.factories import PostFactory, PostMediaFactory
from tests.support import files

pytestmark = pytest.mark.django_db


def limits(**image) -> Limits:
    rules = {"formats": ("image/jpeg",), "max_bytes": 2_000_000, **image}
    return Limits(
        TextLimit(500), date(2026, 11, 21), "a test", image=ImageLimit(**rules)
    )


def added(cast, path) -> MediaItem:
    return add_file(group=cast.group, actor=cast.alice, path=path, name=path.name)


def fetch(client, url):
    """The whole answer, read and closed as a server would."""
    answer = client.get(url)
    if answer.streaming:
        answer.content_read = b"".join(answer.streaming_content)
        answer.close()
    return answer


def send(client, group, name, content):
    url = reverse("media:upload", args=[group.pk])
    return client.post(url, {"file": SimpleUploadedFile(name, content)})


def test_an_upload_answers_with_the_inspected_item(alice, cast):
    """R-E4."""
    answer = send(alice, cast.group, "Café.jpg", files.small_jpeg())
    assert answer.status_code == 201
    body = answer.json()
    assert (body["width"], body["height"], body["kind"]) == (640, 640, "image")
    assert fetch(alice, body["thumb_url"])["Content-Type"] == "image/webp"


def test_a_bad_file_is_told_beside_the_field_and_leaves_nothing(alice, cast):
    answer = send(alice, cast.group, "a.jpg", b"not a photo, honestly not one")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "file"
    assert MediaItem.objects.count() == 0


def test_no_file_at_all_is_told(alice, cast):
    answer = alice.post(reverse("media:upload", args=[cast.group.pk]))
    assert answer.json()["errors"][0]["code"] == "file_missing"


def test_too_large_a_file_is_refused(alice, cast, settings):
    settings.UPLOAD_MAX_MB = 0
    answer = send(alice, cast.group, "a.jpg", files.small_jpeg())
    assert answer.json()["errors"][0]["code"] == "file_too_large"


def test_a_viewer_may_not_upload(bob, cast):
    """R-A6."""
    Membership.objects.filter(user=cast.bob).update(role=Role.VIEWER)
    answer = send(bob, cast.group, "a.jpg", files.small_jpeg())
    assert answer.json()["errors"][0]["code"] == "may_not_media"


def test_a_stranger_meets_404_everywhere(charlie, alice, cast):
    """R-B1."""
    item = send(alice, cast.group, "a.jpg", files.small_jpeg()).json()
    assert send(charlie, cast.group, "a.jpg", files.small_jpeg()).status_code == 404
    for url in (item["thumb_url"], item["url"]):
        assert charlie.get(url).status_code == 404
    edit = reverse("media:edit", args=[cast.group.pk, item["id"]])
    assert charlie.post(edit, {"alt_text": "mine"}).status_code == 404


def test_an_item_is_not_reached_through_another_group(charlie, alice, cast):
    item = send(alice, cast.group, "a.jpg", files.small_jpeg()).json()
    url = reverse("media:thumb", args=[cast.charlies_group.pk, item["id"]])
    assert charlie.get(url).status_code == 404


def test_platforms_fetch_without_signing_in(client, cast, tmp_path):
    item = added(cast, files.photo(tmp_path / "a.jpg"))
    url = for_platform(item, limits(), "image").url
    answer = fetch(client, url.removeprefix("http://127.0.0.1:8000"))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content_read == (tmp_path / "a.jpg").read_bytes()


def test_a_forged_address_is_404(client, cast):
    assert client.get("/m/forged-token/file.jpg").status_code == 404


def test_a_jpeg_that_fits_goes_as_it_is(cast, tmp_path):
    item = added(cast, files.photo(tmp_path / "a.jpg", (800, 800)))
    media = for_platform(item, limits(), "image")
    assert media.bytes() == (tmp_path / "a.jpg").read_bytes()


def test_a_png_becomes_a_jpeg_on_white(cast, tmp_path):
    item = added(cast, files.transparent(tmp_path / "a.png"))
    media = for_platform(item, limits(), "image")
    copy = Image.open(io.BytesIO(media.bytes()))
    assert (media.mime, copy.format) == ("image/jpeg", "JPEG")
    assert copy.getpixel((300, 300)) == pytest.approx((255, 255, 255), abs=3)


def test_the_place_a_photo_was_taken_stays_with_us(cast, tmp_path):
    """R-I5."""
    item = added(cast, files.photo(tmp_path / "a.jpg", located=True))
    media = for_platform(item, limits(), "image")
    assert not Image.open(io.BytesIO(media.bytes())).getexif()


def test_a_rotated_photo_arrives_upright(cast, tmp_path):
    item = added(cast, files.photo(tmp_path / "a.jpg", (800, 600), rotated=True))
    media = for_platform(item, limits(), "image")
    assert Image.open(io.BytesIO(media.bytes())).size == (600, 800)


def test_a_heavy_photo_is_made_to_fit(cast, tmp_path):
    item = added(cast, files.noise(tmp_path / "a.jpg", (2000, 2000)))
    media = for_platform(item, limits(max_bytes=900_000, max_width=1440), "image")
    assert media.size <= 900_000
    assert media.width <= 1440


def test_a_copy_is_made_once(cast, tmp_path):
    item = added(cast, files.photo(tmp_path / "a.png"))
    for_platform(item, limits(), "image")
    for_platform(item, limits(), "image")
    assert item.renditions.exclude(recipe="thumb").count() == 1


def test_what_can_not_fit_says_so(cast, tmp_path):
    item = added(cast, files.noise(tmp_path / "a.jpg", (900, 900)))
    with pytest.raises(DomainError) as caught:
        for_platform(item, limits(max_bytes=2_000), "image")
    assert caught.value.field == "media"


def test_a_file_in_use_is_not_deleted(cast, tmp_path):
    item = added(cast, files.photo(tmp_path / "a.jpg"))
    PostMediaFactory(post=PostFactory(group=cast.group), item=item)
    with pytest.raises(DomainError, match="used in a post"):
        remove(item=item, actor=cast.alice)


def test_deleting_takes_the_files_too(cast, tmp_path, settings):
    item = added(cast, files.photo(tmp_path / "a.jpg"))
    remove(item=item, actor=cast.alice)
    left = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert left == []


def test_alt_text_is_kept_and_bounded(alice, cast):
    item = send(alice, cast.group, "a.jpg", files.small_jpeg()).json()
    url = reverse("media:edit", args=[cast.group.pk, item["id"]])
    assert alice.post(url, {"alt_text": "Hills at dusk"}).json()["alt_text"] == (
        "Hills at dusk"
    )
    refusal = alice.post(url, {"alt_text": "x" * 2_001})
    assert refusal.json()["errors"][0]["field"] == "alt_text"


def test_a_video_gets_a_picture(cast, alice, tmp_path):
    item = added(cast, files.video(tmp_path / "a.mp4", size=(320, 240), seconds=1))
    answer = fetch(alice, reverse("media:thumb", args=[cast.group.pk, item.pk]))
    assert answer["Content-Type"] == "image/webp"
