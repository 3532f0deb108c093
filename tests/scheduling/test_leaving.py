"""Disconnecting a profile that posts still need: what becomes of them (R-D7)."""

from __future__ import annotations

import pytest

from core import clock
from core.errors import DomainError, DomainErrors
from platforms import registry
from platforms.limits import Quota
from profiles.actions.remove import remove
from profiles.actions.sets import create_set
from profiles.hooks import Clearing
from profiles.models import SocialProfile
from profiles.states import ConnectionState
from scheduling import leaving
from scheduling.models import Post, Target
from scheduling.states import TargetState
from tests.factories import ProfileFactory, TargetFactory
from tests.scheduling.conftest import only


@pytest.fixture(autouse=True)
def _no_queue(monkeypatch):
    monkeypatch.setattr("profiles.actions.remove.enqueue", lambda *_: None)


@pytest.fixture
def heir(cast):
    place = create_set(group=cast.group, actor=cast.alice, name="Second")
    return ProfileFactory(
        group=cast.group, social_set=place, platform="words", handle="bea"
    )


def leave(cast, profile, way, heir=""):
    clearing = Clearing(way, str(getattr(heir, "pk", heir)))
    remove(profile=profile, actor=cast.alice, clearing=clearing)


def on(post, profile, state="scheduled", **columns):
    return TargetFactory(post=post, profile=profile, state=state, **columns)


def gone(profile) -> bool:
    return not SocialProfile.objects.active().filter(pk=profile.pk).exists()


def test_they_can_be_deleted_in_the_same_step(make_post, words, cast):
    """R-D7: none is sent, and each tells who did it and why."""
    post = make_post()
    leave(cast, words, "delete")
    post.refresh_from_db()
    assert (gone(words), only(post).state) == (True, TargetState.CANCELLED)
    assert post.deleted_at is not None
    event = post.events.get()
    assert (event.actor, event.text) == (
        cast.alice,
        "Deleted for @alice, to disconnect it.",
    )


def test_a_deleted_one_stays_on_its_other_profiles(make_post, words, gallery, cast):
    post = make_post()
    other = on(post, gallery)
    leave(cast, words, "delete")
    post.refresh_from_db()
    other.refresh_from_db()
    assert (post.deleted_at, other.state) == (None, TargetState.SCHEDULED)


def test_what_is_out_in_part_stays_out_and_ends_there(make_post, words, cast):
    part = {"parts_out": [{"id": "1", "url": ""}], "published_at": clock.now()}
    post = make_post("held", target=part)
    leave(cast, words, "delete")
    post.refresh_from_db()
    assert (post.deleted_at, only(post).state) == (None, TargetState.PUBLISHED)


def test_they_can_be_turned_into_drafts(make_post, words, cast):
    """R-D7: text, files and day are kept, nothing is due any more."""
    post = make_post(text="Keep me")
    leave(cast, words, "draft")
    target = only(post)
    assert (target.state, target.next_at, target.due_at) == ("draft", None, None)
    assert Post.objects.alive().get().text == "Keep me"


def test_a_draft_of_a_shared_post_is_one_of_its_own(
    make_post, words, gallery, cast, photo
):
    post = make_post(items=[photo], text="For both")
    on(post, gallery)
    leave(cast, words, "draft")
    draft = Target.objects.get(profile=words)
    assert draft.post_id != post.pk
    assert (draft.state, draft.post.text) == (TargetState.DRAFT, "For both")
    assert [row.item for row in draft.post.attachments.all()] == [photo]
    assert [row.state for row in post.targets.all()] == [TargetState.SCHEDULED]


def test_they_can_go_to_another_profile_of_the_platform(make_post, words, heir, cast):
    """R-D7: by the person's choice; same text, same moment, same answerer."""
    post = make_post(target={"text": "Own words", "options": {"tone": "warm"}})
    before = only(post)
    leave(cast, words, "move", heir)
    target = post.targets.get(profile=heir)
    assert (target.state, target.text, target.options) == (
        TargetState.SCHEDULED,
        "Own words",
        {"tone": "warm"},
    )
    assert (target.due_at, target.next_at) == (before.due_at, before.next_at)
    assert post.targets.get(profile=words).state == TargetState.CANCELLED
    assert post.events.get().text == "Moved from @alice to @bea."


def test_what_was_on_hold_stays_on_hold_there(make_post, words, heir, cast):
    """R-F8: nothing old goes out unasked."""
    post = make_post("missed", target={"reason": "Its time passed."})
    leave(cast, words, "move", heir)
    target = post.targets.get(profile=heir)
    assert (target.state, target.reason) == (TargetState.MISSED, "Its time passed.")


