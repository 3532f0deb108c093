"""R-F11, R-J1: pages and API refuse alike, for the same reason, beside the same field."""

from __future__ import annotations

from uuid import uuid4

import pytest

from profiles.states import ConnectionState
from scheduling.models import Post
from tests.conftest import signed_in
from tests.factories import MediaItemFactory, ProfileFactory
from tests.scheduling.conftest import NOW, only
from tests.scheduling.doors import Api, Pages

pytestmark = pytest.mark.usefixtures("march")

SOON = "2026-03-05T10:00"


@pytest.fixture(params=[Pages, Api], ids=["pages", "api"])
def door(request, alice):
    return request.param(alice)


@pytest.fixture
def as_door(door):
    """The same door for somebody else."""
    return lambda user: type(door)(signed_in(user))


# What is accepted


def test_schedules(door, cast, words):
    found = door.create(cast.group, words.pk, wall=SOON)
    assert found.status in (200, 201)
    assert only(Post.objects.get()).state == "scheduled"


def test_saves_a_draft_without_profile_or_time(door, cast):
    assert door.create(cast.group, mode="draft").status in (200, 201)
    assert Post.objects.get().scheduled_at is None


def test_publishes_now(door, cast, words):
    door.create(cast.group, words.pk, mode="now")
    assert only(Post.objects.get()).next_at == NOW


def test_keeps_variation_kind_and_files(door, cast, gallery, photo):
    what = {"own": "Only here", "kind": "image", "media": [photo.pk]}
    door.create(cast.group, gallery.pk, wall=SOON, **what)
    target = only(Post.objects.get())
    assert (target.text, target.kind) == ("Only here", "image")
    assert target.post.attachments.get().item == photo


def test_line_ends_count_once(door, cast, words):
    """R-E2: a browser sends two characters for a line's end, people count one."""
    text = "a\r\n" + "b" * 298
    assert door.create(cast.group, words.pk, wall=SOON, text=text).status in (200, 201)
    assert Post.objects.get().text == "a\n" + "b" * 298


@pytest.mark.parametrize("text", ["nul \0 byte", "lone \ud800 surrogate"])
def test_what_no_database_holds_is_no_server_error(door, cast, words, text):
    """R-I5: whatever is sent."""
    text = text.encode("utf-8", "replace").decode() if type(door) is Pages else text
    found = door.create(cast.group, words.pk, wall=SOON, text=text)
    assert found.status in (200, 400)


def test_edits(door, make_post, words):
    post = make_post()
    assert door.edit(post, words.pk, text="New", wall=SOON).status == 200
    post.refresh_from_db()
    assert post.text == "New"


def test_moves(door, make_post):
    post = make_post()
    assert door.reschedule(post, SOON).status == 200
    post.refresh_from_db()
    assert post.wall_at == SOON


def test_deletes(door, make_post):
    post = make_post()
    assert door.delete(post).status in (204, 302)
    assert not Post.objects.alive().exists()


def test_retries(door, make_post):
    post = make_post("failed")
    assert door.resume(post).status in (200, 302)
    assert only(post).state == "scheduled"


@pytest.mark.parametrize(
    ("verdict", "state"), [("out", "published"), ("again", "scheduled")]
)
def test_settles(door, make_post, verdict, state):
    post = make_post("unconfirmed")
    assert door.settle(post, verdict).status in (200, 302)
    assert only(post).state == state


# What is refused, and where the message stands


def test_no_profile(door, cast):
    found = door.create(cast.group, wall=SOON)
    assert (found.status, found.errors) == (400, [("profile_missing", "profiles")])
    assert found.messages == ["Choose at least one profile."]


@pytest.mark.parametrize(
    ("wall", "code"),
    [
        ("2026-02-27T10:00", "time_past"),
        ("", "time_missing"),
        ("2026-02-31T10:00", "time_malformed"),
        ("9999-01-01T00:00", "time_too_far"),
    ],
)
def test_bad_time(door, cast, words, wall, code):
    found = door.create(cast.group, words.pk, wall=wall)
    assert (found.status, found.errors) == (400, [(code, "wall_at")])


def test_caption_over_the_limit(door, cast, words):
    found = door.create(cast.group, words.pk, wall=SOON, text="x" * 301)
    assert found.errors == [("text_too_long", "text")]
    assert found.messages == ["Words takes 300 characters; this is 1 too many."]


def test_variation_over_the_limit(door, cast, words):
    found = door.create(cast.group, words.pk, wall=SOON, own="x" * 301)
    assert found.errors == [("text_too_long", f"variations.{words.pk}.text")]


def test_text_only_where_a_file_is_needed(door, cast, gallery):
    """R-E3: said in words before it is scheduled."""
    found = door.create(cast.group, gallery.pk, wall=SOON)
    assert found.errors == [("media_missing", "media")]


