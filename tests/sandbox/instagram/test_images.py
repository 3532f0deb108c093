"""Single images: from the address to the live post."""

from __future__ import annotations

import hashlib

import pytest

from tests.sandbox.instagram.graph import good, refusal
from tests.support.files import noise, photo

NODE = "id,permalink,shortcode,media_type,media_product_type,timestamp,username"


def test_an_image_goes_live_in_four_steps(either, web):
    """Fact sheet 4.1 to 4.4, acceptance case 1."""
    container = either.create(image_url=web("photo.jpg"), caption="Hello #sun")
    assert either.settled(container)["status_code"] == "FINISHED"
    media = either.publish(container)
    node = good(either.get(media, fields=NODE))
    assert node["id"] == media != container
    assert node["permalink"] == f"https://www.instagram.com/p/{node['shortcode']}/"
    assert node["media_type"] == "IMAGE"
    assert node["media_product_type"] == "FEED"
    assert node["username"] == "lena.studio"
    assert either.status(container)["status_code"] == "PUBLISHED"


def test_the_ledger_tells_what_was_really_fetched(sandbox, lena, web):
    alt = "Two cups"
    address = web("photo.jpg")
    lena.publish(lena.create(image_url=address, caption="Cups", alt_text=alt))
    [row] = sandbox.ledger(platform="instagram", profile=lena.id)
    assert (row["kind"], row["text"], row["app"]) == ("image", "Cups", "sandbox-app")
    [media] = row["media"]
    sent = (web.folder / "photo.jpg").read_bytes()
    assert media["sha256"] == hashlib.sha256(sent).hexdigest()
    assert (media["width"], media["height"], media["size"]) == (1080, 1350, len(sent))
    assert (media["mime"], media["alt_text"]) == ("image/jpeg", alt)
    assert media["source_url"] == address


@pytest.mark.parametrize("missing", ["nothing.jpg", "moved/4/photo.jpg"])
def test_an_address_that_gives_nothing_fails_at_creation(lena, web, missing):
    answer = lena.post(f"{lena.id}/media", image_url=web(missing))
    assert refusal(answer) == (9004, 2207052)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/photo.jpg", "ftp://example.org/a.jpg", "photo.jpg"]
)
def test_unreachable_and_odd_addresses_fail_the_same_way(lena, address):
    assert refusal(lena.post(f"{lena.id}/media", image_url=address)) == (9004, 2207052)


def test_three_redirects_are_followed(lena, web):
    assert lena.create(image_url=web("moved/3/photo.jpg"))


def test_a_page_instead_of_a_picture_is_unreadable(lena, web):
    (web.folder / "wall.html").write_text("<p>Are you a robot?</p>")
    answer = lena.post(f"{lena.id}/media", image_url=web("wall.html"))
    assert refusal(answer) == (9004, 2207052)


def test_a_robots_file_may_shut_the_platform_out(sandbox, lena, web):
    """Fact sheet 9: let facebookexternalhit in."""
    sandbox.set(**{"instagram.honour_robots": True})
    assert lena.create(image_url=web("photo.jpg"))
    rules = web.folder / "robots.txt"
    rules.write_text("User-agent: facebookexternalhit\nDisallow: /photo.jpg\n")
    answer = lena.post(f"{lena.id}/media", image_url=web("photo.jpg"))
    rules.unlink()
    assert refusal(answer) == (9004, 2207052)


def test_only_jpeg_is_taken_whatever_the_name_says(lena, web):
    """Acceptance case 8."""
    photo(web.folder / "real.png").rename(web.folder / "lying.jpg")
    answer = lena.post(f"{lena.id}/media", image_url=web("lying.jpg"))
    assert refusal(answer) == (36001, 2207005)


def test_an_image_over_8_mib_is_too_large(lena, web):
    path = noise(web.folder / "large.jpg")
    assert path.stat().st_size > 8 * 1024 * 1024
    answer = lena.post(f"{lena.id}/media", image_url=web("large.jpg"))
    assert refusal(answer) == (36000, 2207004)


@pytest.mark.parametrize("size", [(1000, 1300), (1950, 1000)])
def test_ratios_outside_4_to_5_and_191_to_100_are_refused(lena, web, size):
    photo(web.folder / "odd.jpg", size)
    answer = lena.post(f"{lena.id}/media", image_url=web("odd.jpg"))
    assert refusal(answer) == (36003, 2207009)


def test_a_load_test_may_switch_the_fetching_off(sandbox, lena):
    sandbox.set(fetch_media=False)
    lena.publish(lena.create(image_url="http://127.0.0.1:9/never-asked.jpg"))
    [row] = sandbox.ledger()
    assert row["media"][0]["source_url"] == "http://127.0.0.1:9/never-asked.jpg"
