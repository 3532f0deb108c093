"""What the API has of its own: lists, partial edits, the story as data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from publishing.models import Attempt
from scheduling import api
from scheduling.models import Post
from tests.factories import PostFactory
from tests.scheduling.conftest import NOW, only

pytestmark = pytest.mark.usefixtures("march")


def url(group, post=None):
    if post is None:
        return reverse("scheduling:api_posts", args=[group.pk])
    return reverse("scheduling:api_post", args=[group.pk, post.pk])


def patch(client, post, **fields):
    body = {"version": post.version, **fields}
    return client.patch(url(post.group, post), body, content_type="application/json")


def errors(response):
    return [(error["code"], error["field"]) for error in response.json()["errors"]]


def test_post_with_its_story(alice, make_post):
    """R-F11: the same story as on the page."""
    post = make_post("failed", target={"details": "code 9", "reason_field": "text"})
    Attempt.objects.create(
        target=only(post), fence=1, step="send", outcome="refused", http_status=400
    )
    found = alice.get(url(post.group, post)).json()
    (target,) = found["targets"]
    assert (found["state"], found["version"]) == ("failed", 1)
    assert target["reason"] == {
        "code": "",
        "message": "Words refused the text.",
        "field": "text",
        "details": "code 9",
    }
    assert target["story"][0]["title"] == "Words refused the post"
    assert target["story"][0]["http_status"] == 400


def test_nothing_secret_is_in_an_answer(alice, make_post, words):
    """R-D2: no token, sealed or open."""
    text = alice.get(url(words.group, make_post())).content.decode()
    assert "canary" not in text
    assert words.connection.sealed not in text


def test_created_post_comes_back_whole(alice, cast, words):
    body = {
        "text": "Hi",
        "mode": "schedule",
        "wall_at": "2026-03-05T10:00",
        "variations": [{"profile_id": str(words.pk)}],
    }
    response = alice.post(url(cast.group), body, content_type="application/json")
    found = response.json()
    assert response.status_code == 201
    assert found["scheduled_at"] == "2026-03-05T09:00:00Z"
    assert (found["wall_at"], found["zone"]) == ("2026-03-05T10:00", "Europe/Berlin")


def test_another_zone_can_be_named(alice, cast, words):
    body = {
        "text": "Hi",
        "mode": "schedule",
        "wall_at": "2026-03-05T10:00",
        "zone": "America/New_York",
        "variations": [{"profile_id": str(words.pk)}],
    }
    found = alice.post(url(cast.group), body, content_type="application/json").json()
    assert found["scheduled_at"] == "2026-03-05T15:00:00Z"


def test_patch_of_the_text_leaves_the_rest(alice, make_post, photo):
    post = make_post(
        items=[photo],
        target={"text": "Own"},
        scheduled_at=datetime(2026, 3, 5, 9, 0, tzinfo=UTC),
    )
    found = patch(alice, post, text="New").json()
    assert (found["text"], found["wall_at"]) == ("New", "2026-03-05T10:00")
    assert found["media"] == [str(photo.pk)]
    assert found["targets"][0]["text"] == "Own"


def test_patch_of_a_draft_keeps_it_a_draft(alice, make_post):
    """R-F2: editing is not scheduling."""
    found = patch(alice, make_post("draft"), text="New").json()
    assert found["state"] == "draft"


def test_patch_needs_the_version(alice, make_post):
    post = make_post()
    response = alice.patch(
        url(post.group, post), {"text": "x"}, content_type="application/json"
    )
    assert errors(response) == [("required", "version")]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, ("required", "mode")),
        ({"mode": "soon"}, ("invalid_choice", "mode")),
        ({"mode": "draft", "text": {}}, ("invalid", "text")),
        ({"mode": "draft", "media": ["x"]}, ("invalid", "media.0")),
        (
            {"mode": "draft", "variations": [{}]},
            ("required", "variations.0.profile_id"),
        ),
        ({"mode": "draft", "variations": {}}, ("not_a_list", "variations")),
        ([], ("invalid", "")),
    ],
)
def test_shape_is_refused_in_one_shape(alice, cast, body, found):
    response = alice.post(url(cast.group), body, content_type="application/json")
    assert response.status_code == 400
    assert errors(response) == [found]


def test_broken_json_is_no_server_error(alice, cast):
    """R-I5: what comes in is untrusted."""
    response = alice.post(url(cast.group), "{", content_type="application/json")
    assert response.status_code == 400


def test_list_is_by_time_with_undated_drafts_last(alice, cast):
    for days in (2, 1):
        PostFactory(
            group=cast.group, text=f"{days}", scheduled_at=NOW + timedelta(days=days)
        )
    PostFactory(group=cast.group, text="undated", scheduled_at=None)
    found = alice.get(url(cast.group)).json()
    assert [post["text"] for post in found["posts"]] == ["1", "2", "undated"]
    assert found["next"] is None


def test_list_by_range_of_clock_times(alice, cast):
    PostFactory(group=cast.group, scheduled_at=datetime(2026, 3, 5, 23, 30, tzinfo=UTC))
    inside = {"from": "2026-03-06T00:00", "to": "2026-03-07T00:00"}
    before = {"from": "2026-03-05T00:00", "to": "2026-03-06T00:00"}
    assert len(alice.get(url(cast.group), inside).json()["posts"]) == 1
    assert alice.get(url(cast.group), before).json()["posts"] == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "x"}, "from"),
        ({"to": "2026-13-01T00:00"}, "to"),
        ({"page": "0"}, "page"),
    ],
)
def test_senseless_query_is_told(alice, cast, query, field):
    response = alice.get(url(cast.group), query)
    assert response.status_code == 400
    assert errors(response)[0][1] == field


def test_pages(alice, cast, monkeypatch):
    monkeypatch.setattr(api, "PAGE", 2)
    for hours in range(3):
        PostFactory(group=cast.group, scheduled_at=NOW + timedelta(hours=hours))
    first = alice.get(url(cast.group)).json()
    second = alice.get(url(cast.group), {"page": first["next"]}).json()
    ids = [post["id"] for post in first["posts"] + second["posts"]]
    assert (len(set(ids)), second["next"]) == (3, None)


def test_list_costs_the_same_however_long(alice, cast, make_post, photo):
    counts = []
    for _ in range(2):
        make_post(items=[photo])
        with CaptureQueriesContext(connection) as queries:
            alice.get(url(cast.group))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_deleted_posts_are_not_listed(alice, cast, make_post):
    make_post(deleted_at=NOW)
    assert alice.get(url(cast.group)).json()["posts"] == []


def test_options_are_kept(alice, cast, words):
    row = {"profile_id": str(words.pk), "options": {"langs": ["de"]}}
    body = {"text": "Hi", "mode": "draft", "variations": [row]}
    alice.post(url(cast.group), body, content_type="application/json")
    assert only(Post.objects.get()).options == {"langs": ["de"]}


def test_too_many_options_are_refused(alice, cast, words):
    options = {str(number): number for number in range(51)}
    row = {"profile_id": str(words.pk), "options": options}
    body = {"text": "Hi", "mode": "draft", "variations": [row]}
    response = alice.post(url(cast.group), body, content_type="application/json")
    assert errors(response) == [("invalid", "variations.0.options")]
