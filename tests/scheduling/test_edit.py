from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.errors import DomainError, DomainErrors
from profiles.states import ConnectionState
from scheduling.actions.edit import edit_post
from scheduling.content import Content, Variation
from tests.factories import MediaItemFactory, TargetFactory
from tests.scheduling.conftest import DRAFT, NOW, NOW_PLEASE, at, content, only

pytestmark = pytest.mark.usefixtures("march")

FRIDAY = at("2026-03-06T09:00")
FRIDAY_UTC = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)


@pytest.fixture
def edit(cast):
    def act(post, what, when=FRIDAY, *, version=None, actor=None):
        return edit_post(
            actor=actor or cast.alice,
            post=post,
            version=version or post.version,
            content=what,
            when=when,
        )

    return act


def refused(edit, post, what, when=FRIDAY, **more):
    before = list(post.targets.values())
    with pytest.raises(DomainError) as caught:
        edit(post, what, when, **more)
    assert list(post.targets.values()) == before
    return caught.value


def test_new_text_time_and_version(edit, make_post, words):
    post = edit(make_post(), content(words, text="Better"))
    assert (post.text, post.version, post.scheduled_at) == ("Better", 2, FRIDAY_UTC)
    assert only(post).due_at == FRIDAY_UTC


@pytest.mark.parametrize("state", ["scheduled", "claimed", "held", "failed", "missed"])
def test_what_is_not_out_is_scheduled_anew(edit, make_post, words, state):
    """R-F4: whatever stopped it, mending the post puts it back on the way."""
    post = make_post(state, target={"tries": 3, "reason": "It broke."})
    target = only(edit(post, content(words)))
    assert (target.state, target.tries, target.reason) == ("scheduled", 0, "")


@pytest.mark.parametrize("state", ["scheduled", "claimed", "failed", "held"])
def test_fence_rises_with_each_edit(edit, make_post, words, state):
    """R-F3: a worker that claimed the older text can't send it any more."""
    post = make_post(state)
    before = only(post).fence
    assert only(edit(post, content(words))).fence == before + 1


def test_what_was_prepared_for_the_older_text_is_forgotten(edit, make_post, words):
    """R-F3: a container made for the old text must not be published with the new."""
    prepared = {"journal": {"upload": {"id": "1"}}, "prepared": {"id": "1"}}
    post = make_post("claimed", target={**prepared, "handle": "h"})
    target = only(edit(post, content(words)))
    found = (target.journal, target.prepared, target.handle, target.lease_until)
    assert found == ({}, None, "", None)


def test_back_to_draft_stops_the_clock(edit, make_post, words):
    """R-F2: what is taken back doesn't go out."""
    target = only(edit(make_post("claimed"), content(words), DRAFT))
    assert (target.state, target.next_at, target.lease_until) == ("draft", None, None)


def test_draft_is_published_now(edit, make_post, words):
    target = only(edit(make_post("draft"), content(words), NOW_PLEASE))
    assert (target.state, target.next_at) == ("scheduled", NOW)


def test_stale_version_is_told_by_name(edit, make_post, words, cast):
    """Two people edit: the second is told who was first, and nothing is written."""
    post = make_post()
    edit(post, content(words, text="Bob's"), actor=cast.bob)
    error = refused(edit, post, content(words, text="Alice's"), version=1)
    assert (error.code, error.field) == ("stale", "version")
    assert error.message.startswith("Bob changed this post")
    post.refresh_from_db()
    assert post.text == "Bob's"


@pytest.mark.parametrize("state", ["sending", "processing"])
def test_what_the_platform_has_in_hand_waits(edit, make_post, words, state):
    error = refused(edit, make_post(state), content(words))
    assert error.code == "publishing_now"
    assert error.message.startswith("Words has this post in hand")


def test_published_post_is_immutable(edit, make_post, words):
    error = refused(edit, make_post("published"), content(words))
    assert error.code == "published"


def test_published_target_keeps_what_it_was_sent_with(
    edit, make_post, words, gallery, photo, cast
):
    """Mending the one that failed never rewrites what is out on the other."""
    post = make_post("published", text="First", items=[photo])
    TargetFactory(
        post=post, profile=gallery, kind="image", state="failed", next_at=None
    )
    other = MediaItemFactory(group=cast.group)
    post = edit(post, content(words, gallery, text="Second", media=[other]))
    out, again = post.targets.get(profile=words), post.targets.get(profile=gallery)
    assert (out.state, out.text, out.media_ids) == (
        "published",
        "First",
        [str(photo.pk)],
    )
    assert (again.state, again.own_text) == ("scheduled", "Second")


