from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine

from core.errors import DomainError, DomainErrors
from profiles.states import ConnectionState
from scheduling.actions.create import create_post
from scheduling.content import Content, Mode, Variation, When
from scheduling.models import Post
from scheduling.states import TargetState
from tests.factories import MediaItemFactory, ProfileFactory
from tests.scheduling.conftest import DRAFT, NOW, NOW_PLEASE, at, content, only

pytestmark = pytest.mark.usefixtures("march")

THURSDAY = at("2026-03-05T10:00")


@pytest.fixture
def create(cast):
    def act(what, when=THURSDAY, **more):
        return create_post(
            actor=cast.alice, group=cast.group, content=what, when=when, **more
        )

    return act


def refusals(create, what, when=THURSDAY):
    """(code, field) of each refusal; nothing may have been written."""
    with pytest.raises(DomainErrors) as caught:
        create(what, when)
    assert not Post.objects.exists()
    return [(error.code, error.field) for error in caught.value.errors]


def test_scheduled_post_is_due_at_its_instant(create, words):
    """R-E1: the clock time of the group's zone becomes one instant."""
    post = create(content(words))
    target = only(post)
    due = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
    assert (target.state, target.due_at) == ("scheduled", due)
    assert NOW < target.next_at < due, "the engine looks at it before its time"
    assert (post.scheduled_at, post.wall_at, post.zone) == (
        due,
        "2026-03-05T10:00",
        "Europe/Berlin",
    )


def test_draft_has_no_clock(create, words):
    """R-F2: nothing goes out that nobody scheduled."""
    target = only(create(content(words), DRAFT))
    assert (target.state, target.next_at) == ("draft", None)


def test_now_is_due_at_once(create, words):
    target = only(create(content(words), NOW_PLEASE))
    assert (target.state, target.next_at) == ("scheduled", NOW)


def test_each_profile_gets_its_variation(create, words, gallery, photo):
    """R-E2: one post, several profiles, a variation for each."""
    rows = (Variation(words.pk), Variation(gallery.pk, "For the gallery"))
    post = create(Content("For everyone", rows, (photo.pk,)))
    texts = {target.profile: target.own_text for target in post.targets.all()}
    assert texts == {words: "For everyone", gallery: "For the gallery"}


def test_files_keep_their_order(create, words, cast):
    items = MediaItemFactory.create_batch(3, group=cast.group)
    shuffled = [items[2], items[0], items[1]]
    post = create(content(words, media=shuffled))
    assert [row.item for row in post.attachments.all()] == shuffled


def test_a_file_named_twice_is_attached_once(create, words, photo):
    post = create(content(words, media=[photo, photo]))
    assert post.attachments.count() == 1


@pytest.mark.parametrize(("count", "kind"), [(1, "image"), (2, "carousel")])
def test_kind_follows_the_files(create, gallery, cast, count, kind):
    items = MediaItemFactory.create_batch(count, group=cast.group)
    assert only(create(content(gallery, media=items))).kind == kind


def test_chosen_kind_is_kept(create, gallery, photo):
    post = create(content(gallery, text="", media=[photo], kind="story"))
    assert only(post).kind == "story"


def test_form_sent_twice_makes_one_post(create, words):
    """R-F3: a double press never doubles a post."""
    key = uuid4()
    assert create(content(words), key=key) == create(content(words), key=key)
    assert Post.objects.count() == 1


def test_what_was_typed_after_a_lost_answer_counts(create, words):
    """Sent, answer lost, text mended, sent again: one post with the newer text."""
    key = uuid4()
    create(content(words, text="First"), key=key)
    post = create(content(words, text="Mended"), key=key)
    assert (Post.objects.count(), post.text, post.version) == (1, "Mended", 2)


def test_answer_that_came_after_the_time_is_still_the_answer(create, words):
    """Sent again minutes later, when it is out already: no false alarm."""
    key = uuid4()
    post = create(content(words), key=key)
    with time_machine.travel(NOW + timedelta(days=9), tick=False):
        assert create(content(words), key=key) == post


def test_another_button_after_a_lost_answer_counts(create, words):
    """Saved as a draft, answer lost, then scheduled: it is scheduled."""
    key = uuid4()
    when = When(Mode.DRAFT, THURSDAY.wall, THURSDAY.zone)
    create(content(words), when, key=key)
    assert only(create(content(words), key=key)).state == "scheduled"


def test_what_is_out_by_then_is_told(create, words):
    """R-F3: the first sending was published meanwhile: no second one, and no silence."""
    key = uuid4()
    first = create(content(words, text="First"), key=key)
    first.targets.update(state="published", published_at=NOW)
    with pytest.raises(DomainError) as caught:
        create(content(words, text="Mended"), key=key)
    assert caught.value.code == "published"


def test_key_of_somebody_elses_post_is_not_taken(create, words, cast):
    theirs = Post.objects.create(group=cast.charlies_group, text="theirs")
    mine = create(content(words), key=theirs.pk)
    assert mine.pk != theirs.pk
    theirs.refresh_from_db()
    assert theirs.text == "theirs"


def test_story_says_who_and_when(create, words):
    """R-F11: the story begins with who scheduled it."""
    event = create(content(words)).events.get()
    assert (str(event.actor), event.text) == (
        "Alice",
        "Scheduled for Thu 5 Mar, 10:00.",
    )


# Refusals


