"""R-B7: a downgrade deletes nothing: posts turn into reminders, told; and back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actions.plans import set_plan
from core import clock
from notifications.models import Notice
from scheduling.models import Post
from scheduling.states import PublishBy
from tests.conftest import signed_in
from tests.scheduling.conftest import NOW, only, url

pytestmark = pytest.mark.usefixtures("march")
LATER = NOW + timedelta(days=3)


@pytest.fixture
def account(cast):
    set_plan(cast.group.account, "growth")
    return cast.group.account


@pytest.fixture
def coming(make_post, gallery, photo):
    """A post of a kind on the Gallery, in three days."""

    def make(kind="story", state="scheduled", **target):
        clocks = {"due_at": LATER, "next_at": LATER - timedelta(days=1)}
        columns = {"kind": kind, **clocks, **target}
        return make_post(
            state,
            profile=gallery,
            target=columns,
            items=[photo],
            scheduled_at=LATER,
        )

    return make


def ways(*posts) -> list[str]:
    return [only(post).publish_by for post in posts]


def test_only_what_is_not_covered_turns_into_reminders(account, coming, make_post):
    story, carousel = coming("story"), coming("carousel")
    photo, words = coming("image"), make_post()
    set_plan(account, "free")
    assert ways(story, carousel, photo, words) == ["plan", "plan", "auto", "auto"]
    assert Post.objects.filter(deleted_at=None).count() == 4


def test_it_comes_at_its_very_time_with_nothing_prepared(account, coming):
    post = coming(prepared={"id": "1"}, journal={"step": {}}, fence=3)
    set_plan(account, "free")
    target = only(post)
    assert (target.state, target.next_at) == ("scheduled", LATER)
    assert (target.prepared, target.journal, target.fence) == (None, {}, 4)


def test_the_author_is_told_which_why_and_what_to_do(account, coming, cast):
    coming()
    set_plan(account, "free")
    notice = Notice.objects.get()
    assert (notice.user, notice.code) == (cast.alice, "plan.reminders")
    assert notice.title == "1 post is a reminder now, by your plan"
    assert "on the Free plan" in notice.text
    assert "With a larger plan (Settings, Plan)" in notice.text
    assert "Wed 4 Mar, 12:00, @shots:" in notice.text


def test_each_author_gets_one_notice_with_their_own(account, coming, cast):
    posts = [coming() for _ in range(12)]
    Post.objects.filter(pk=posts[0].pk).update(author=cast.bob)
    set_plan(account, "free")
    told = dict(Notice.objects.values_list("user__name", "text"))
    assert set(told) == {"Alice", "Bob"}
    assert "and 1 more" in told["Alice"]


def test_without_an_author_the_owner_is_told(account, coming, cast):
    Post.objects.filter(pk=coming().pk).update(author=None)
    set_plan(account, "free")
    assert Notice.objects.get().user == cast.alice


def test_its_story_says_so(account, coming):
    post = coming()
    set_plan(account, "free")
    assert "Turned into a reminder" in post.events.last().text


@pytest.mark.parametrize("state", ["draft", "published", "held", "failed", "sending"])
def test_what_is_not_waiting_for_its_time_is_left(account, coming, state):
    clocks = {"next_at": None} if state != "sending" else {}
    post = coming(state=state, published_at=NOW, intent_at=NOW, **clocks)
    set_plan(account, "free")
    assert ways(post) == ["auto"]


def test_a_thread_that_is_out_in_part_is_left(account, coming):
    post = coming(parts_out=[{"id": "1", "url": "", "data": {}}])
    set_plan(account, "free")
    assert ways(post) == ["auto"]


def test_another_account_is_untouched(account, coming, cast):
    post = coming()
    set_plan(cast.charlies_group.account, "free")
    assert (ways(post), Notice.objects.count()) == (["auto"], 0)


def test_an_upgrade_turns_them_back_and_tells_it(account, coming):
    """What their authors had chosen was Auto Publish."""
    post = coming()
    set_plan(account, "free")
    set_plan(account, "starter")
    target = only(post)
    assert (target.publish_by, target.state) == (PublishBy.AUTO, "scheduled")
    assert target.next_at <= target.due_at
    notice = Notice.objects.order_by("pk").last()
    assert notice.title == "1 post goes out by Auto Publish again"


def test_a_reminder_that_a_person_chose_stays_one(account, coming):
    post = coming(publish_by="reminder")
    set_plan(account, "free")
    set_plan(account, "growth")
    assert ways(post) == ["reminder"]


def test_whose_time_has_passed_stays_with_the_person(account, coming):
    """R-F8: nothing old goes out unasked."""
    post = coming()
    set_plan(account, "free")
    post.targets.update(state="reminder", next_at=None)
    set_plan(account, "growth")
    assert (ways(post), only(post).state) == (["plan"], "reminder")


def test_the_same_plan_again_does_nothing(account, coming):
    coming()
    set_plan(account, "free")
    set_plan(account, "free")
    assert Notice.objects.count() == 1


def test_a_smaller_plan_that_covers_them_tells_nothing(account, coming):
    post = coming()
    set_plan(account, "starter")
    assert (ways(post), Notice.objects.count()) == (["auto"], 0)


def test_the_calendar_shows_them_with_a_bell(account, coming, cast):
    coming()
    set_plan(account, "free")
    path = url("calendar_posts", cast)
    span = {"start": "2026-03-01", "end": "2026-04-01"}
    found = signed_in(cast.alice).get(path, span).json()["posts"]
    assert [post["state"] for post in found] == ["reminder"]


def test_the_posts_page_says_when_the_reminder_comes_and_why(account, coming, cast):
    post = coming()
    set_plan(account, "free")
    page = signed_in(cast.alice).get(url("post", cast, post.pk)).content.decode()
    assert "Your plan doesn&#x27;t Auto Publish it: the reminder to post it" in page
    assert "Turned into a reminder" in page


def test_a_hundred_cost_no_more_statements_than_ten(
    account, coming, django_assert_max_num_queries
):
    for _ in range(40):
        coming()
    assert clock.now() < LATER
    with django_assert_max_num_queries(35):
        set_plan(account, "free")
