"""R-I5: files that are made to cost memory, disk or nerves."""

from __future__ import annotations

import struct
import zlib
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import StopUpload
from django.urls import reverse

from core.errors import DomainError
from media.inspect import inspect
from media.uploads import Bounds
from tests.safety.matrix.world import png
from tests.support import files

pytestmark = pytest.mark.django_db

MB = 1_000_000


def send(client, group, name, content):
    url = reverse("media:upload", args=[group.pk])
    return client.post(url, {"file": SimpleUploadedFile(name, content)})


def chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


def png_with(kind: bytes, data: bytes) -> bytes:
    """A small picture with one more chunk behind its header."""
    plain = png()
    return plain[:33] + chunk(kind, data) + plain[33:]


BOMB = zlib.compress(b"x" * 200 * MB, 9)


@pytest.mark.parametrize("kind", [b"zTXt", b"iCCP", b"iTXt"])
def test_a_text_that_unpacks_to_hundreds_of_megabytes_is_refused(alice, cast, kind):
    head = b"bomb\0\0" if kind != b"iTXt" else b"bomb\0\x01\0\0\0"
    answer = send(alice, cast.group, "a.png", png_with(kind, head + BOMB))
    assert answer.status_code in (201, 400)


def test_a_picture_that_claims_a_gigapixel_is_refused_from_its_header(alice, cast):
    header = struct.pack(">IIBBBBB", 32_000, 32_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", BOMB)
    answer = send(alice, cast.group, "a.png", bomb)
    assert answer.status_code == 400
    assert not cast.group.media.exists()


def test_a_video_of_giant_pictures_is_refused_before_one_is_decoded(tmp_path):
    path = files.video(tmp_path / "a.mp4", size=(7680, 5120), seconds=0.1)
    with pytest.raises(DomainError) as refused:
        inspect(path)
    assert refused.value.code == "video_too_many_pixels"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ("<svg onload=x>.png", "<svg onload=x>.png"),
        ("a" * 400 + ".png", "a"),
    ],
)
def test_names_of_files_are_only_words(alice, cast, name, kept):
    answer = send(alice, cast.group, name, png())
    assert answer.status_code == 201
    item = cast.group.media.get()
    assert item.name.startswith(kept)
    assert len(item.name) <= 255
    assert item.file.name == f"{cast.group.pk}/{item.pk}/original.png"


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a/*<script>*/=1//",
        b"PK\x03\x04" + bytes(100),
        b"%PDF-1.7\n",
        b"\0" * 5_000,
    ],
)
def test_what_is_no_photo_and_no_video_is_refused(alice, cast, content):
    answer = send(alice, cast.group, "a.png", content)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "file"


def bounds(user) -> Bounds:
    request: Any = SimpleNamespace(user=user)
    handler = Bounds(request=request)
    handler.new_file("file", "a.png", "image/png", 0)
    return handler


def test_nobody_puts_a_file_on_the_disk():
    """Every address takes forms; without a sign-in no file is even begun."""
    with pytest.raises(StopUpload):
        bounds(AnonymousUser())


def test_no_more_of_a_file_is_kept_than_is_taken(cast, settings):
    settings.UPLOAD_MAX_MB = 1
    handler = bounds(cast.alice)
    portion = bytes(64 * 1024)
    kept = [handler.receive_data_chunk(portion, 0) for _ in range(100)]
    assert MB < sum(len(each) for each in kept if each) <= MB + 2 * len(portion)


def test_a_file_that_is_too_large_is_still_refused_in_words(alice, cast, settings):
    settings.UPLOAD_MAX_MB = 1
    answer = send(alice, cast.group, "a.png", bytes(5 * MB))
    assert answer.status_code == 400
    assert "the most we take is 1 MB" in answer.json()["errors"][0]["message"]
