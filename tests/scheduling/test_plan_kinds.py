"""R-B7: a kind that the plan doesn't Auto Publish is told before it is scheduled, with
the alternative; R-C7: so is what only a person can post."""

from __future__ import annotations

import pytest

from accounts.actions.plans import set_plan
from core.errors import DomainErrors
from profiles.models import Connection
from profiles.states import ConnectionState
from scheduling.actions.create import create_post
from scheduling.actions.edit import edit_post
from scheduling.states import PublishBy
from tests.conftest import signed_in
from tests.factories import MediaItemFactory
from tests.scheduling.conftest import DRAFT, at, content, only, url

pytestmark = pytest.mark.usefixtures("march")
TOMORROW = at("2026-03-02T10:00")


@pytest.fixture
def free(cast):
    set_plan(cast.group.account, "free")


@pytest.fixture
def schedule(cast, gallery, photo):
    def call(when=TOMORROW, **variation):
        wanted = content(gallery, text="", media=(photo,), **variation)
        return create_post(
            actor=cast.alice, group=cast.group, content=wanted, when=when
        )

    return call


def refusals(act) -> list[tuple[str, str]]:
    with pytest.raises(DomainErrors) as caught:
        act()
    return [(error.code, error.field) for error in caught.value.errors]


def test_a_story_on_free_is_refused_with_the_plan_that_has_it(free, schedule, gallery):
    with pytest.raises(DomainErrors) as caught:
        schedule(kind="story")
    (error,) = caught.value.errors
    assert error.field == f"variations.{gallery.pk}.publish_by"
    assert error.message == (
        "The Free plan doesn't Auto Publish Gallery stories: that needs the Starter "
        "plan or a larger one."
    )


def test_a_carousel_too(free, cast, gallery, photo):
    both = (photo, MediaItemFactory(group=cast.group))
    wanted = content(gallery, media=both)

    def act():
        create_post(actor=cast.alice, group=cast.group, content=wanted, when=TOMORROW)

    assert refusals(act) == [("plan", f"variations.{gallery.pk}.publish_by")]


def test_a_single_photo_goes_out_on_free(free, schedule):
    target = only(schedule())
    assert (target.kind, target.publish_by) == ("image", PublishBy.AUTO)


def test_the_reminder_is_taken(free, schedule):
    """It waits for its very time: nothing is to be looked at before."""
    target = only(schedule(kind="story", publish_by="reminder"))
    assert (target.state, target.publish_by) == ("scheduled", "reminder")
    assert target.next_at == target.due_at


def test_a_draft_is_saved_whatever_the_plan(free, schedule):
    assert only(schedule(when=DRAFT, kind="story")).state == "draft"


def test_a_paid_plan_publishes_it(schedule, cast):
    set_plan(cast.group.account, "starter")
    assert only(schedule(kind="story")).publish_by == PublishBy.AUTO


def test_a_creators_story_needs_a_person_whatever_the_plan(schedule, gallery):
    """R-C7: the refusal goes with a reminder."""
    gallery.kind = "creator"
    gallery.save()
    assert refusals(lambda: schedule(kind="story"))[0][0] == "story_kind"
    assert only(schedule(kind="story", publish_by="reminder")).state == "scheduled"


def test_a_reminder_needs_no_connection(schedule):
    Connection.objects.update(state=ConnectionState.REFRESH_NEEDED)
    assert refusals(schedule)[0][0] == "not_connected"
    assert only(schedule(publish_by="reminder")).state == "scheduled"


def test_what_no_person_could_post_stays_refused(cast, gallery):
    """The platform's own rules hold for hands, too."""
    wanted = content(gallery, text="No photo", publish_by="reminder")

    def act():
        create_post(actor=cast.alice, group=cast.group, content=wanted, when=TOMORROW)

    assert "media" in refusals(act)[0][1]


def test_nonsense_is_refused(schedule, gallery):
    found = refusals(lambda: schedule(publish_by="pigeon"))
    assert found == [("publish_by", f"variations.{gallery.pk}.publish_by")]


def test_the_composer_is_told_while_one_writes(free, cast, gallery, photo):
    """Before anything is pressed, and marked as what a person could do."""
    sent = {
        "text": "",
        "profiles": [str(gallery.pk)],
        "media": [str(photo.pk)],
        f"kind-{gallery.pk}": "story",
    }
    answer = signed_in(cast.alice).post(url("check", cast), sent).json()
    assert [(p["code"], p["by_hand"], p["blocking"]) for p in answer["problems"]] == [
        ("plan", True, True)
    ]
    sent[f"by-{gallery.pk}"] = "reminder"
    assert signed_in(cast.alice).post(url("check", cast), sent).json()["problems"] == []


def test_the_composer_draws_the_choice_that_was_made(free, schedule, cast):
    post = schedule(kind="story", publish_by="reminder")
    page = signed_in(cast.alice).get(url("edit", cast, post.pk)).content.decode()
    assert '<option value="reminder" selected>' in page
    assert "data-by-box open" in page


def test_a_reminder_of_the_plans_doing_stays_one_when_it_is_edited(
    schedule, cast, gallery, photo
):
    """Else a larger plan wouldn't turn it back into Auto Publish."""
    post = schedule(kind="story", publish_by="plan")
    for by, kept in (("reminder", "plan"), ("", "plan"), ("auto", "auto")):
        row = content(gallery, text="", media=(photo,), kind="story", publish_by=by)
        post.refresh_from_db()
        edit_post(
            actor=cast.alice,
            post=post,
            version=post.version,
            content=row,
            when=TOMORROW,
        )
        assert only(post).publish_by == kept
