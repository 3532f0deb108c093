"""The one call that people see, and what to do when nobody knows whether it worked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.http import AnswerLost
from platforms import clock
from platforms.errors import (
    AuthExpired,
    OutcomeUnknown,
    PermissionMissing,
    PlatformError,
    RateLimited,
    Rejected,
    Unavailable,
)
from platforms.types import Absent, Pending, Prepared, Published
from tests.platforms.contract import run_prepare
from tests.platforms.fakes import DictJournal, FakeHttp, reply
from tests.platforms.instagram.world import (
    ACCOUNT,
    instagram,
    job,
    jobs,
    listing,
    post,
    refusal,
    status,
    world,
)
from tests.platforms.samples import photo, video

JOBS = jobs()
CONTAINER = "17900000000000001"
READY = Prepared({"container": CONTAINER, "published": False})
MINUTE = timedelta(minutes=1)


def sent(http: FakeHttp) -> Published | Pending:
    return instagram(http).send(JOBS["image"], READY)


def publishing(answer) -> FakeHttp:
    return world().on("POST", "media_publish", answer)


def state(name: str, *posts: dict) -> FakeHttp:
    """A world where the container is in this state and these posts are listed."""
    http = world().on("GET", "fields=status_code", status(name))
    http.on("GET", f"/{ACCOUNT}/stories", listing(*posts))
    return http.on("GET", f"/{ACCOUNT}/media\\?", listing(*posts))


def found(http: FakeHttp, ago: timedelta = MINUTE, kind: str = "image"):
    return instagram(http).find(JOBS[kind], READY, clock.now() - ago)


def test_send_is_the_publishing_call_alone():
    http = world()
    assert sent(http) == Published("17950000000000009")
    assert [s.form for s in http.sent] == [{"creation_id": CONTAINER}]


def test_the_link_is_the_one_instagram_tells():
    """Sheet case 1"""
    http = world()
    link = instagram(http).permalink(JOBS["image"], "17950000000000009")
    assert link == "https://www.instagram.com/p/short9/"


def test_a_link_that_cannot_be_read_yet_is_told_as_such():
    http = world().on("GET", "fields=permalink", refusal(2))
    with pytest.raises(Unavailable):
        instagram(http).permalink(JOBS["image"], "17950000000000009")


# After publish (sheet, section 6)


@pytest.mark.parametrize(
    ("code", "subcode", "expected"),
    [
        (1, 0, OutcomeUnknown),
        (2, 0, OutcomeUnknown),
        (-1, 2207001, OutcomeUnknown),
        (24, 2207008, OutcomeUnknown),
        (4, 2207051, OutcomeUnknown),
        (100, 33, OutcomeUnknown),
        (506, 0, OutcomeUnknown),
        (77_777, 0, OutcomeUnknown),
        (-2, 2207020, Unavailable),
        (9007, 2207027, Unavailable),
        (24, 2207006, Unavailable),
        (9, 2207042, RateLimited),
        (4, 0, RateLimited),
        (17, 0, RateLimited),
        (80002, 0, RateLimited),
        (368, 0, RateLimited),
        (25, 2207050, AuthExpired),
        (190, 463, AuthExpired),
        (190, 12_345, AuthExpired),
        (102, 0, AuthExpired),
        (10, 0, PermissionMissing),
        (200, 0, PermissionMissing),
        (299, 4, PermissionMissing),
        (100, 0, Rejected),
    ],
)
def test_refusals_of_publishing_are_told_apart(code, subcode, expected):
    with pytest.raises(PlatformError) as caught:
        sent(publishing(refusal(code, subcode)))
    assert type(caught.value) is expected
    assert caught.value.code == (f"{code}/{subcode}" if subcode else str(code))
    assert caught.value.request_id == "Atrace"


@pytest.mark.parametrize("http_status", [200, 500])
def test_the_status_of_an_error_is_not_asked(http_status):
    with pytest.raises(AuthExpired):
        sent(publishing(refusal(190, 460, status=http_status)))


def test_suspected_spam_leaves_the_account_in_peace():
    """Sheet case 5: the post was live in production, so it is looked for, not resent."""
    with pytest.raises(OutcomeUnknown) as caught:
        sent(publishing(refusal(4, 2207051)))
    assert caught.value.until is not None
    assert caught.value.until - clock.now() > timedelta(hours=1)


def test_the_usage_headers_tell_the_pause():
    """R-F5: minutes, by Meta's own reckoning."""
    usage = (
        '{"17841400000000001": [{"type": "instagram", '
        '"estimated_time_to_regain_access": 12}, '
        '{"type": "pages", "estimated_time_to_regain_access": 3}]}'
    )
    headers = {"x_business_use_case_usage": usage}
    with pytest.raises(RateLimited) as caught:
        sent(publishing(refusal(80002, headers=headers)))
    wait = caught.value.until - clock.now()
    assert timedelta(minutes=11) < wait <= timedelta(minutes=12)


