"""The video service: service tokens, jobs, failures, daily limits."""

from __future__ import annotations

import time

import jwt
import pytest
import requests

from tests.sandbox.bluesky.atproto import MAYA, Account, Client, good, trouble
from tests.support.files import small_jpeg

VIDEO = "video.bsky.app/xrpc/app.bsky.video"
UPLOAD = "com.atproto.repo.uploadBlob"
LIMITS = "app.bsky.video.getUploadLimits"
SERVICE = "did:web:video.bsky.app"


@pytest.fixture(scope="module")
def clip(web):
    return (web.folder / "clip.mp4").read_bytes()


def service_token(account, audience="", method=UPLOAD, **more):
    aud = audience or f"did:web:{account.host}"
    answer = account.get(
        "com.atproto.server.getServiceAuth", aud=aud, lxm=method, **more
    )
    return good(answer)["token"]


def upload(account, data, token=None, **query):
    wanted = {"did": account.did, "name": "a.mp4", **query}
    return requests.post(
        f"{account.sandbox.url}/{VIDEO}.uploadVideo",
        params=wanted,
        data=data,
        headers={
            "Authorization": f"Bearer {token or service_token(account)}",
            "Content-Type": "video/mp4",
        },
        timeout=60,
    )


def status(sandbox, job):
    url = f"{sandbox.url}/{VIDEO}.getJobStatus"
    return requests.get(url, params={"jobId": job}, timeout=30)


def limits(account, token):
    url = f"{account.sandbox.url}/{VIDEO}.getUploadLimits"
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(url, headers=headers, timeout=30)


def test_a_service_token_is_signed_by_the_account(maya):
    claims = jwt.decode(service_token(maya), options={"verify_signature": False})
    assert claims["iss"] == maya.did
    assert (claims["aud"], claims["lxm"]) == (f"did:web:{maya.host}", UPLOAD)
    assert 50 <= claims["exp"] - time.time() <= 61


def test_a_service_token_lives_an_hour_at_most(maya):
    nsid, now = "com.atproto.server.getServiceAuth", int(time.time())
    query = {"aud": f"did:web:{maya.host}", "lxm": UPLOAD}
    good(maya.get(nsid, **query, exp=now + 1800))
    late = maya.get(nsid, **query, exp=now + 4000)
    assert trouble(late) == (
        "400 BadExpiration: cannot request a token with an expiration more than an "
        "hour in the future"
    )
    past = maya.get(nsid, **query, exp=now - 10)
    assert trouble(past) == "400 BadExpiration: expiration is in past"


def test_a_service_token_needs_its_scope(maya, sandbox):
    client = Client(sandbox, "atproto")
    token = client.sign_in(maya.did)["access_token"]
    path = "/xrpc/com.atproto.server.getServiceAuth"
    query = {"aud": SERVICE, "lxm": LIMITS}
    answer = client.send("GET", maya.host, path, token=token, params=query)
    scope = f"rpc:{LIMITS}?aud={SERVICE}"
    words = f'403 ScopeMissingError: Missing required scope "{scope}"'
    assert trouble(answer) == words


def test_a_video_goes_through_its_states_to_a_blob_that_can_be_posted(
    maya, sandbox, clip
):
    sandbox.set(processing_ms=300)
    job = good(upload(maya, clip))["jobStatus"]
    assert (job["state"], job["progress"]) == ("JOB_STATE_CREATED", 0)
    seen = [job["state"]]
    while seen[-1] != "JOB_STATE_COMPLETED":
        job = good(status(sandbox, job["jobId"]))["jobStatus"]
        seen += [job["state"]] if job["state"] != seen[-1] else []
    assert "JOB_STATE_ENCODING" in seen
    assert job["blob"]["mimeType"] == "video/mp4"
    embed = {"$type": "app.bsky.embed.video", "video": job["blob"], "alt": "A test"}
    good(maya.create("film", embed=embed))
    (row,) = sandbox.ledger("bluesky")
    (file,) = row["media"]
    assert (row["kind"], file["alt_text"]) == ("video", "A test")
    assert (file["kind"], file["size"]) == ("video", len(clip))


def test_both_wrappings_can_be_played(maya, sandbox, clip):
    sandbox.set(**{"bluesky.video_wrapped": False})
    job = good(upload(maya, clip))
    assert (job["state"], job["did"]) == ("JOB_STATE_COMPLETED", maya.did)
    assert good(status(sandbox, job["jobId"]))["blob"]["size"] == len(clip)


