"""The library's page and an item's: filters, plain forms, who may do what."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role
from core import clock
from media.models import MediaItem
from tests.factories import MediaItemFactory, PostFactory, PostMediaFactory
from tests.people import Cast
from tests.support import files

pytestmark = pytest.mark.django_db
HTML = {"Accept": "text/html,application/xhtml+xml"}
HTMX = {"HX-Request": "true"}


def library(cast: Cast, query: str = "") -> str:
    return reverse("media:library", args=[cast.group.pk]) + query


def page_of(item: MediaItem) -> str:
    return reverse("media:edit", args=[item.group_id, item.pk])


def shown(client: Client, url: str) -> list[str]:
    return [item.name for item in client.get(url).context["page"]]


def item_in(cast: Cast, name: str = "a.jpg", **fields: Any) -> MediaItem:
    item: MediaItem = MediaItemFactory(group=cast.group, name=name, **fields)
    return item


def used_item(cast: Cast, name: str = "used.jpg", **post: Any) -> MediaItem:
    item = item_in(cast, name)
    PostMediaFactory(post=PostFactory(group=cast.group, **post), item=item)
    return item


def send(client: Client, cast: Cast, *contents: tuple[str, bytes]) -> Any:
    url = reverse("media:upload", args=[cast.group.pk])
    sent = [SimpleUploadedFile(name, content) for name, content in contents]
    return client.post(url, {"file": sent}, follow=True, headers=HTML)


def test_an_empty_library_says_what_it_is_for(alice: Client, cast: Cast) -> None:
    answer = alice.get(library(cast))
    assert b"No photos or videos yet" in answer.content
    assert b'id="media-files"' in answer.content


def test_the_newest_file_comes_first(alice: Client, cast: Cast) -> None:
    item_in(cast, "older.jpg")
    item_in(cast, "newer.jpg")
    assert shown(alice, library(cast)) == ["newer.jpg", "older.jpg"]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?q=hill", ["clip.mp4", "hills.jpg"]),
        ("?q=dusk", ["hills.jpg"]),
        ("?kind=video", ["clip.mp4"]),
        ("?kind=image&q=HILL", ["hills.jpg"]),
        ("?used=yes", ["used.jpg"]),
        ("?used=no&kind=image", ["hills.jpg"]),
        ("?kind=nonsense&used=perhaps", ["clip.mp4", "hills.jpg", "used.jpg"]),
    ],
)
def test_the_address_narrows_the_library(
    alice: Client, cast: Cast, query: str, names: list[str]
) -> None:
    """R-E4: search, alt text, used or not."""
    used_item(cast)
    item_in(cast, "hills.jpg", alt_text="Hills at dusk")
    item_in(cast, "clip.mp4", kind="video", mime="video/mp4", alt_text="Over the hill")
    assert shown(alice, library(cast, query)) == names


def test_a_search_without_a_find_leads_back(alice: Client, cast: Cast) -> None:
    item_in(cast)
    assert b"Show everything" in alice.get(library(cast, "?q=nothing")).content


def test_a_fragment_comes_for_htmx_with_a_clean_address(
    alice: Client, cast: Cast
) -> None:
    item_in(cast)
    answer = alice.get(library(cast, "?q=a&kind=&used="), headers=HTMX)
    assert b"<html" not in answer.content
    assert answer["HX-Replace-Url"] == library(cast, "?q=a")
    assert "HX-Request" in answer["Vary"]


def test_pages_keep_the_filter(alice: Client, cast: Cast) -> None:
    for number in range(61):
        item_in(cast, f"n{number}.jpg")
    first = alice.get(library(cast, "?kind=image"))
    assert b'href="?kind=image&amp;page=2"' in first.content
    assert len(shown(alice, library(cast, "?kind=image&page=2"))) == 1


def test_the_page_costs_the_same_with_many_files(
    alice: Client, cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        used_item(cast, f"n{number}.jpg")
    with django_assert_max_num_queries(9):
        alice.get(library(cast))


def test_another_groups_files_are_not_there(
    alice: Client, charlie: Client, cast: Cast
) -> None:
    """R-B1."""
    MediaItemFactory(group=cast.charlies_group, name="theirs.jpg")
    assert shown(alice, library(cast)) == []
    assert charlie.get(library(cast)).status_code == 404
    assert charlie.get(page_of(item_in(cast))).status_code == 404
    delete = reverse("media:delete", args=[cast.group.pk, uuid4()])
    assert charlie.post(delete).status_code == 404


def test_a_plain_form_uploads_several_and_tells_of_each(
    alice: Client, cast: Cast
) -> None:
    """R-E4: without scripts; a bad file doesn't keep the good one out."""
    answer = send(alice, cast, ("a.jpg", files.small_jpeg()), ("b.jpg", b"x" * 40))
    said = [str(message) for message in answer.context["messages"]]
    assert said[0] == "a.jpg added."
    assert said[1].startswith("b.jpg: This isn't a photo or video")
    assert shown(alice, library(cast)) == ["a.jpg"]