@pytest.mark.parametrize("usage", ["", "[]", "{", '{"1": 5}', '{"1": [{"x": "y"}]}'])
def test_odd_usage_headers_do_no_harm(usage):
    headers = {"x_business_use_case_usage": usage}
    with pytest.raises(RateLimited) as caught:
        sent(publishing(refusal(80002, headers=headers)))
    assert timedelta() < caught.value.until - clock.now() <= timedelta(hours=1)


@pytest.mark.parametrize(("code", "scope"), [(4, "app"), (17, "profile")])
def test_the_pause_is_the_apps_or_the_profiles(code, scope):
    with pytest.raises(RateLimited) as caught:
        sent(publishing(refusal(code)))
    assert caught.value.scope == scope


def test_an_unknown_refusal_before_publishing_is_told_in_their_words():
    """R-F4"""
    http = world().on(
        "POST",
        f"/{ACCOUNT}/media\\?",
        refusal(77_777, error_user_msg="Accounts on the moon can't post."),
    )
    with pytest.raises(Rejected, match="on the moon"):
        run_prepare(instagram(http), JOBS["image"], DictJournal())


# Did it go out? (sheet, section 7)


def test_a_lost_answer_is_found_by_container_caption_and_time():
    """Sheet case 4, R-F3"""
    http = publishing(AnswerLost("ConnectionError"))
    with pytest.raises(OutcomeUnknown):
        sent(http)
    http = state("PUBLISHED", post(8, caption="Another"), post(9))
    assert found(http) == Published(
        "17950000000000009", "https://www.instagram.com/p/short9/"
    )


def test_the_newest_post_is_not_taken_unmatched():
    """Other tools publish here, too."""
    http = state("PUBLISHED", post(8, caption="Another"))
    assert isinstance(found(http), Pending)


def test_mentions_match_without_their_sign():
    http = state("PUBLISHED", post(caption="Hello sun"))
    assert isinstance(found(http), Published)


def test_an_older_post_with_the_same_caption_is_not_ours():
    old = post(at=clock.now() - timedelta(hours=3))
    assert isinstance(found(state("PUBLISHED", old)), Pending)


def test_two_posts_that_fit_leave_the_link_open():
    http = state("PUBLISHED", post(8), post(9))
    assert isinstance(found(http), Pending)


def test_another_kind_of_post_is_not_ours():
    reel = post(media_type="VIDEO", media_product_type="REELS")
    assert isinstance(found(state("PUBLISHED", reel)), Pending)


@pytest.mark.parametrize(
    ("kind", "listed"),
    [
        ("reel", {"media_type": "VIDEO", "media_product_type": "REELS"}),
        ("reel", {"media_type": "VIDEO", "media_product_type": None}),
        ("carousel", {"media_type": "CAROUSEL_ALBUM"}),
        ("story", {"media_type": "IMAGE", "media_product_type": "STORY"}),
    ],
)
def test_each_kind_is_recognised(kind, listed):
    caption = JOBS[kind].draft.text
    http = state("PUBLISHED", post(9, caption=caption, **listed))
    assert isinstance(found(http, kind=kind), Published)


