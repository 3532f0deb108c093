"""R-E5: a person marks a reminder's post as posted, on the page and by the API."""

from __future__ import annotations

import pytest

from core.errors import DomainError
from scheduling.actions.edit import edit_post
from scheduling.actions.posted import mark_posted
from scheduling.actions.reschedule import reschedule_post
from tests.conftest import signed_in
from tests.scheduling.conftest import NOW, at, content, only, url

pytestmark = pytest.mark.usefixtures("march")
LINK = "https://words.example/post/1"


@pytest.fixture
def told(make_post):
    """Its reminder went out."""
    target = {"publish_by": "reminder", "due_at": NOW, "next_at": None}
    words = "It's time to post it by hand."
    return make_post("reminder", target={**target, "reason": words})


def mark(post, actor, link=""):
    return mark_posted(actor=actor, target=only(post), link=link)


def test_it_is_done_with_its_link_and_its_story(told, cast):
    mark(told, cast.bob, f" {LINK} ")
    target = only(told)
    assert (target.state, target.permalink) == ("done", LINK)
    assert (target.published_at, target.reason) == (NOW, "")
    event = told.events.last()
    assert (event.actor, event.text) == (cast.bob, "Posted to Words by hand.")


def test_the_link_is_optional(told, cast):
    mark(told, cast.alice)
    assert (only(told).state, only(told).permalink) == ("done", "")


@pytest.mark.parametrize("state", ["scheduled", "published", "held", "draft"])
def test_nothing_else_is_marked(make_post, cast, state):
    post = make_post(state)
    with pytest.raises(DomainError, match="nothing to mark"):
        mark(post, cast.alice)
    assert only(post).state == state


def test_twice_it_is_done_once(told, cast):
    mark(told, cast.alice)
    with pytest.raises(DomainError):
        mark(told, cast.bob)
    assert told.events.count() == 1


def test_who_may_only_look_may_not_mark(told, viewer):
    with pytest.raises(DomainError) as caught:
        mark(told, viewer)
    assert caught.value.code == "may_not_schedule"


def test_a_stranger_finds_nothing(told, cast):
    answer = signed_in(cast.charlie).post(
        url("posted", cast, told.pk, only(told).pk), {"link": ""}
    )
    assert (answer.status_code, only(told).state) == (404, "reminder")


def test_the_page_offers_what_is_needed(told, cast):
    page = signed_in(cast.alice).get(url("post", cast, told.pk)).content.decode()
    assert "Mark as posted" in page
    assert "Time to post" in page
    assert "Text of the post" in page


def test_who_may_only_look_sees_no_button(told, cast, viewer):
    page = signed_in(viewer).get(url("post", cast, told.pk)).content.decode()
    assert "Mark as posted" not in page


def test_the_page_takes_it_and_shows_it_as_out(told, cast):
    client = signed_in(cast.alice)
    target = only(told)
    answer = client.post(url("posted", cast, told.pk, target.pk), {"link": LINK})
    assert answer.status_code == 302
    page = client.get(url("post", cast, told.pk)).content.decode()
    assert "Posted by hand" in page
    assert LINK in page


def test_a_bad_link_is_told_beside_its_field(told, cast):
    target = only(told)
    answer = signed_in(cast.alice).post(
        url("posted", cast, told.pk, target.pk), {"link": "javascript:alert(1)"}
    )
    assert answer.status_code == 422
    assert f'id="link-error-{target.pk}"' in answer.content.decode()
    assert only(told).state == "reminder"


def test_the_api_is_the_pages_sibling(told, cast):
    client, target = signed_in(cast.alice), only(told)
    path = url("api_posted", cast, told.pk, target.pk)
    answer = client.post(path, {"link": LINK}, content_type="application/json")
    found = answer.json()["targets"][0]
    assert (answer.status_code, found["state"]) == (200, "done")
    assert (found["permalink"], found["publish_by"]) == (LINK, "reminder")


def test_instead_it_can_get_another_time(told, cast):
    """The engine comes back to it then, once more."""
    reschedule_post(actor=cast.alice, post=told, wall="2026-03-02T10:00")
    target = only(told)
    assert (target.state, target.publish_by) == ("scheduled", "reminder")
    assert target.next_at is not None


def test_or_other_words(told, cast, words):
    wanted = content(words, text="Better words", publish_by="reminder")
    edit_post(
        actor=cast.alice,
        post=told,
        version=told.version,
        content=wanted,
        when=at("2026-03-02T10:00"),
    )
    assert (only(told).state, only(told).reason) == ("scheduled", "")


def test_what_is_done_does_not_change(told, cast, words):
    mark(told, cast.alice)
    told.refresh_from_db()
    with pytest.raises(DomainError, match="is out"):
        reschedule_post(actor=cast.alice, post=told, wall="2026-03-02T10:00")