@pytest.mark.parametrize("code", ["encoding_failure", "pds_upload_failure"])
def test_a_job_can_fail(maya, sandbox, clip, code):
    sandbox.set(**{"bluesky.video_failure": code})
    job = good(upload(maya, clip))["jobStatus"]
    job = good(status(sandbox, job["jobId"]))["jobStatus"]
    assert (job["state"], job["failureCode"]) == ("JOB_STATE_FAILED", code)
    assert job["message"].startswith(("Video could not", "Something"))
    assert "blob" not in job


def test_the_same_bytes_again_are_refused_with_the_finished_job(maya, sandbox, clip):
    first = good(upload(maya, clip))["jobStatus"]
    again = upload(maya, clip)
    body = again.json()
    assert (again.status_code, body["error"]) == (409, "already_exists")
    assert body["jobStatus"]["jobId"] == first["jobId"]
    assert body["jobStatus"]["blob"]["size"] == len(clip)
    sandbox.set(**{"bluesky.video_already_exists": False})
    assert good(upload(maya, clip))["jobStatus"]["jobId"] != first["jobId"]


def test_tokens_that_do_not_fit(maya, clip, sandbox):
    foreign = service_token(maya, SERVICE, LIMITS)
    assert upload(maya, clip, foreign).status_code == 401
    assert upload(maya, clip, maya.token).status_code == 401
    assert upload(maya, clip, service_token(maya), did="did:plc:x").status_code == 401
    late = service_token(maya)
    sandbox.advance(120)
    # The sandbox's moved clock must not make a token stale that the caller
    # dated by the true time.
    assert upload(maya, clip, late).status_code == 200


def test_only_mp4_is_taken(maya):
    answer = upload(maya, small_jpeg())
    assert trouble(answer) == "400 InvalidRequest: Unsupported video type"


def test_a_name_is_needed(maya, clip):
    assert 'Missing required key "name"' in trouble(upload(maya, clip, name=""))


def test_an_unknown_job(sandbox):
    assert trouble(status(sandbox, "d0")) == "404 JobNotFound: Job not found"


def test_upload_limits_count_down(maya, clip):
    token = service_token(maya, SERVICE, LIMITS)
    assert good(limits(maya, token)) == {
        "canUpload": True,
        "remainingDailyVideos": 25,
        "remainingDailyBytes": 10_000_000_000,
    }
    good(upload(maya, clip))
    left = good(limits(maya, token))
    assert left["remainingDailyVideos"] == 24
    assert left["remainingDailyBytes"] == 10_000_000_000 - len(clip)
    assert limits(maya, service_token(maya)).status_code == 401


def test_the_day_is_full_after_25(maya, sandbox, clip):
    sandbox.set(**{"bluesky.video_already_exists": False})
    for _ in range(25):
        good(upload(maya, clip))
    assert trouble(upload(maya, clip)).startswith("400 DailyLimitExceeded")
    token = service_token(maya, SERVICE, LIMITS)
    assert good(limits(maya, token))["canUpload"] is False


def test_an_unconfirmed_address_cannot_upload(sandbox, clip):
    extra = {"email_confirmed": False}
    sandbox.identity("bluesky", handle="new.bsky.social", extra=extra)
    new = Account(sandbox, "new.bsky.social")
    left = good(limits(new, service_token(new, SERVICE, LIMITS)))
    assert (left["canUpload"], left["error"]) == (False, "unconfirmed_email")
    assert trouble(upload(new, clip)).startswith("401 unconfirmed_email")
    extra = {"no_profile": True}
    sandbox.identity("bluesky", handle="bare.bsky.social", extra=extra)
    bare = Account(sandbox, "bare.bsky.social")
    assert trouble(upload(bare, clip)).startswith("401 profile_not_found")


def test_steps_of_the_video_service_take_faults(maya, sandbox, clip):
    sandbox.fault("error", platform="bluesky", step="getJobStatus", status=503)
    job = good(upload(maya, clip))["jobStatus"]["jobId"]
    assert status(sandbox, job).status_code == 503
    assert status(sandbox, job).status_code == 200
    assert sandbox.identities("bluesky")[0]["handle"] == MAYA


def test_an_audience_is_needed(maya):
    answer = maya.get("com.atproto.server.getServiceAuth")
    assert trouble(answer) == '400 InvalidRequest: Missing required key "aud" at $'


def test_a_stale_service_token(maya, clip, sandbox):
    sandbox.advance(-7200)
    now = int(time.time())
    old = service_token(maya, exp=now - 4000)
    sandbox.advance(7200)
    assert trouble(upload(maya, clip, old)) == "401 ExpiredToken: Token has expired"
    assert limits(maya, "garbage").status_code == 401
