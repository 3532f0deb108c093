"""What a browser finds behind the addresses the API hands out."""

from __future__ import annotations

import io

import pytest
import requests
from PIL import Image

from tests.sandbox.instagram.graph import good


def local(sandbox, address):
    """A platform's address as the gateway serves it."""
    return requests.get(address.replace("https:/", sandbox.url), timeout=30)


@pytest.fixture
def permalink(lena, web):
    media = lena.publish(lena.create(image_url=web("photo.jpg"), caption="<b>Hi</b>"))
    return good(lena.get(media, fields="permalink"))["permalink"]


def test_a_permalink_shows_the_post_with_escaped_words(sandbox, permalink):
    answer = local(sandbox, permalink)
    assert answer.status_code == 200
    assert "&lt;b&gt;Hi&lt;/b&gt;" in answer.text
    assert "1080 \N{MULTIPLICATION SIGN} 1350" in answer.text


def test_the_profile_links_its_posts(sandbox, permalink):
    page = local(sandbox, "https://www.instagram.com/lena.studio/")
    assert permalink.removeprefix("https://") in page.text


def test_a_story_has_a_page_of_its_own(sandbox, lena, web):
    form = {"media_type": "STORIES", "image_url": web("photo.jpg")}
    media = lena.publish(lena.create(**form))
    address = good(lena.get(media, fields="permalink"))["permalink"]
    assert local(sandbox, address).status_code == 200


def test_pictures_are_served_at_the_addresses_the_api_gives(sandbox, lena, permalink):
    me = good(lena.get("me", fields="profile_picture_url"))
    avatar = local(sandbox, me["profile_picture_url"])
    assert Image.open(io.BytesIO(avatar.content)).size == (160, 160)
    [post] = good(lena.get(f"{lena.id}/media", fields="media_url"))["data"]
    picture = local(sandbox, post["media_url"])
    assert Image.open(io.BytesIO(picture.content)).format == "JPEG"


@pytest.mark.parametrize(
    "path", ["p/nothing/", "nobody/", "stories/lena.studio/179/", "reel/x/"]
)
def test_nothing_is_at_unknown_addresses(sandbox, path):
    assert local(sandbox, f"https://www.instagram.com/{path}").status_code == 404
