"""The first comment: one call that people see, and the list that tells of it."""

from __future__ import annotations

from dataclasses import replace
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
)
from platforms.instagram.limits import COMMENTS_PAGES
from platforms.types import Absent, Draft, Pending, Prepared, Published
from tests.platforms.fakes import DictJournal, FakeHttp, reply
from tests.platforms.instagram.world import (
    ACCOUNT,
    COMMENT,
    IG_PROFILE,
    PAGE,
    POST,
    TAGS,
    USER,
    comment,
    comment_job,
    instagram,
    listing,
    refusal,
    world,
)

BOTH = pytest.mark.parametrize("facebook", [False, True])
READY = Prepared({"post": POST})
COMMENTS = f"/{POST}/comments"
MINUTE, LONG_AGO = timedelta(minutes=1), timedelta(minutes=11)


def writing(answer) -> FakeHttp:
    return world().on("POST", COMMENTS, answer)


def sent(answer, *, facebook: bool = False) -> Published | Pending:
    return instagram(writing(answer)).send(comment_job(facebook=facebook), READY)


def refused(answer, *, facebook: bool = False) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        sent(answer, facebook=facebook)
    return caught.value


def listed(*comments) -> FakeHttp:
    return world().on("GET", COMMENTS, listing(*comments))


def found(http: FakeHttp, ago: timedelta = MINUTE):
    return instagram(http).find(comment_job(), READY, clock.now() - ago)


# Writing


@BOTH
def test_only_the_text_is_sent(facebook):
    """With `fields` Instagram writes it and says that it failed."""
    http = world()
    answer = instagram(http).send(comment_job(facebook=facebook), READY)
    assert answer == Published(COMMENT)
    host = "graph.facebook.com" if facebook else "graph.instagram.com"
    assert http.last.address == f"{host}/v26.0/{POST}/comments?"
    assert http.last.form == {"message": TAGS}


def test_preparing_sees_the_post_and_asks_for_no_quota():
    http = world()
    ready = instagram(http).prepare(comment_job(), DictJournal())
    assert ready == READY
    assert [s.query for s in http.sent] == [{"fields": "id"}]


def test_a_post_that_is_gone_is_told_in_plain_words():
    """Not listed, or not shown to us: nothing is sent."""
    http = world().on("GET", rf"/{POST}\?fields=id", refusal(100, 33))
    with pytest.raises(Rejected, match="no longer shows us this post") as caught:
        instagram(http).prepare(comment_job(), DictJournal())
    assert caught.value.field == "options"


def test_a_post_that_was_never_listed_takes_no_comment():
    job = replace(comment_job(), before=(Published("container:1790"),))
    http = world()
    with pytest.raises(Rejected, match="never told which post") as caught:
        instagram(http).prepare(job, DictJournal())
    assert (caught.value.field, http.sent) == ("options", [])


def test_what_the_pages_token_may_not_see_the_persons_may():
    """100/33 is a certain no, so asking with the other token can't double."""
    http = writing(refusal(100, 33)).on("GET", COMMENTS, listing())
    http.on("POST", COMMENTS, refusal(100, 33), reply({"id": COMMENT}))
    assert instagram(http).send(comment_job(facebook=True), READY).id == COMMENT
    tokens = [s.headers["Authorization"] for s in http.to(COMMENTS)]
    assert tokens == [f"Bearer {PAGE}", f"Bearer {USER}"]


# Refusals


@BOTH
@pytest.mark.parametrize("code", [3, 10, 200, 299])
def test_a_missing_permission_is_the_one_for_comments(facebook, code):
    """R-C4: publishing goes on, so its permission is not the one that is missing."""
    error = refused(refusal(code), facebook=facebook)
    name = "instagram_manage_comments" if facebook else "instagram_business_manage_comm"
    assert isinstance(error, PermissionMissing)
    assert [found.startswith(name) for found in error.names] == [True]


@pytest.mark.parametrize(
    ("code", "subcode", "kind"),
    [
        (20, 1772107, OutcomeUnknown),
        (1, 0, OutcomeUnknown),
        (4, 2207051, OutcomeUnknown),
        (506, 0, OutcomeUnknown),
        (77_777, 0, OutcomeUnknown),
        (17, 0, RateLimited),
        (190, 463, AuthExpired),
        (25, 2207050, AuthExpired),
        (100, 0, Rejected),
        (100, 33, Rejected),
    ],
)
def test_each_refusal_means_what_it_means_of_a_comment(code, subcode, kind):
    assert isinstance(refused(refusal(code, subcode)), kind)


