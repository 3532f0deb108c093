"""Uploads: sniffed, counted, collected when nothing names them."""

from __future__ import annotations

import hashlib
import io

import pytest
from PIL import Image

from tests.sandbox.bluesky.atproto import Client, good, trouble
from tests.support.files import small_jpeg


def png():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(out, "PNG")
    return out.getvalue()


def post_with(maya, blob, alt=""):
    image = {"image": blob, "alt": alt}
    embed = {"$type": "app.bsky.embed.images", "images": [image]}
    return maya.create("x", embed=embed)


def test_the_server_looks_at_the_bytes_not_at_the_header(maya):
    blob = maya.blob(png(), "image/jpeg")
    assert blob["$type"] == "blob"
    assert (blob["mimeType"], blob["size"]) == ("image/png", len(png()))
    assert blob["ref"]["$link"].startswith("bafkrei")


def test_what_cannot_be_told_keeps_its_claim(maya):
    blob = maya.blob(b"WEBVTT", "text/vtt; charset=utf-8")
    assert blob["mimeType"] == "text/vtt"


def test_a_content_type_is_needed(maya):
    answer = maya.upload(png(), "")
    words = "Request encoding (Content-Type) required but not provided"
    assert trouble(answer) == f"400 InvalidRequest: {words}"


def test_50_mb_at_most(maya):
    answer = maya.upload(b"\0" * (50 * 1024 * 1024 + 1), "video/mp4")
    assert trouble(answer) == "413 PayloadTooLarge: request entity too large"


def test_uploads_need_a_token(maya):
    maya.token = ""
    assert trouble(maya.upload(png())).startswith("401 AuthMissing")


def test_the_ledger_has_the_facts_and_the_alt_text(maya, sandbox):
    good(post_with(maya, maya.blob(small_jpeg()), "A red bicycle"))
    (row,) = sandbox.ledger("bluesky")
    (file,) = row["media"]
    assert row["kind"] == "images"
    assert file["sha256"] == hashlib.sha256(small_jpeg()).hexdigest()
    assert (file["mime"], file["width"], file["height"]) == ("image/jpeg", 640, 640)
    assert file["alt_text"] == "A red bicycle"


def test_a_blob_that_was_never_uploaded(maya):
    blob = maya.blob(small_jpeg())
    link = "bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy"
    answer = post_with(maya, {**blob, "ref": {"$link": link}})
    assert trouble(answer) == f"400 BlobNotFound: Could not find blob: {link}"


def test_an_unused_blob_is_collected_after_an_hour(maya, sandbox):
    used, unused = maya.blob(small_jpeg()), maya.blob(png())
    good(post_with(maya, used))
    sandbox.advance(3601)
    sandbox.token("bluesky", maya.did, how="app_password")
    assert trouble(post_with(maya, unused)).startswith("400 BlobNotFound")
    good(post_with(maya, used))
    good(post_with(maya, maya.blob(png())))


@pytest.mark.parametrize(
    ("scope", "mime", "missing"),
    [
        ("atproto", "image/png", "blob:image/png"),
        ("atproto blob:image/*", "video/mp4", "blob:video/mp4"),
        ("atproto blob:image/* blob:video/mp4", "video/mp4", ""),
        ("atproto blob?accept=image/png", "image/png", ""),
    ],
)
def test_scopes_of_uploads(maya, sandbox, scope, mime, missing):
    client = Client(sandbox, scope)
    token = client.sign_in(maya.did)["access_token"]
    answer = client.send(
        "POST",
        maya.host,
        "/xrpc/com.atproto.repo.uploadBlob",
        token=token,
        data=png(),
        headers={"Content-Type": mime},
    )
    if missing:
        words = f'403 ScopeMissingError: Missing required scope "{missing}"'
        assert trouble(answer) == words
    else:
        good(answer)
