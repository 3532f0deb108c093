"""A profile that moves takes its posts along, and what is needed to publish (R-B5)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from accounts.actions.groups import create_group
from accounts.models import AccessGroup
from core import clock
from core.errors import DomainError
from media.models import MediaItem
from profiles.actions.relocate import relocate
from profiles.actions.sets import create_set
from scheduling import drafts, moving
from scheduling.actions.stop import Order, Reach, set_stop
from scheduling.models import Post, Target
from scheduling.states import TargetState
from tests.factories import PostFactory, PostMediaFactory, TargetFactory
from tests.scheduling.conftest import only
from tests.support.connected import a_photo

# What the warning says, in this order.
TOUCHED = (
    "2 scheduled posts, 1 draft, 1 published post.",
    "1 post is on other profiles here, too, and will be split",
    "1 post stays on hold",
    "1 file of these posts is copied to the library of Harbour.",
    "Posts go out at the same moment, shown there in America/New_York.",
)


@pytest.fixture
def other(cast) -> AccessGroup:
    """Another group of Alice's account; Bob is not in it."""
    return create_group(
        account=cast.group.account,
        actor=cast.alice,
        name="Harbour",
        timezone="America/New_York",
    )


@pytest.fixture
def place(cast, other):
    return create_set(group=other, actor=cast.alice, name="There")


def go(cast, profile, place):
    relocate(profile=profile, to=place, actor=cast.alice)


def test_posts_go_along_with_moment_and_state(make_post, words, cast, place, other):
    """R-B5: the same rows, so that attempts and events stay with them."""
    post = make_post()
    before = only(post)
    go(cast, words, place)
    post.refresh_from_db()
    target = only(post)
    assert (post.group, target.pk, target.state) == (other, before.pk, "scheduled")
    assert (target.due_at, target.next_at) == (before.due_at, before.next_at)


@pytest.mark.parametrize("state", ["draft", "published", "failed", "held", "missed"])
def test_posts_of_every_kind_go_along(make_post, words, cast, place, other, state):
    post = make_post(state)
    go(cast, words, place)
    assert Post.objects.get(pk=post.pk).group == other
    assert only(post).state == state


def test_the_old_group_sees_nothing_of_it_at_once(make_post, words, cast, place):
    """R-B5, R-B1: Bob isn't in the new group."""
    post = make_post()
    assert Post.objects.visible_to(cast.bob).filter(pk=post.pk).exists()
    go(cast, words, place)
    assert not Post.objects.visible_to(cast.bob).filter(pk=post.pk).exists()
    assert not Target.objects.visible_to(cast.bob).filter(post=post).exists()


def test_files_are_copied_and_the_originals_stay(cast, make_post, words, place, other):
    """R-B5: not the media items; a moved post still has all it needs to go out."""
    photo = a_photo(cast)
    post = make_post(items=[photo])
    go(cast, words, place)
    copy = post.attachments.get().item
    assert (copy.group, copy.sha256) == (other, photo.sha256)
    assert Path(copy.file.path).read_bytes() == Path(photo.file.path).read_bytes()
    assert MediaItem.objects.get(pk=photo.pk).group == cast.group
    assert drafts.build(only(post)).media[0].read()


def test_a_copied_file_outlives_the_original(cast, make_post, words, place, client):
    """The library of the old group may be emptied: what moved is not touched."""
    photo = a_photo(cast)
    post = make_post(items=[photo])
    go(cast, words, place)
    client.force_login(cast.alice)
    client.post(f"/g/{cast.group.pk}/media/{photo.pk}/delete/")
    assert not MediaItem.objects.filter(pk=photo.pk).exists()
    item = post.attachments.get().item
    assert Path(item.file.path).exists()
    thumb = client.get(f"/files/{item.group_id}/{item.pk}/thumb")
    assert thumb.status_code == 200
    thumb.close()


def test_one_file_of_two_posts_is_copied_once(cast, make_post, words, place, other):
    photo = a_photo(cast)
    make_post(items=[photo])
    make_post(items=[photo])
    go(cast, words, place)
    assert MediaItem.objects.filter(group=other).count() == 1


def test_files_pinned_to_what_is_out_are_renamed(make_post, words, cast, place, photo):
    post = make_post("published", target={"media_ids": [str(photo.pk)]})
    go(cast, words, place)
    (pinned,) = only(post).media_ids
    assert MediaItem.objects.get(pk=pinned).group == place.group


def test_a_shared_post_is_split(make_post, words, gallery, cast, place, other, photo):
    """R-B5: each group has its own; nobody's share is lost or doubled."""
    post = make_post(items=[photo], text="For both")
    stays = TargetFactory(post=post, profile=gallery)
    goes = post.targets.get(profile=words)
    go(cast, words, place)
    goes.refresh_from_db()
    stays.refresh_from_db()
    assert (stays.post.group, goes.post.group) == (cast.group, other)
    assert (goes.post.text, goes.post.scheduled_at) == ("For both", post.scheduled_at)
    assert goes.post.attachments.get().item.group == other
    assert post.attachments.get().item == photo
    assert Target.objects.count() == 2


