"""A video's way to a blob, with and without Bluesky's video service."""

from __future__ import annotations

from typing import Any

import pytest

from core.http import NotSent
from platforms import clock
from platforms.errors import PlatformError, RateLimited, Rejected, Unavailable
from platforms.types import Prepared, Waiting
from tests.platforms.bluesky import world
from tests.platforms.bluesky.world import blob, job
from tests.platforms.fakes import DictJournal, FakeHttp, Sent, reply
from tests.platforms.samples import MP4, draft, video

UPLOAD, STATUS = "app.bsky.video.uploadVideo", "app.bsky.video.getJobStatus"
PLAIN = "repo.uploadBlob"


def prepare(
    http: FakeHttp, journal: DictJournal | None = None, **facts: Any
) -> Prepared | Waiting:
    post = world.job_of(draft("video", "Look", video(alt_text="A race", **facts)))
    return world.adapter(http).prepare(post, journal or DictJournal())


def embed(found: Prepared | Waiting) -> dict[str, Any]:
    assert isinstance(found, Prepared)
    made: dict[str, Any] = found.data["record"]["embed"]
    return made


def again(http: FakeHttp, journal: DictJournal, times: int, **facts: Any) -> Any:
    """What the worker does: try until something else than trouble comes out."""
    for _ in range(times):
        try:
            return prepare(http, journal, **facts)
        except Unavailable as error:
            last = error
    return last


def test_the_service_is_waited_for_and_its_blob_used() -> None:
    http, journal = world.world(), DictJournal()
    waiting = prepare(http, journal)
    assert isinstance(waiting, Waiting) and 2 <= waiting.seconds <= 5
    made = embed(prepare(http, journal))
    assert made["video"] == blob("bafkreivideo", "video/mp4")
    assert (made["alt"], made["aspectRatio"]["height"]) == ("A race", 1920)
    assert len(http.to(UPLOAD)) == 1


def test_the_upload_names_account_and_type() -> None:
    http = world.world()
    prepare(http)
    (sent,) = http.to(UPLOAD)
    assert sent.query == {"did": world.DID, "name": "target-1.mp4"}
    assert sent.parts["data"] == MP4
    assert sent.headers["Content-Type"] == "video/mp4"
    assert sent.headers["Authorization"] == f"Bearer {world.SERVICE_TOKEN}"


def test_service_tokens_are_for_one_purpose_and_half_an_hour() -> None:
    http = world.world()
    prepare(http)
    limits, upload = (sent.query for sent in http.to("getServiceAuth"))
    assert limits["aud"] == "did:web:video.bsky.app"
    assert limits["lxm"] == "app.bsky.video.getUploadLimits"
    assert upload["aud"] == "did:web:morel.us-east.host.bsky.network"
    assert upload["lxm"] == "com.atproto.repo.uploadBlob"
    assert 0 < int(upload["exp"]) - clock.now().timestamp() <= 1_800


@pytest.mark.parametrize("wrapped", [True, False])
def test_both_forms_of_an_answer_are_read(wrapped: bool) -> None:
    status = {"jobId": "d1", "state": "JOB_STATE_COMPLETED", "blob": blob("v")}
    answer = reply({"jobStatus": status} if wrapped else status)
    http = world.world().on("POST", UPLOAD, answer)
    assert embed(prepare(http))["video"] == blob("v")


@pytest.mark.parametrize("known", [{"jobId": "d9"}, {"blob": blob("old")}])
def test_a_file_seen_before_goes_on_where_it_was(known: dict[str, Any]) -> None:
    """The refusal tells the job, or even the blob."""
    refusal = reply({"error": "already_exists", **known}, 409)
    http, journal = world.world().on("POST", UPLOAD, refusal), DictJournal()
    http.on("GET", STATUS, job("JOB_STATE_COMPLETED", blob=blob("old")))
    assert embed(prepare(http, journal))["video"] == blob("old")


def test_a_refusal_that_tells_nothing_is_one() -> None:
    http = world.world().on("POST", UPLOAD, reply({"error": "already_exists"}, 409))
    with pytest.raises(Rejected):
        prepare(http)


@pytest.mark.parametrize(
    "code",
    ["validation_failure", "encoding_failure", "pds_upload_unsupported_blob_size"],
)
def test_a_file_at_fault_is_told_beside_the_media(code: str) -> None:
    """R-F4"""
    failed = job("JOB_STATE_FAILED", failureCode=code, message="No video stream")
    http = world.world().on("GET", STATUS, failed)
    with pytest.raises(Rejected) as raised:
        prepare(http)
    assert (raised.value.field, raised.value.code) == ("media", code)
    assert raised.value.details == "No video stream"


def test_a_job_that_failed_by_itself_is_begun_anew() -> None:
    failed = job("JOB_STATE_FAILED", failureCode="generic_failure")
    done = job("JOB_STATE_COMPLETED", blob=blob("v"))
    http, journal = world.world().on("GET", STATUS, failed, done), DictJournal()
    assert embed(again(http, journal, 2))["video"] == blob("v")
    assert len(http.to(UPLOAD)) == 2


def test_unknown_states_are_still_running() -> None:
    http = world.world().on("GET", STATUS, job("JOB_STATE_POLISHING"))
    assert isinstance(prepare(http), Waiting)


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ({"error": "unconfirmed_email"}, Rejected, "confirm"),
        ({"error": "profile_not_found"}, Rejected, "open it once"),
        ({"message": "Daily limit"}, RateLimited, "no more videos"),
    ],
)
def test_refusals_are_met_before_the_upload(
    answer: dict[str, Any], error: type[PlatformError], words: str
) -> None:
    http = world.world()
    http.on(
        "GET",
        "^video.bsky.app/.*getUploadLimits",
        reply({"canUpload": False, **answer}),
    )
    with pytest.raises(error, match=words):
        prepare(http)
    assert http.to(UPLOAD) == []


@pytest.mark.parametrize("status", [404, 405, 501])
def test_without_a_service_the_file_goes_up_plainly(status: int) -> None:
    http = world.world().on(
        "GET", "^video.bsky.app/.*getUploadLimits", reply({}, status)
    )
    assert embed(prepare(http))["video"] == blob()
    (sent,) = http.to(PLAIN)
    assert sent.headers["Content-Type"] == "video/mp4"


def test_a_service_out_of_reach_is_tried_twice() -> None:
    http = world.world().on("GET", "^video.bsky.app", NotSent("x"))
    journal = DictJournal()
    assert isinstance(again(http, journal, 2), Unavailable)
    assert embed(prepare(http, journal))["video"] == blob()


def test_a_long_video_waits_for_the_service_instead() -> None:
    """The server alone would refuse it for good."""
    http = world.world().on("GET", "^video.bsky.app", NotSent("x"))
    found = again(http, DictJournal(), 5, size=60_000_000)
    assert isinstance(found, Unavailable)
    assert http.to(PLAIN) == []


def test_a_developers_server_is_out_of_the_services_reach() -> None:
    http = FakeHttp().on("POST", "localhost:2583/xrpc/com.atproto.repo", _blob)
    extra = {"method": "app_password", "pds": "http://localhost:2583"}
    post = world.job_of(draft("video", "Look", video()), world.oauth_token(extra=extra))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("platforms.bluesky.wire.must_be_safe", lambda url: None)
        found = world.adapter(http).prepare(post, DictJournal())
    assert embed(found)["video"] == blob("plain")


def _blob(sent: Sent) -> Any:
    return reply({"blob": blob("plain")})