def test_a_post_that_goes_there_already_just_loses_this_one(
    make_post, words, heir, cast
):
    post = make_post()
    there = on(post, heir, text="Its own")
    leave(cast, words, "move", heir)
    there.refresh_from_db()
    assert (there.text, there.state) == ("Its own", TargetState.SCHEDULED)
    assert post.targets.exclude(state=TargetState.CANCELLED).get() == there


@pytest.mark.parametrize("state", ["scheduled", "held"])
def test_one_that_was_taken_off_there_goes_there_again(
    make_post, words, heir, cast, state
):
    post = make_post(state)
    on(post, heir, "cancelled", next_at=None)
    leave(cast, words, "move", heir)
    live = Target.objects.filter(profile=heir).exclude(state=TargetState.CANCELLED)
    assert live.get().state == state


def test_the_other_profiles_limits_hold(make_post, words, heir, cast):
    """R-D7: what doesn't fit is named, and nothing is done."""
    post = make_post(text="x" * 301)
    with pytest.raises(DomainErrors) as caught:
        leave(cast, words, "move", heir)
    (error,) = caught.value.errors
    assert error.field == "heir"
    assert error.message.startswith("“xxx")
    assert (gone(words), only(post).state) == (False, TargetState.SCHEDULED)


def test_many_that_do_not_fit_are_told_in_short(make_post, words, heir, cast):
    for _ in range(8):
        make_post(text="x" * 301)
    with pytest.raises(DomainErrors) as caught:
        leave(cast, words, "move", heir)
    assert len(caught.value.errors) == 6
    assert caught.value.errors[-1].message == "And 3 more."


def test_the_other_profiles_quota_holds_for_all_together(
    make_post, words, heir, cast, monkeypatch
):
    """R-F5."""
    kind = registry.adapter_class("words")
    monkeypatch.setattr(kind, "quota", lambda *_: Quota(posts=1, hours=24))
    make_post()
    make_post()
    with pytest.raises(DomainErrors, match="takes 1 post"):
        leave(cast, words, "move", heir)
    assert not gone(words)


def test_only_a_usable_profile_of_the_group_and_platform_takes_over(
    make_post, words, heir, gallery, cast
):
    """R-D7: offered are those that could publish; nothing else is taken."""
    make_post()
    offered = {way.key: way.heirs for way in leaving.needs(words).ways}
    assert offered["move"] == [(str(heir.pk), "@bea (Second)")]
    for wrong in (gallery, words, "", "nonsense"):
        with pytest.raises(DomainError, match="Choose the profile"):
            leave(cast, words, "move", wrong)


def test_without_another_profile_moving_is_not_offered(make_post, words, heir):
    make_post()
    heir.connection.state = ConnectionState.REFRESH_NEEDED
    heir.connection.save()
    assert [way.key for way in leaving.needs(words).ways] == ["delete", "draft"]


@pytest.mark.parametrize("way", ["draft", "move"])
def test_a_thread_that_has_begun_goes_nowhere_else(make_post, words, heir, cast, way):
    make_post("held", target={"parts_out": [{"id": "1", "url": ""}]})
    with pytest.raises(DomainError, match="out in part"):
        leave(cast, words, way, heir)


@pytest.mark.parametrize("state", ["claimed", "sending", "processing", "unconfirmed"])
def test_what_a_worker_has_in_hand_says_to_wait(make_post, words, cast, state):
    """R-D7, R-F3."""
    columns = {"processing": {"next_at": clock.now()}}.get(state, {})
    post = make_post(state, target=columns)
    assert leaving.needs(words).wait
    with pytest.raises(DomainError) as caught:
        leave(cast, words, "delete")
    assert caught.value.code == "in_flight"
    assert (gone(words), only(post).state) == (False, state)


def test_a_way_that_is_not_there_is_refused(make_post, words, cast):
    make_post()
    with pytest.raises(DomainError, match="Choose what becomes"):
        leave(cast, words, "burn")


def test_what_is_shown_is_bounded_and_counted(make_post, words):
    for _ in range(leaving.SHOWN + 3):
        make_post()
    found = leaving.needs(words)
    assert (len(found.shown), found.count, found.more) == (20, 23, 3)


def test_what_is_out_stays_with_its_name_and_address(make_post, words, cast, client):
    """R-D8: the history of published posts outlives the connection."""
    post = make_post("published", target={"permalink": "https://words.example/1"})
    remove(profile=words, actor=cast.alice)
    client.force_login(cast.alice)
    page = client.get(f"/g/{cast.group.pk}/posts/{post.pk}/").content.decode()
    assert "@alice" in page
    assert "https://words.example/1" in page


def test_many_posts_cost_no_query_each_to_be_shown(
    make_post, words, heir, django_assert_max_num_queries
):
    for _ in range(5):
        make_post()
    with django_assert_max_num_queries(4):
        leaving.needs(words)