def test_file_that_does_not_fit(door, cast, gallery):
    tall = MediaItemFactory(group=cast.group, width=400, height=1_000)
    found = door.create(cast.group, gallery.pk, wall=SOON, media=[tall.pk])
    assert found.errors == [("media_ratio", "media")]


def test_unknown_kind(door, cast, words):
    found = door.create(cast.group, words.pk, wall=SOON, kind="poem")
    assert found.errors == [("kind_unknown", f"variations.{words.pk}.kind")]


def test_profile_that_is_not_connected(door, cast, words):
    words.connection.state = ConnectionState.REFRESH_NEEDED
    words.connection.save()
    found = door.create(cast.group, words.pk, wall=SOON)
    assert found.errors == [("not_connected", "profiles")]


def test_strangers_profile(door, cast):
    """R-B1: nothing crosses the Access Group."""
    theirs = ProfileFactory(
        group=cast.charlies_group,
        social_set=cast.charlies_group.social_sets.create(name="C"),
        platform="words",
    )
    found = door.create(cast.group, theirs.pk, wall=SOON)
    assert found.errors == [("profile_unknown", "profiles")]


def test_strangers_file(door, cast, words):
    """R-B1: nothing crosses the Access Group."""
    theirs = MediaItemFactory(group=cast.charlies_group)
    found = door.create(cast.group, words.pk, wall=SOON, media=[theirs.pk])
    assert found.errors == [("media_unknown", "media")]


def test_stale_version(door, make_post, words):
    post = make_post()
    door.edit(post, words.pk, wall=SOON)
    found = door.edit(post, words.pk, wall=SOON, version=1)
    assert (found.status, found.errors) == (400, [("stale", "version")])


def test_published_post_can_not_be_edited(door, make_post, words):
    found = door.edit(make_post("published"), words.pk, wall=SOON)
    assert found.errors == [("published", "")]


@pytest.mark.parametrize("state", ["sending", "processing"])
def test_nothing_moves_while_the_platform_has_it(door, make_post, words, state):
    post = make_post(state)
    answers = [
        door.edit(post, words.pk, wall=SOON),
        door.reschedule(post, SOON),
        door.delete(post),
    ]
    assert [found.errors for found in answers] == [[("publishing_now", "")]] * 3


def test_published_post_can_not_be_moved_or_deleted(door, make_post):
    post = make_post("published")
    assert door.reschedule(post, SOON).errors == [("published", "")]
    assert door.delete(post).errors == [("published", "")]


def test_move_to_the_past(door, make_post):
    found = door.reschedule(make_post(), "2026-02-27T10:00")
    assert found.errors == [("time_past", "wall_at")]


def test_retry_of_what_did_not_fail(door, make_post):
    assert door.resume(make_post("published")).errors == [("not_retryable", "")]


def test_settling_what_is_settled(door, make_post):
    assert door.settle(make_post("published"), "out").errors == [("settled", "")]


def test_settling_with_a_bad_link(door, make_post):
    found = door.settle(make_post("unconfirmed"), "out", "javascript:alert(1)")
    assert found.errors == [("link_malformed", "link")]


def test_settling_with_nonsense(door, make_post):
    found = door.settle(make_post("unconfirmed"), "maybe")
    assert (found.status, found.errors[0][1]) == (400, "verdict")


# Who


def test_viewer_may_look_but_not_act(as_door, cast, viewer, make_post, words):
    """R-A6: the role decides, whichever door."""
    door, post = as_door(viewer), make_post()
    answers = [
        door.create(cast.group, words.pk, wall=SOON),
        door.edit(post, words.pk, wall=SOON),
        door.reschedule(post, SOON),
        door.delete(post),
    ]
    assert [found.errors for found in answers] == [[("may_not_schedule", "")]] * 4


def test_team_member_may(as_door, cast, make_post, words):
    """R-A6: members schedule."""
    door = as_door(cast.bob)
    assert door.create(cast.group, words.pk, wall=SOON).status in (200, 201)


def test_stranger_finds_nothing(as_door, cast, make_post, words):
    """R-B1: 404, not 403: a stranger can't tell what is there."""
    door, post = as_door(cast.charlie), make_post("failed")
    answers = [
        door.create(cast.group, words.pk, wall=SOON),
        door.edit(post, words.pk, wall=SOON),
        door.reschedule(post, SOON),
        door.delete(post),
        door.resume(post),
        door.settle(post, "out"),
    ]
    assert {found.status for found in answers} == {404}


def test_post_is_not_found_through_another_group(as_door, cast, make_post):
    """R-B1: an id alone opens nothing, not even through one's own group."""
    post = make_post()
    post.group = cast.charlies_group
    door = as_door(cast.charlie)
    assert door.delete(post).status == 404


def test_deleted_post_is_gone(door, make_post, words):
    post = make_post()
    door.delete(post)
    assert door.edit(post, words.pk, wall=SOON).status == 404


def test_ids_of_nothing(door, make_post, words):
    post = make_post()
    post.pk = uuid4()
    assert door.reschedule(post, SOON).status == 404