def test_no_profile(create):
    assert refusals(create, Content("Hello")) == [("profile_missing", "profiles")]


def test_draft_needs_no_profile(create):
    assert create(Content("An idea"), DRAFT).targets.count() == 0


@pytest.mark.parametrize("text", ["", "  \n "])
def test_empty_draft(create, words, text):
    assert refusals(create, content(words, text=text), DRAFT) == [("empty", "text")]


def test_past(create, words):
    when = at("2026-02-27T10:00")
    assert refusals(create, content(words), when) == [("time_past", "wall_at")]


def test_everything_wrong_is_told_at_once(create, gallery):
    """R-E2: each refusal stands beside its field, none hides another."""
    when = at("2026-02-27T10:00")
    found = refusals(create, content(gallery, text="x" * 2_201), when)
    assert found == [
        ("time_past", "wall_at"),
        ("text_too_long", "text"),
        ("media_missing", "media"),
    ]


def test_platforms_limit_in_its_own_units(create, words):
    """R-E2: a family emoji is seven code points and one character."""
    family = "👨‍👩‍👧‍👦"
    assert create(content(words, text=family * 100))
    too_long = content(words, text="é" * 301)
    with pytest.raises(DomainErrors) as caught:
        create(too_long)
    assert caught.value.message == "Words takes 300 characters; this is 1 too many."


def test_limit_stands_beside_the_variation_it_concerns(create, words):
    row = Variation(words.pk, text="x" * 301)
    found = refusals(create, Content("short", (row,)))
    assert found == [("text_too_long", f"variations.{words.pk}.text")]


def test_what_the_platform_cannot_do(create, gallery):
    """R-E3: a text alone is refused with what to add."""
    with pytest.raises(DomainErrors) as caught:
        create(content(gallery))
    assert "add a photo or a video" in caught.value.message


def test_adapters_own_rule_stands_beside_the_kind(create, gallery, photo):
    """R-C7: an adapter refuses what this kind of account can't do."""
    gallery.kind = "creator"
    gallery.save()
    found = refusals(create, content(gallery, text="", media=[photo], kind="story"))
    assert found == [("story_kind", f"variations.{gallery.pk}.kind")]


def test_bad_option_is_told_at_its_variation(create, words):
    found = refusals(create, content(words, options={"colour": "red"}))
    assert found == [("no_colour", f"variations.{words.pk}.options")]


def test_unknown_kind(create, words):
    found = refusals(create, content(words, kind="poem"))
    assert found == [("kind_unknown", f"variations.{words.pk}.kind")]


@pytest.mark.parametrize(
    "state", [ConnectionState.REFRESH_NEEDED, ConnectionState.DISCONNECTED]
)
def test_profile_that_is_not_connected(create, words, state):
    words.connection.state = state
    words.connection.save()
    assert refusals(create, content(words)) == [("not_connected", "profiles")]


def test_draft_waits_for_the_connection(create, words):
    words.connection.state = ConnectionState.REFRESH_NEEDED
    words.connection.save()
    assert only(create(content(words), DRAFT)).state == TargetState.DRAFT


@pytest.mark.parametrize(("missing", "refused"), [("figures", 0), ("write", 1)])
def test_only_a_permission_for_publishing_stops_a_post(create, words, missing, refused):
    """R-C4: permissions degrade one by one."""
    words.connection.state = ConnectionState.PERMISSIONS_MISSING
    words.connection.missing = [missing]
    words.connection.save()
    if refused:
        assert refusals(create, content(words)) == [("not_connected", "profiles")]
    else:
        assert create(content(words))


def test_strangers_profile_reads_like_an_unknown_one(create, cast):
    """R-B1: nothing crosses the Access Group."""
    theirs = ProfileFactory(
        group=cast.charlies_group,
        social_set=cast.charlies_group.social_sets.create(name="C"),
        platform="words",
    )
    nobody = Content("Hello", (Variation(uuid4()),))
    assert refusals(create, content(theirs)) == refusals(create, nobody)


def test_strangers_file_reads_like_an_unknown_one(create, words, cast):
    """R-B1: nothing crosses the Access Group."""
    theirs = MediaItemFactory(group=cast.charlies_group)
    found = refusals(create, content(words, media=[theirs]))
    assert found == [("media_unknown", "media")]


def test_removed_profile(create, words):
    words.removed_at = NOW
    words.save()
    assert refusals(create, content(words)) == [("profile_unknown", "profiles")]


def test_too_many_files(create, words, cast):
    items = MediaItemFactory.create_batch(51, group=cast.group)
    found = refusals(create, content(words, media=items), DRAFT)
    assert found == [("media_too_many", "media")]


def test_text_beyond_all_measure(create, words):
    found = refusals(create, content(words, text="x" * 100_001), DRAFT)
    assert found == [("text_far_too_long", "text")]


def test_two_profiles_of_one_platform_say_the_same_once(create, words, cast):
    second = ProfileFactory(
        group=cast.group,
        social_set=cast.group.social_sets.create(name="Second"),
        platform="words",
    )
    found = refusals(create, content(words, second, text="x" * 301))
    assert found == [("text_too_long", "text")]


def test_viewer_may_not(cast, words, viewer):
    """R-A6: who may only look can't schedule."""
    with pytest.raises(Exception, match="role in Alice Studio") as caught:
        create_post(
            actor=viewer, group=cast.group, content=content(words), when=THURSDAY
        )
    assert caught.value.code == "may_not_schedule"
