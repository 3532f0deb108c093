"""Comments: the first one, answers, hiding, and what goes wrong with them."""

from __future__ import annotations

import pytest

from tests.sandbox.instagram.graph import good, refusal

READ = "id,text,username,from,timestamp,hidden,parent_id,replies{id,text}"


@pytest.fixture
def media(sandbox, either):
    sandbox.set(fetch_media=False)
    return either.publish(either.create(image_url="http://127.0.0.1/x.jpg"))


def comments(profile, media):
    return good(profile.get(f"{media}/comments", fields=READ))["data"]


def test_a_first_comment_is_there_once_and_our_own(either, media):
    ident = good(either.post(f"{media}/comments", message="More #tags"))["id"]
    [row] = comments(either, media)
    assert (row["id"], row["text"]) == (ident, "More #tags")
    assert (row["username"], row["from"]["id"]) == ("lena.studio", either.id)


def test_asking_for_fields_makes_the_comment_and_fails(either, media):
    answer = either.post(f"{media}/comments", message="Twice?", fields="id")
    assert refusal(answer) == (20, 1772107)
    assert [row["text"] for row in comments(either, media)] == ["Twice?"]


def test_a_follower_comments_and_is_answered(sandbox, either, media):
    wish = {"kind": "comment", "media": media, "text": "Lovely", "username": "sam"}
    theirs = sandbox.post_directly("instagram", "lena.studio", **wish)["id"]
    ours = good(either.post(f"{theirs}/replies", message="Thanks"))["id"]
    [row] = comments(either, media)
    assert row["username"] == "sam"
    assert row["replies"]["data"] == [{"id": ours, "text": "Thanks"}]
    [reply] = good(either.get(f"{theirs}/replies", fields="id,parent_id"))["data"]
    assert reply == {"id": ours, "parent_id": theirs}


def test_an_answer_to_an_answer_stays_on_the_first_level(either, media):
    first = good(either.post(f"{media}/comments", message="One"))["id"]
    second = good(either.post(f"{first}/replies", message="Two"))["id"]
    third = good(either.post(f"{second}/replies", message="Three"))["id"]
    assert good(either.get(third, fields="parent_id"))["parent_id"] == first


def test_hiding_and_deleting(either, media):
    ident = good(either.post(f"{media}/comments", message="Oops"))["id"]
    assert good(either.post(ident, hide="true")) == {"success": True}
    assert comments(either, media)[0]["hidden"] is True
    assert good(either.delete(ident)) == {"success": True}
    assert comments(either, media) == []


def test_comments_can_be_switched_off(either, media):
    assert good(either.post(media, comment_enabled="false")) == {"success": True}
    assert refusal(either.post(f"{media}/comments", message="Hm")) == (100, 0)


def test_stories_take_no_comments(lena, sandbox):
    sandbox.set(fetch_media=False)
    form = {"media_type": "STORIES", "image_url": "http://127.0.0.1/x.jpg"}
    story = lena.publish(lena.create(**form))
    assert refusal(lena.post(f"{story}/comments", message="Hm")) == (100, 0)


def test_the_permission_for_comments_is_its_own(sandbox, lena):
    sandbox.set(fetch_media=False)
    media = lena.publish(lena.create(image_url="http://127.0.0.1/x.jpg"))
    name = "instagram_business_manage_comments"
    sandbox.remove_permissions("instagram", lena.id, name)
    assert refusal(lena.get(f"{media}/comments")) == (10, 0)
    assert refusal(lena.post(f"{media}/comments", message="Hm")) == (10, 0)


def test_what_we_say_is_in_the_ledger(sandbox, either, media):
    ident = good(either.post(f"{media}/comments", message="More #tags"))["id"]
    wish = {"kind": "comment", "media": media, "text": "Lovely"}
    sandbox.post_directly("instagram", "lena.studio", **wish)
    [row] = [row for row in sandbox.ledger("instagram") if row["kind"] == "comment"]
    assert (row["remote_id"], row["text"]) == (ident, "More #tags")
    assert row["extra"] == {"media": media, "parent": ""}


def test_a_fresh_comment_may_be_listed_late(sandbox, either, media):
    sandbox.set(**{"instagram.comment_listing_delay_ms": 15_000})
    good(either.post(f"{media}/comments", message="More #tags"))
    assert comments(either, media) == []
    sandbox.advance(20)
    assert len(comments(either, media)) == 1


def test_who_wrote_it_may_be_withheld(sandbox, either, media):
    sandbox.set(**{"instagram.comment_authors": False})
    good(either.post(f"{media}/comments", message="More #tags"))
    assert refusal(either.get(f"{media}/comments", fields=READ)) == (100, 0)
    [row] = good(either.get(f"{media}/comments", fields="id,username"))["data"]
    assert row["username"] == "lena.studio"


def test_no_page_of_comments_holds_more_than_fifty(sandbox, either, media):
    for number in range(52):
        wish = {"kind": "comment", "media": media, "text": f"No {number}"}
        sandbox.post_directly("instagram", "lena.studio", **wish)
    page = good(either.get(f"{media}/comments", fields="id", limit="100"))
    after = page["paging"]["cursors"]["after"]
    rest = good(either.get(f"{media}/comments", fields="id", after=after))
    assert [len(page["data"]), len(rest["data"])] == [50, 2]
    assert "next" not in rest["paging"]
