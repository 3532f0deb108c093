from __future__ import annotations

import pytest

from core.errors import DomainError
from scheduling.actions.delete import delete_post
from scheduling.models import Post
from tests.factories import TargetFactory
from tests.scheduling.conftest import NOW, only, state_columns

pytestmark = pytest.mark.usefixtures("march")


@pytest.mark.parametrize(
    "state", ["draft", "scheduled", "claimed", "held", "failed", "missed"]
)
def test_deleted_post_never_goes_out(make_post, cast, state):
    """R-F2: its targets have no clock left and every claim is lost."""
    post = make_post(state)
    fence = only(post).fence
    delete_post(actor=cast.alice, post=post)
    target = only(post)
    assert (target.state, target.next_at, target.fence) == (
        "cancelled",
        None,
        fence + 1,
    )
    assert not Post.objects.alive().exists()


def test_post_without_profiles_can_be_deleted(make_post, cast):
    post = make_post("draft")
    post.targets.all().delete()
    delete_post(actor=cast.alice, post=post)
    assert not Post.objects.alive().exists()


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("published", "published"),
        ("unconfirmed", "published"),
        ("sending", "publishing_now"),
        ("processing", "publishing_now"),
    ],
)
def test_what_is_out_or_may_be_stays(make_post, cast, state, code):
    """R-E3: published posts are deleted on the platform, and that is said."""
    post = make_post(state)
    with pytest.raises(DomainError) as caught:
        delete_post(actor=cast.alice, post=post)
    assert caught.value.code == code
    assert only(post).state == state


def test_partly_published_post_loses_the_rest_only(make_post, cast, gallery):
    post = make_post("published")
    columns = {"kind": "image", **state_columns("failed")}
    TargetFactory(post=post, profile=gallery, state="failed", **columns)
    found = delete_post(actor=cast.alice, post=post)
    assert found.deleted_at is None
    states = post.targets.values_list("state", flat=True)
    assert set(states) == {"published", "cancelled"}


def test_deleting_twice_is_told(make_post, cast):
    post = make_post()
    delete_post(actor=cast.alice, post=post)
    with pytest.raises(DomainError) as caught:
        delete_post(actor=cast.bob, post=post)
    assert caught.value.code == "deleted"


def test_story_names_who_did_it(make_post, cast):
    """R-F11: deleted rows stay, and with them who deleted them."""
    post = make_post()
    delete_post(actor=cast.bob, post=post)
    event = post.events.get()
    assert (event.actor, event.text, event.at) == (cast.bob, "Deleted.", NOW)


def test_viewer_may_not(make_post, viewer):
    """R-A6: who may only look can't delete."""
    with pytest.raises(DomainError) as caught:
        delete_post(actor=viewer, post=make_post())
    assert caught.value.code == "may_not_schedule"