def test_who_moves_answers_for_what_is_still_to_come(
    make_post, words, cast, place, other
):
    """R-F2: Bob has no right in the new group, so his posts would be held there."""
    coming = make_post()
    out = make_post("published")
    Post.objects.update(author=cast.bob)
    go(cast, words, place)
    assert Post.objects.get(pk=coming.pk).author == cast.alice
    assert Post.objects.get(pk=out.pk).author == cast.bob


def test_each_group_is_told_of_the_move_and_of_no_other_group(
    make_post, words, gallery, cast, place
):
    """R-G6: a group's people learn nothing of another."""
    moved, split = make_post(), make_post()
    TargetFactory(post=split, profile=gallery)
    go(cast, words, place)
    assert moved.events.get().text == "Came with @alice from another Access Group."
    went = "@alice was moved to another Access Group, with its share."
    assert split.events.get().text == went


@pytest.mark.parametrize("state", ["claimed", "sending", "unconfirmed"])
def test_what_a_worker_has_in_hand_says_to_wait(make_post, words, cast, place, state):
    """R-F3: nothing of it moves then."""
    make_post()
    make_post(state)
    with pytest.raises(DomainError) as caught:
        go(cast, words, place)
    assert caught.value.code == "in_flight"
    assert set(Post.objects.values_list("group", flat=True)) == {cast.group.pk}


def test_a_stop_over_the_profile_goes_along(make_post, words, cast, place, other):
    """R-F10: what somebody stopped stays stopped."""
    reach = Reach(group=cast.group, profile=words)
    stop = set_stop(actor=cast.alice, reach=reach, order=Order("Wait for legal."))
    go(cast, words, place)
    stop.refresh_from_db()
    assert (stop.group, stop.lifted_at) == (other, None)


def test_the_warning_names_what_is_touched(
    make_post, words, gallery, cast, other, photo
):
    """R-B5."""
    make_post(items=[photo])
    make_post("draft")
    make_post("published")
    make_post("held")
    TargetFactory(post=make_post(), profile=gallery)
    said = moving.effects(words, other)
    assert len(said) == len(TOUCHED)
    for line, words_of_it in zip(said, TOUCHED, strict=True):
        assert words_of_it in line


def test_a_stop_over_the_new_group_is_named(make_post, words, cast, other):
    make_post()
    set_stop(actor=cast.alice, reach=Reach(group=other), order=Order("Crisis."))
    assert "Publishing is stopped in Harbour" in moving.effects(words, other)[-1]


def test_deleted_posts_and_those_taken_off_stay(words, gallery, cast, place):
    deleted = PostFactory(group=cast.group, deleted_at=clock.now())
    TargetFactory(post=deleted, profile=words, state="cancelled", next_at=None)
    kept = PostFactory(group=cast.group)
    TargetFactory(post=kept, profile=words, state="cancelled", next_at=None)
    TargetFactory(post=kept, profile=gallery)
    go(cast, words, place)
    assert set(Post.objects.values_list("group", flat=True)) == {cast.group.pk}


def test_many_posts_cost_few_statements(
    words, cast, place, photo, django_assert_max_num_queries
):
    """The page doesn't hang on a profile that was used for years."""
    for number in range(30):
        at = clock.now() + timedelta(days=number + 1)
        post = PostFactory(group=cast.group, author=cast.alice, scheduled_at=at)
        PostMediaFactory(post=post, item=photo)
        TargetFactory(post=post, profile=words)
    with django_assert_max_num_queries(40):
        go(cast, words, place)
    assert Post.objects.filter(group=place.group).count() == 30
    assert not Target.objects.exclude(state=TargetState.SCHEDULED).exists()


def files_of(group) -> list[Path]:
    folder = Path(settings.MEDIA_ROOT) / str(group.pk)
    return [each for each in folder.rglob("*") if each.is_file()]


def test_a_move_that_fails_late_leaves_no_file_behind(
    make_post, words, cast, place, other, monkeypatch
):
    """R-B5: rows and files, or neither."""
    make_post(items=[a_photo(cast)])
    with monkeypatch.context() as patch, pytest.raises(DomainError, match="just"):
        patch.setattr("profiles.hooks.left", lambda *_: 1)
        go(cast, words, place)
    assert files_of(other) == []
    assert not MediaItem.objects.filter(group=other).exists()
    go(cast, words, place)
    assert files_of(other)


@pytest.mark.parametrize("page", ["", "edit/"])
def test_the_old_address_of_a_post_leads_to_the_new_one(
    make_post, words, cast, place, other, client, page
):
    """R-B5: what a notice or a mail linked to; nothing for who isn't in the group."""
    post = make_post()
    go(cast, words, place)
    old = f"/g/{cast.group.pk}/posts/{post.pk}/{page}"
    client.force_login(cast.alice)
    answer = client.get(old)
    assert answer.url == f"/g/{other.pk}/posts/{post.pk}/{page}"
    assert client.get(answer.url).status_code == 200
    client.force_login(cast.bob)
    assert client.get(old).status_code == 404