def test_comments_that_are_off_are_told_beside_the_comment():
    error = refused(refusal(100))
    assert isinstance(error, Rejected)
    assert "switched off" in error.message
    assert error.field == "options"


def test_a_lost_answer_is_unknown():
    """R-F3"""
    assert isinstance(refused(AnswerLost("ReadTimeout")), OutcomeUnknown)


# Looking


def test_ours_is_found_by_text_and_name():
    http = listed(
        comment("Nice one", id="1", username="sam", **{"from": {}}), comment()
    )
    assert found(http) == Published(COMMENT)


@pytest.mark.parametrize(
    "other",
    [
        {"text": "More #tags, @lena!"},
        {"username": "sam", "from": {"id": "99", "username": "sam"}},
        {"timestamp": f"{clock.now() - timedelta(hours=1):%Y-%m-%dT%H:%M:%S+0000}"},
    ],
)
def test_others_are_not_taken_for_ours(other):
    assert found(listed(comment(**other))) == Absent(certain=False, seconds=60)


@pytest.mark.parametrize(
    "shown",
    [
        {"from": {"id": ACCOUNT}, "username": None},
        {"from": None},
        {"from": None, "username": None},
        {"text": "More #tags, lena"},
    ],
)
def test_withheld_facts_are_no_reason_to_write_it_twice(shown):
    """Facebook strips the @ for some, and may withhold who wrote it."""
    assert found(listed(comment(**shown))) == Published(COMMENT)


def test_authors_that_may_not_be_asked_for_are_done_without():
    http = listed(comment()).on("GET", r"from%7B|from\{", refusal(100))
    assert found(http) == Published(COMMENT)
    assert "from" not in http.last.query["fields"]


def test_all_pages_are_read():
    more = {"cursors": {"after": "abc"}, "next": "https://graph.instagram.com/x"}
    first = reply({"data": [comment("Nice", id="1")], "paging": more})
    http = world().on("GET", COMMENTS, first, listing(comment()))
    assert found(http) == Published(COMMENT)
    assert http.last.query["after"] == "abc"


@pytest.mark.parametrize(
    ("ago", "answer"),
    [
        (timedelta(seconds=5), Absent(certain=False, seconds=10)),
        (timedelta(minutes=5), Absent(certain=False, seconds=60)),
        (LONG_AGO, Absent(certain=True)),
    ],
)
def test_absence_is_certain_only_after_a_while(ago, answer):
    """Nobody tells how late comments are listed."""
    assert found(listed(), ago) == answer


def test_a_list_that_never_ends_leaves_it_to_a_person():
    more = {"cursors": {"after": "abc"}, "next": "https://graph.instagram.com/x"}
    http = world().on("GET", COMMENTS, reply({"data": [], "paging": more}))
    assert found(http, LONG_AGO) == Absent(certain=False)
    assert len(http.sent) == COMMENTS_PAGES


def test_a_post_that_is_gone_leaves_it_to_a_person():
    http = world().on("GET", COMMENTS, refusal(100, 33))
    assert found(http, MINUTE) == Absent(certain=False, seconds=60)
    assert found(http, LONG_AGO) == Absent(certain=False)


# Composing


def problems(kind: str, text: str = TAGS) -> list[tuple[str, str]]:
    draft = Draft(kind, "", options={"follow_ups": [text]})
    every = instagram().problems(draft, IG_PROFILE)
    return [(p.code, p.message) for p in every if p.field == "options"]


def test_a_story_takes_no_comment():
    """R-E3: said beside the field, before anything is scheduled."""
    message = "An Instagram story takes no first comment."
    assert problems("story") == [("follow_up_kind", message)]


def test_it_is_counted_by_its_own_limit():
    assert problems("image") == []
    [(code, _)] = problems("image", "x" * 2_201)
    assert code == "follow_up_text_too_long"
    [(code, _)] = problems("image", "#tag " * 31)
    assert code == "follow_up_too_many_hashtags"


def test_the_permission_is_asked_for_with_its_reason():
    """R-C3"""
    for method in instagram().methods:
        asked = instagram().permissions(method.key)
        [for_comments] = [p for p in asked if p.feature == "comments"]
        assert "first comment" in for_comments.reason
    assert instagram().follow_up.feature == "comments"
