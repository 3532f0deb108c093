"""Publishing through Facebook: two tokens, and videos as bytes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from platforms.errors import (
    AuthExpired,
    Rejected,
    Unavailable,
)
from platforms.types import Job
from tests.platforms.contract import run_prepare
from tests.platforms.fakes import DictJournal, Sent, reply
from tests.platforms.instagram.flow import (
    CREATE,
    FIRST,
    created,
    looking,
    prepared,
)
from tests.platforms.instagram.world import (
    PAGE,
    USER,
    instagram,
    jobs,
    refusal,
    status,
    world,
)
from tests.platforms.samples import MP4, video


def test_the_pages_token_publishes_through_facebook():
    http = world()
    prepared(jobs(facebook=True)["image"], http)
    assert http.to(CREATE)[0].url.startswith("https://graph.facebook.com/v26.0/")
    assert http.to(CREATE)[0].headers["Authorization"] == f"Bearer {PAGE}"


def test_reads_that_the_page_may_not_see_are_asked_as_the_user():
    def answer(sent: Sent):
        seen = sent.headers["Authorization"] == f"Bearer {USER}"
        return status("FINISHED") if seen else refusal(100, 33)

    http = looking(answer)
    assert prepared(jobs(facebook=True)["image"], http).data["container"] == FIRST


def test_reads_that_nobody_may_see_need_a_new_sign_in():
    http = looking(refusal(100, 33))
    with pytest.raises(AuthExpired):
        prepared(jobs(facebook=True)["image"], http)
    assert len(http.to("status_code")) == 2


def hidden_reel(facebook: bool = True) -> Job:
    sample = jobs(facebook=facebook)["reel"]
    return replace(sample, draft=replace(sample.draft, media=(video(url=""),)))


def test_a_video_without_an_address_is_uploaded():
    http = world()
    prepared(hidden_reel(), http)
    (form,) = created(http)
    assert form["upload_type"] == "resumable"
    assert "video_url" not in form
    (sent,) = http.to("rupload")
    assert sent.parts["data"] == MP4
    assert dict(sent.headers) == {
        "Authorization": f"OAuth {PAGE}",
        "offset": "0",
        "file_size": str(len(MP4)),
    }


def test_an_upload_goes_on_where_it_broke_off():
    half = {"video_status": {"uploading_phase": {"bytes_transferred": 5}}}
    http = world().on("GET", "video_status", reply(half))
    http.on("POST", "rupload", reply(b"", 503), reply({"success": True}))
    adapter, journal = instagram(http), DictJournal()
    with pytest.raises(Unavailable):
        adapter.prepare(hidden_reel(), journal)
    run_prepare(adapter, hidden_reel(), journal)
    again = http.to("rupload")[1]
    assert (again.headers["offset"], again.parts["data"]) == ("5", MP4[5:])
    assert len(created(http)) == 1


def test_an_upload_that_can_never_pass_is_refused():
    info = {"debug_info": {"retriable": False, "type": "ProcessingFailedError"}}
    http = world().on("POST", "rupload", reply(info, 400))
    with pytest.raises(Rejected) as caught:
        prepared(hidden_reel(), http)
    assert caught.value.code == "ProcessingFailedError"


def test_an_upload_that_was_not_taken_is_tried_again():
    info = {"debug_info": {"retriable": True, "type": "Busy"}}
    http = world().on("POST", "rupload", reply(info))
    with pytest.raises(Unavailable):
        prepared(hidden_reel(), http)


def test_bytes_and_token_go_to_metas_host_only():
    """R-I5: the address comes from an answer."""
    elsewhere = {"id": FIRST, "uri": "https://rupload.facebook.com.evil.example/x"}
    http = world().on("POST", CREATE, reply(elsewhere))
    with pytest.raises(Unavailable):
        prepared(hidden_reel(), http)
    assert not http.to("evil")


def test_instagrams_own_login_uploads_nothing():
    with pytest.raises(Rejected, match="public address"):
        prepared(hidden_reel(facebook=False), world())
