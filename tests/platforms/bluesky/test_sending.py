"""The one call that makes a post public, and how its outcome is found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.http import AnswerLost
from platforms import clock
from platforms.errors import (
    AuthExpired,
    OutcomeUnknown,
    PermissionMissing,
    Rejected,
    Unavailable,
)
from platforms.types import Absent, Draft, Job, Prepared, Published, Token
from tests.platforms.bluesky import world
from tests.platforms.fakes import DictJournal, FakeHttp, reply
from tests.platforms.samples import draft, photo, video

PUT, CREATE, GET = "repo.putRecord", "repo.createRecord", "repo.getRecord"
GONE = reply({"error": "BlobNotFound", "message": "Could not find blob: x"}, 400)
TEXT = draft("text", "Hello")


def ready(http: FakeHttp, what: Draft = TEXT, token: Token | None = None) -> Any:
    job = world.job_of(what, token)
    prepared = world.adapter(http).prepare(job, DictJournal())
    assert isinstance(prepared, Prepared)
    return job, prepared


def send(http: FakeHttp, what: Draft = TEXT, token: Token | None = None) -> Published:
    return world.adapter(http).send(*ready(http, what, token))


def find(http: FakeHttp, job: Job, prepared: Prepared) -> Published | Absent:
    since = clock.now() - timedelta(minutes=5)
    return world.adapter(http).find(job, prepared, since)


def test_the_post_is_put_where_nothing_is() -> None:
    """R-F3: `swapRecord` null refuses to overwrite; equal bytes change nothing."""
    http = world.world()
    job, prepared = ready(http)
    published = world.adapter(http).send(job, prepared)
    (sent,) = http.to(PUT)
    assert sent.json == {
        "repo": world.DID,
        "collection": world.POSTS,
        "rkey": prepared.data["rkey"],
        "swapRecord": None,
        "record": prepared.data["record"],
    }
    assert published.id == f"at://{world.DID}/{world.POSTS}/{prepared.data['rkey']}"
    assert published.url.endswith(f"{world.DID}/post/{prepared.data['rkey']}")


def test_sending_again_sends_the_same_bytes() -> None:
    http = world.world()
    job, prepared = ready(http)
    first = world.adapter(http).send(job, prepared)
    assert world.adapter(http).send(job, prepared) == first
    one, two = http.to(PUT)
    assert one.json == two.json


def test_without_the_right_to_update_the_post_is_created() -> None:
    """Acceptance case 12: no ScopeMissingError for a normal post."""
    http = world.world()
    narrow = ("atproto", "repo:app.bsky.feed.post?action=create", "blob:image/*")
    send(http, token=world.oauth_token(scopes=narrow))
    assert http.to(PUT) == []
    (sent,) = http.to(CREATE)
    assert sent.json["rkey"] and "swapRecord" not in sent.json


def test_app_passwords_sign_as_bearer() -> None:
    http = world.world()
    token = world.password_token()
    send(http, token=token)
    (sent,) = http.to(PUT)
    assert sent.headers["Authorization"] == f"Bearer {token.access}"
    assert "DPoP" not in sent.headers


def test_a_nonce_asked_for_at_the_last_moment_costs_one_round() -> None:
    demand = reply({"error": "use_dpop_nonce"}, 401, dpop_nonce="n")
    http = world.world().on("POST", PUT, demand, world.written)
    assert send(http).id
    assert len(http.to(PUT)) == 2


def test_lost_files_are_uploaded_once_more() -> None:
    http = world.world().on("POST", PUT, GONE, world.written)
    assert send(http, draft("images", "", photo(1), photo(2))).id
    assert len(http.to("uploadBlob")) == 4
    first, second = http.to(PUT)
    assert first.json["rkey"] == second.json["rkey"]


def test_a_lost_file_of_a_post_without_any_is_refused() -> None:
    """Hooks raise platform errors only, however odd the answer."""
    http = world.world().on("POST", PUT, GONE)
    with pytest.raises(Rejected) as raised:
        send(http)
    assert raised.value.code == "BlobNotFound"


def test_files_lost_twice_are_given_up() -> None:
    http = world.world().on("POST", PUT, GONE)
    with pytest.raises(Rejected) as raised:
        send(http, draft("images", "", photo()))
    assert raised.value.code == "BlobNotFound"
    assert len(http.to(PUT)) == 2


def test_a_lost_thumb_is_left_out() -> None:
    page = reply(b"<title>T</title>", content_type="text/html")
    http = world.world().on("GET", "^news.example", page)
    http.on("POST", PUT, GONE, world.written)
    send(http, draft("text", "https://news.example/a"))
    assert "thumb" not in http.to(PUT)[1].json["record"]["embed"]["external"]


def test_a_lost_short_video_goes_up_plainly() -> None:
    http = world.world().on("POST", PUT, GONE, world.written)
    http.on("GET", "getJobStatus", world.job("JOB_STATE_COMPLETED", blob={"ref": "v"}))
    send(http, draft("video", "", video()))
    assert http.to(PUT)[1].json["record"]["embed"]["video"] == world.blob()


def test_a_lost_long_video_is_prepared_again() -> None:
    http = world.world().on("POST", PUT, GONE)
    http.on("GET", "getJobStatus", world.job("JOB_STATE_COMPLETED", blob={"ref": "v"}))
    with pytest.raises(Unavailable):
        send(http, draft("video", "", video(size=80_000_000)))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (reply({"error": "ExpiredToken"}, 400), AuthExpired),
        (reply({"error": "invalid_token"}, 401), AuthExpired),
        (reply({"error": "ScopeMissingError"}, 403), PermissionMissing),
        (reply({"error": "InvalidRequest"}, 400), Rejected),
        (reply({"error": "InvalidSwap"}, 400), OutcomeUnknown),
        (reply({"error": "InternalServerError"}, 500), OutcomeUnknown),
        (AnswerLost("ReadTimeout"), OutcomeUnknown),
        (reply({"uri": "at://someone/else/x"}), OutcomeUnknown),
    ],
)
def test_refusals_and_doubts(answer: Any, error: type[Exception]) -> None:
    http = world.world().on("POST", PUT, answer)
    with pytest.raises(error):
        send(http)


# Finding


def test_our_post_is_found_by_the_key_we_chose() -> None:
    http = world.world()
    job, prepared = ready(http)
    found = find(http, job, prepared)
    assert isinstance(found, Published)
    assert found.id.endswith(prepared.data["rkey"])
    assert http.last.query["rkey"] == prepared.data["rkey"]


def test_finding_needs_no_token() -> None:
    """R-F3: an outcome is found even when the sign-in has ended meanwhile."""
    http = world.world()
    find(http, *ready(http))
    assert "Authorization" not in http.last.headers


def test_a_missing_record_is_absence_for_certain() -> None:
    http = world.world().on("GET", GET, reply({"error": "RecordNotFound"}, 400))
    assert find(http, *ready(http)) == Absent(certain=True)


def test_other_refusals_leave_it_open() -> None:
    http = world.world().on("GET", GET, reply({"error": "InvalidRequest"}, 400))
    job, prepared = ready(http)
    assert find(http, job, prepared) == Absent(certain=False)
    assert find(http, job, Prepared({})) == Absent(certain=False)


@pytest.mark.parametrize(
    "answer", [{}, {"error": "InternalServerError"}, {"uri": "at://x/y/z"}]
)
def test_only_our_own_record_is_proof_that_it_is_out(answer: object) -> None:
    """R-F3: a 200 that holds something else would have lost the post."""
    http = world.world().on("GET", GET, reply(answer))
    with pytest.raises(Unavailable):
        find(http, *ready(http))


def test_a_silent_server_is_no_absence() -> None:
    http = world.world().on("GET", GET, AnswerLost("x"))
    with pytest.raises(Unavailable):
        find(http, *ready(http))


def test_the_permalink_comes_from_the_id() -> None:
    http = world.world()
    job, prepared = ready(http)
    published = world.adapter(http).send(job, prepared)
    assert world.adapter(http).permalink(job, published.id) == published.url