def test_published_post_can_go_to_one_more_profile(
    edit, make_post, words, gallery, photo
):
    post = edit(make_post("published"), content(words, gallery, media=[photo]))
    assert post.targets.get(profile=gallery).state == "scheduled"
    assert post.targets.get(profile=words).state == "published"


def test_profile_taken_off_is_cancelled(edit, make_post, words, gallery, photo):
    """R-F2: its claim is lost too, so that nothing goes out on it."""
    post = make_post("claimed")
    edit(post, content(gallery, media=[photo]))
    target = post.targets.get(profile=words)
    assert (target.state, target.next_at, target.fence) == ("cancelled", None, 2)


def test_profile_chosen_again_comes_back(edit, make_post, words):
    post = make_post("cancelled", target={"next_at": None})
    assert only(edit(post, content(words))).state == "scheduled"


def test_variation_can_be_given_and_taken(edit, make_post, words):
    post = edit(make_post(), Content("All", (Variation(words.pk, "Own"),)))
    assert only(post).own_text == "Own"
    post = edit(post, content(words, text="All"))
    assert only(post).own_text == "All"


def test_options_stay_unless_others_are_given(edit, make_post, words):
    """The pages' form has no options: what a program set is not lost by it."""
    post = edit(make_post(target={"options": {"langs": ["de"]}}), content(words))
    assert only(post).options == {"langs": ["de"]}
    post = edit(post, content(words, options={"langs": ["en"]}))
    assert only(post).options == {"langs": ["en"]}


def test_files_are_replaced_in_their_order(edit, make_post, words, cast):
    one, two, three = MediaItemFactory.create_batch(3, group=cast.group)
    post = make_post(items=[one, two])
    edit(post, content(words, media=[three, one]))
    assert [row.item for row in post.attachments.all()] == [three, one]


def test_trouble_with_the_connection_never_blocks_mending_a_text(
    edit, make_post, words
):
    """R-D6: what is scheduled stays; its connection is judged at the time itself."""
    post = make_post("scheduled")
    words.connection.state = ConnectionState.REFRESH_NEEDED
    words.connection.save()
    assert edit(post, content(words, text="Mended")).text == "Mended"


def test_held_post_needs_its_connection_first(edit, make_post, words):
    post = make_post("held")
    words.connection.state = ConnectionState.REFRESH_NEEDED
    words.connection.save()
    assert refused(edit, post, content(words)).code == "not_connected"


def test_refusals_are_told_together(edit, make_post, gallery):
    with pytest.raises(DomainErrors) as caught:
        edit(make_post(), content(gallery, text=""), at("2026-01-01T00:00"))
    fields = [error.field for error in caught.value.errors]
    assert fields == ["wall_at", "media"]


def test_whoever_edits_answers_for_it(edit, make_post, words, cast):
    """R-F1: the rights of the one who asked for it count at its time."""
    post = edit(make_post(), content(words), actor=cast.bob)
    assert post.author == cast.bob


def test_viewer_may_not(edit, make_post, words, viewer):
    """R-A6: who may only look can't edit."""
    assert refused(edit, make_post(), content(words), actor=viewer).code == (
        "may_not_schedule"
    )


def test_deleted_meanwhile(edit, make_post, words):
    post = make_post()
    post.deleted_at = NOW
    post.save()
    assert refused(edit, post, content(words)).code == "deleted"


@pytest.mark.parametrize(
    ("state", "when", "told"),
    [
        ("scheduled", FRIDAY, "Edited; goes out Fri 6 Mar, 09:00."),
        ("draft", FRIDAY, "Scheduled for Fri 6 Mar, 09:00."),
        ("draft", DRAFT, "Edited the draft."),
        ("scheduled", DRAFT, "Taken back to a draft."),
        ("draft", NOW_PLEASE, "Edited and published at once."),
    ],
)
def test_story_tells_what_was_done(edit, make_post, words, state, when, told):
    """R-F11: each edit is a line of the story."""
    post = edit(make_post(state), content(words), when)
    assert post.events.last().text == told
