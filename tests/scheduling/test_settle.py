from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import DomainError
from scheduling.actions.settle import Verdict, settle_target
from tests.scheduling.conftest import NOW, only

pytestmark = pytest.mark.usefixtures("march")

LINK = "https://words.example/post/1"


def settle(post, actor, verdict=Verdict.OUT, link=""):
    return settle_target(actor=actor, target=only(post), verdict=verdict, link=link)


def test_it_is_out(make_post, cast):
    """R-F4: a person looked and found it: published, with its link."""
    post = make_post("unconfirmed")
    settle(post, cast.alice, link=f" {LINK} ")
    target = only(post)
    assert (target.state, target.permalink, target.published_at) == (
        "published",
        LINK,
        target.intent_at,
    )


def test_a_part_that_is_out_leaves_the_posts_own_link(make_post, cast):
    """R-F3: the link typed is the part's; what can't follow is said to be left out."""
    part = {"id": "1", "url": LINK, "data": {}}
    columns = {
        "parts_out": [part],
        "permalink": LINK,
        "options": {"follow_ups": ["Two", "Three"]},
    }
    post = make_post("unconfirmed", target=columns)
    settle(post, cast.alice, link=f"{LINK}/2")
    assert (only(post).state, only(post).permalink) == ("published", LINK)
    assert post.events.last().text.endswith("What was to follow it is left out.")


def test_what_a_person_saw_keeps_the_connection_active(make_post, cast, words):
    """R-D5: it counts for the six weeks as if the platform had confirmed it."""
    post = make_post("unconfirmed")
    settle(post, cast.alice)
    words.refresh_from_db()
    assert words.last_published_at == only(post).published_at


def test_an_older_one_takes_nothing_back(make_post, cast, words):
    words.last_published_at = later = NOW + timedelta(days=1)
    words.save()
    settle(make_post("unconfirmed"), cast.alice)
    words.refresh_from_db()
    assert words.last_published_at == later


def test_link_is_optional(make_post, cast):
    post = make_post("unconfirmed")
    settle(post, cast.alice)
    assert (only(post).state, only(post).permalink) == ("published", "")


def test_publish_again(make_post, cast):
    """R-F3: only a person's word sends an unconfirmed post a second time."""
    post = make_post("unconfirmed", target={"prepared": {"id": "1"}})
    settle(post, cast.alice, Verdict.AGAIN)
    target = only(post)
    assert (target.state, target.next_at, target.prepared) == ("scheduled", NOW, None)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_engine_that_still_asks_loses(make_post, cast, verdict):
    """R-F3: two answers to one question: the person's counts."""
    post = make_post("unconfirmed", target={"fence": 7})
    settle(post, cast.alice, verdict)
    assert only(post).fence == 8


@pytest.mark.parametrize("state", ["published", "scheduled", "failed", "sending"])
def test_nothing_else_is_undecided(make_post, cast, state):
    post = make_post(state)
    with pytest.raises(DomainError) as caught:
        settle(post, cast.alice, Verdict.AGAIN)
    assert caught.value.code == "settled"
    assert only(post).state == state


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("javascript:alert(1)", "link_malformed"),
        ("words.example/1", "link_malformed"),
        ("ftp://words.example/1", "link_malformed"),
        (f"{LINK}?{'x' * 2_000}", "link_too_long"),
    ],
)
def test_bad_link_is_told_beside_its_field(make_post, cast, link, code):
    """R-I5: what a person pastes is untrusted."""
    post = make_post("unconfirmed")
    with pytest.raises(DomainError) as caught:
        settle(post, cast.alice, link=link)
    assert (caught.value.code, caught.value.field) == (code, "link")
    assert only(post).state == "unconfirmed"


def test_story_tells_who_decided(make_post, cast):
    """R-F11: the decision is a line of the story."""
    post = make_post("unconfirmed")
    settle(post, cast.bob)
    event = post.events.get()
    assert (event.actor, event.text) == (
        cast.bob,
        "Looked at Words and found it there.",
    )


def test_viewer_may_not(make_post, viewer):
    """R-A6: who may only look can't decide."""
    with pytest.raises(DomainError) as caught:
        settle(make_post("unconfirmed"), viewer)
    assert caught.value.code == "may_not_schedule"