def test_a_plain_form_without_a_file_is_told(alice: Client, cast: Cast) -> None:
    said = send(alice, cast).context["messages"]
    assert [str(message) for message in said] == ["Choose a file first."]


def test_an_item_tells_its_uses_and_where_it_fits(alice: Client, cast: Cast) -> None:
    item = used_item(cast, text="A walk in the hills")
    answer = alice.get(page_of(item))
    assert [use.text for use in answer.context["uses"]] == ["A walk in the hills"]
    fits = {fit.platform: fit for fit in answer.context["fits"]}
    assert all(fit.kinds for fit in fits.values())
    assert b"be deleted while a post uses it" in answer.content


def test_what_a_platform_refuses_says_why(alice: Client, cast: Cast) -> None:
    item = item_in(cast, kind="video", mime="video/quicktime", size=10**10)
    answer = alice.get(page_of(item))
    refused = [fit for fit in answer.context["fits"] if not fit.kinds]
    assert refused
    assert all(fit.reason in answer.content.decode() for fit in refused)
    assert not any(fit.reason.startswith("The file:") for fit in refused)


def test_alt_text_is_saved_by_a_plain_form(alice: Client, cast: Cast) -> None:
    item = item_in(cast)
    answer = alice.post(page_of(item), {"alt_text": "Hills"}, follow=True, headers=HTML)
    assert answer.redirect_chain == [(page_of(item), 302)]
    assert b"Alt text saved." in answer.content


def test_alt_text_that_is_too_long_comes_back_with_the_reason(
    alice: Client, cast: Cast
) -> None:
    item = item_in(cast)
    answer = alice.post(page_of(item), {"alt_text": "x" * 2_001}, headers=HTMX)
    assert answer.status_code == 422
    assert b"1 too many" in answer.content
    assert b"x" * 2_001 in answer.content


def test_a_viewer_looks_but_finds_nothing_to_press(bob: Client, cast: Cast) -> None:
    """R-A6."""
    Membership.objects.filter(user=cast.bob).update(role=Role.VIEWER)
    item = item_in(cast, alt_text="Hills")
    assert b'id="media-files"' not in bob.get(library(cast)).content
    page = bob.get(page_of(item)).content
    assert (b"Hills" in page, b"<textarea" in page, b"Delete" in page) == (
        True,
        False,
        False,
    )


def test_deleting_says_so_and_a_used_file_is_refused(alice: Client, cast: Cast) -> None:
    free, used = item_in(cast), used_item(cast)
    delete = [
        reverse("media:delete", args=[cast.group.pk, item.pk]) for item in (free, used)
    ]
    assert b"a.jpg deleted." in alice.post(delete[0], follow=True).content
    refusal = alice.post(delete[1])
    assert (refusal.status_code, b"used in a post" in refusal.content) == (409, True)


def test_a_deleted_post_lets_go_of_its_files(alice: Client, cast: Cast) -> None:
    item = used_item(cast, deleted_at=clock.now())
    assert shown(alice, library(cast, "?used=no")) == ["used.jpg"]
    alice.post(reverse("media:delete", args=[cast.group.pk, item.pk]))
    assert not MediaItem.objects.exists()
