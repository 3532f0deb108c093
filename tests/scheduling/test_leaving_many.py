"""Leaving and moving with thousands of posts: a few statements, and no wait (R-D7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from accounts.actions.groups import create_group
from core import clock
from core.errors import DomainErrors
from platforms import registry
from platforms.limits import Quota
from profiles.actions.relocate import relocate
from profiles.actions.remove import remove
from profiles.actions.sets import create_set
from profiles.hooks import Clearing
from scheduling.models import Post, PostEvent, Target
from scheduling.states import LostClaim, TargetState, move_every
from tests.factories import ProfileFactory
from tests.profiles.crowd import statements
from tests.scheduling.conftest import only

# More than go into one portion.
MANY = 1_100


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch):
    monkeypatch.setattr("profiles.actions.remove.enqueue", lambda *_: None)


@pytest.fixture
def heir(cast):
    place = create_set(group=cast.group, actor=cast.alice, name="Second")
    return ProfileFactory(
        group=cast.group, social_set=place, platform="words", handle="bea"
    )


@pytest.fixture
def plan(cast, words) -> Callable[..., list[Target]]:
    def planned(count: int, *also, apart: int = 5) -> list[Target]:
        begin = clock.now() + timedelta(days=1)
        step = timedelta(minutes=apart)
        posts = Post.objects.bulk_create(
            Post(
                group=cast.group,
                author=cast.alice,
                text=f"Number {number}",
                scheduled_at=begin + number * step,
            )
            for number in range(count)
        )
        return Target.objects.bulk_create(
            Target(
                post=post,
                profile=profile,
                kind="post",
                state=TargetState.SCHEDULED,
                due_at=post.scheduled_at,
                next_at=post.scheduled_at,
            )
            for post in posts
            for profile in (words, *also)
        )

    return planned


def leave(cast, profile, way, heir=""):
    clearing = Clearing(way, str(getattr(heir, "pk", heir)))
    with statements() as found:
        remove(profile=profile, actor=cast.alice, clearing=clearing)
    return len(found)


def states(profile) -> dict[str, int]:
    rows = Target.objects.filter(profile=profile).values_list("state", flat=True)
    return {state: list(rows).count(state) for state in set(rows)}


@pytest.mark.parametrize(
    ("way", "left"),
    [("delete", "cancelled"), ("draft", "draft"), ("move", "cancelled")],
)
def test_a_thousand_posts_take_few_statements(plan, words, heir, cast, way, left):
    """R-D7: a portion of 500 costs no more than one post does."""
    plan(MANY)
    assert leave(cast, words, way, heir if way == "move" else "") < 90
    assert states(words) == {left: MANY}
    assert PostEvent.objects.count() == MANY
    if way == "move":
        assert states(heir) == {"scheduled": MANY}


def test_shared_ones_are_split_in_few_statements(plan, words, gallery, cast):
    plan(MANY, gallery)
    assert leave(cast, words, "draft") < 90
    assert (states(words), states(gallery)) == ({"draft": MANY}, {"scheduled": MANY})
    assert Post.objects.count() == 2 * MANY


def test_a_thousand_posts_move_in_few_statements(plan, words, cast):
    """R-B5."""
    other = create_group(
        account=cast.group.account, actor=cast.alice, name="Harbour", timezone="UTC"
    )
    place = create_set(group=other, actor=cast.alice, name="There")
    plan(MANY)
    with statements() as found:
        relocate(profile=words, to=place, actor=cast.alice)
    assert len(found) < 90
    assert Post.objects.filter(group=other).count() == MANY


def test_the_other_profiles_quota_is_asked_once_for_all(
    plan, words, heir, cast, monkeypatch
):
    """R-F5: those that are too many are counted, the first of them told."""
    kind = registry.adapter_class("words")
    monkeypatch.setattr(kind, "quota", lambda *_: Quota(posts=10, hours=1))
    plan(MANY)
    with statements() as found, pytest.raises(DomainErrors) as caught:
        leave(cast, words, "move", heir)
    errors = caught.value.errors
    assert [error.code for error in errors] == ["quota"] * 5 + ["more"]
    assert errors[-1].message == f"And {MANY - 5} more."
    assert len(found) < 90
    assert states(words) == {"scheduled": MANY}


def test_what_fits_the_quota_goes(plan, words, heir, cast, monkeypatch):
    """Twelve an hour, at each full one: the thirteenth lies in the next."""
    kind = registry.adapter_class("words")
    monkeypatch.setattr(kind, "quota", lambda *_: Quota(posts=12, hours=1))
    plan(30)
    leave(cast, words, "move", heir)
    assert states(heir) == {"scheduled": 30}


def test_rows_of_many_fences_move_and_each_fence_rises(make_post):
    """A worker that claimed one before has lost it."""
    targets = [only(make_post(target={"fence": number})) for number in (1, 1, 2)]
    move_every(targets, TargetState.HELD, next_at=None)
    rows = Target.objects.order_by("fence").values_list("fence", "state")
    assert list(rows) == [(2, "held"), (2, "held"), (3, "held")]
    assert sorted(target.fence for target in targets) == [2, 2, 3]


def test_one_that_moved_meanwhile_stops_them_all(make_post, transactional_db):
    targets = [only(make_post()), only(make_post())]
    Target.objects.filter(pk=targets[0].pk).update(fence=9)
    with pytest.raises(LostClaim):
        move_every(targets, TargetState.HELD, next_at=None)
