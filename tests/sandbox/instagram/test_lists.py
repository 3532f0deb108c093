"""Looking for one's own post: order, filters, delay, other hands."""

from __future__ import annotations

import time

import pytest

from tests.sandbox.instagram.graph import Graph, good, refusal


@pytest.fixture
def three(sandbox, lena):
    """Three posts, oldest first, ten seconds apart."""
    sandbox.set(fetch_media=False)
    found = []
    for number in range(3):
        form = {"image_url": "http://127.0.0.1/x.jpg", "caption": f"No {number}"}
        found.append(lena.publish(lena.create(**form)))
        sandbox.advance(10)
    return found


def media(lena, **query):
    return good(lena.get(f"{lena.id}/media", **query))


def test_the_newest_comes_first(lena, three):
    rows = media(lena, fields="id,caption,media_product_type")["data"]
    assert [row["id"] for row in rows] == three[::-1]
    assert rows[0]["caption"] == "No 2"


def test_since_and_until_bound_the_list(sandbox, lena, three):
    middle = int(time.time()) + 10
    newer = media(lena, since=middle - 2)["data"]
    assert [row["id"] for row in newer] == three[:0:-1]
    older = media(lena, until=middle - 2)["data"]
    assert [row["id"] for row in older] == three[:1]


def test_pages_follow_next_until_it_is_absent(sandbox, lena, three):
    first = media(lena, limit=2)
    assert [row["id"] for row in first["data"]] == [three[2], three[1]]
    address = first["paging"]["next"].replace("https://", f"{sandbox.url}/")
    last = good(Graph(sandbox, "", "").call("GET", "../" + address.split("/", 3)[3]))
    assert [row["id"] for row in last["data"]] == [three[0]]
    assert "next" not in last["paging"]


def test_a_wrong_cursor_is_an_invalid_parameter(lena, three):
    assert refusal(lena.get(f"{lena.id}/media", after="nowhere")) == (100, 0)


def test_a_fresh_post_may_be_missing_from_the_list_at_first(sandbox, lena, three):
    """Fact sheet 7: the listing delay is unknown, so it is a switch."""
    sandbox.set(**{"instagram.listing_delay_ms": 15_000})
    assert three[2] not in [row["id"] for row in media(lena)["data"]]
    assert good(lena.get(three[2], fields="permalink"))["permalink"]
    sandbox.advance(15)
    assert three[2] in [row["id"] for row in media(lena)["data"]]


def test_somebody_else_may_post_too(sandbox, lena, three):
    by_hand = sandbox.post_directly("instagram", lena.id, text="By hand")
    assert media(lena)["data"][0]["id"] == by_hand["id"]
    assert len(sandbox.ledger()) == 3
    assert sandbox.quota("instagram", lena.id)["used"] == 3


def test_deleting_is_for_facebook_login_with_the_permission(lena, lena_page, three):
    assert refusal(lena.delete(three[0])) == (100, 33)
    answer = good(lena_page.delete(three[0]))
    assert answer == {"success": True, "deleted_id": three[0]}
    assert refusal(lena.get(three[0], fields="id")) == (100, 33)