def test_stories_are_looked_for_among_stories():
    story = post(media_product_type="STORY")
    http = state("PUBLISHED").on("GET", "/stories", listing(story))
    found(http, kind="story")
    assert http.last.url.endswith("/stories")


def test_a_video_story_is_no_photo_story():
    story = post(media_type="VIDEO", media_product_type="STORY")
    sample = job("story", "", photo())
    http = state("PUBLISHED", story)
    since = clock.now() - MINUTE
    assert isinstance(instagram(http).find(sample, READY, since), Pending)
    sample = job("story", "", video())
    assert isinstance(instagram(http).find(sample, READY, since), Published)


def test_listings_are_asked_from_a_little_before():
    http = state("PUBLISHED")
    since = clock.now() - MINUTE
    instagram(http).find(JOBS["image"], READY, since)
    asked = int(http.last.query["since"])
    assert since.timestamp() - 125 <= asked <= since.timestamp()


def test_a_finished_container_may_still_be_on_its_way():
    """Sheet case 6: looked at again before it is published again."""
    answer = found(state("FINISHED"), ago=timedelta(seconds=20))
    assert isinstance(answer, Absent)
    assert not answer.certain
    assert 60 < answer.seconds <= 70


def test_a_container_still_finished_later_was_not_published():
    """Sheet case 6, R-F3"""
    assert found(state("FINISHED"), ago=timedelta(seconds=91)) == Absent(certain=True)


def test_a_container_in_progress_is_waited_for():
    assert found(state("IN_PROGRESS")) == Absent(certain=False, seconds=30.0)


@pytest.mark.parametrize("name", ["EXPIRED", "ERROR"])
def test_a_dead_container_was_not_published(name):
    assert found(state(name)) == Absent(certain=True)


def test_nothing_is_certain_without_a_container():
    found = instagram().find(JOBS["image"], Prepared({}), clock.now())
    assert found == Absent(certain=False)


def test_nothing_is_certain_while_the_container_cannot_be_read():
    http = world().on("GET", "fields=status_code", refusal(2))
    with pytest.raises(Unavailable):
        found(http)


def test_a_late_listing_is_asked_again_until_it_shows_the_post():
    answer = found(state("PUBLISHED"))
    assert isinstance(answer, Pending)
    adapter = instagram(state("PUBLISHED", post()))
    assert isinstance(adapter.check(JOBS["image"], answer.handle), Published)


def test_a_refused_look_says_nothing_against_a_post_that_is_out():
    """R-F3: called failed, it would be published again by its people."""
    answer = found(state("PUBLISHED"))
    http = world().on("GET", f"/{ACCOUNT}/media\\?", refusal(100))
    with pytest.raises(Unavailable):
        instagram(http).check(JOBS["image"], answer.handle)


@pytest.mark.parametrize(("ago", "seconds"), [(1, 10), (5, 60), (20, 300), (39, 300)])
def test_looking_becomes_rarer_with_age(ago, seconds):
    answer = found(state("PUBLISHED"), ago=timedelta(minutes=ago))
    assert isinstance(answer, Pending)
    assert answer.seconds == seconds


def test_in_the_end_it_is_published_without_a_link():
    """Never "failed": it is live, only its link is unknown."""
    answer = found(state("PUBLISHED"), ago=timedelta(minutes=41))
    assert answer == Published(f"container:{CONTAINER}", "")


def test_the_link_of_such_a_post_may_show_up_later():
    adapter = instagram(state("PUBLISHED", post()))
    link = adapter.permalink(JOBS["image"], f"container:{CONTAINER}")
    assert link == "https://www.instagram.com/p/short9/"
    nothing = instagram(state("PUBLISHED"))
    assert nothing.permalink(JOBS["image"], f"container:{CONTAINER}") == ""


def test_an_answer_without_an_id_is_no_publication():
    with pytest.raises(OutcomeUnknown):
        sent(publishing(reply({"id": ""})))
