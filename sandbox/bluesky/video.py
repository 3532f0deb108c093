"""video.bsky.app: uploads, jobs that go through their states, daily limits."""

from __future__ import annotations

import secrets
import time
from typing import Any

from aiohttp import web

from sandbox.bluesky.accounts import Accounts, pds_of
from sandbox.bluesky.blobs import Blobs
from sandbox.bluesky.dpop import clocks
from sandbox.bluesky.errors import XrpcError, invalid_request
from sandbox.bluesky.rows import Job
from sandbox.bluesky.schemas import VIDEO_BYTES
from sandbox.bluesky.sessions import service_claims, service_issuer
from sandbox.double import Call
from sandbox.media import CHUNK, FetchFailed, MediaFacts, inspect, receive
from sandbox.state import Identity
from sandbox.world import World

HOST = "video.bsky.app"
DAILY_VIDEOS = 25
DAILY_BYTES = 10_000_000_000
DAY = 86400
# A job takes this many times the sandbox's processing delay.
SLOWNESS = 3
STATES = (
    ("JOB_STATE_CREATED", 0),
    ("JOB_STATE_ENCODING", 10),
    ("JOB_STATE_ENCODED", 60),
    ("JOB_STATE_SCANNING", 70),
    ("JOB_STATE_SCANNED", 80),
    ("JOB_STATE_UPLOADING", 90),
)
DONE = "JOB_STATE_COMPLETED"
FAILED = "JOB_STATE_FAILED"
FAILURES = {
    "validation_failure": "Video could not be validated",
    "encoding_failure": "Video could not be encoded",
    "pds_upload_failure": "Video could not be uploaded to your PDS",
    "pds_upload_unsupported_blob_size": "Your PDS does not take files of this size",
    "generic_failure": "Something went wrong",
}


class Video:
    def __init__(self, world: World, accounts: Accounts, blobs: Blobs) -> None:
        self.world, self.accounts, self.blobs = world, accounts, blobs
        self.jobs = world.state.table("bluesky.jobs", Job)

    def setting(self, name: str) -> Any:
        return self.world.settings[f"bluesky.{name}"]

    async def upload(self, call: Call) -> web.Response:
        """Raw MP4 bytes with a service token for the account's own server."""
        account = self._caller(call, call.request.query.get("did", ""))
        self._check_account(account)
        if not call.request.query.get("name"):
            raise invalid_request('Missing required key "name" at $')
        facts = await self._receive(call)
        old = self._same(account, facts.sha256)
        if old is not None and self.setting("video_already_exists"):
            return self._exists(old)
        return web.json_response(self._wrapped(self._start(account, facts)))

    async def _receive(self, call: Call) -> MediaFacts:
        chunks = call.request.content.iter_chunked(CHUNK)
        try:
            received = await receive(chunks, VIDEO_BYTES)
        except FetchFailed as error:
            raise XrpcError(400, "VideoTooLarge", "Video is too large") from error
        try:
            facts = await inspect(received)
        finally:
            received.close()
        if facts.kind != "video" or facts.mime != "video/mp4":
            raise XrpcError(400, "InvalidRequest", "Unsupported video type")
        return facts

    def _start(self, account: Identity, facts: MediaFacts) -> Job:
        delay = self.world.settings["processing_ms"] * SLOWNESS / 1000
        job = Job(
            id=f"d{secrets.token_hex(10)}",
            did=account.id,
            sha256=facts.sha256,
            started_at=self._clock(),
            duration_s=delay,
            failure=self.setting("video_failure"),
        )
        blob = self.blobs.add(account.id, facts, "video/mp4")
        job.blob = blob.cid
        self.jobs[job.id] = job
        self._count(account, facts.size)
        self.world.state.touch()
        return job

    def _clock(self) -> float:
        """Work takes real time; the sandbox's moved clock may hurry it."""
        return max(time.time(), self.world.now())

    def _same(self, account: Identity, sha256: str) -> Job | None:
        return next(
            (
                job
                for job in self.jobs.values()
                if (job.did, job.sha256) == (account.id, sha256) and not job.failure
            ),
            None,
        )

    def _exists(self, job: Job) -> web.Response:
        """409, yet with all one needs to go on."""
        note = {"error": "already_exists", "message": "Video already processed"}
        status = self.status(job) | note
        body = {"jobStatus": status} if self.setting("video_wrapped") else status
        return web.json_response(body | note, status=409)

    async def job_status(self, call: Call) -> web.Response:
        job = self.jobs.get(call.request.query.get("jobId", ""))
        if job is None:
            raise XrpcError(404, "JobNotFound", "Job not found")
        return web.json_response(self._wrapped(job))

    def _wrapped(self, job: Job) -> dict[str, Any]:
        status = self.status(job)
        return {"jobStatus": status} if self.setting("video_wrapped") else status

    def status(self, job: Job) -> dict[str, Any]:
        about: dict[str, Any] = {"jobId": job.id, "did": job.did}
        passed = self._clock() - job.started_at
        if passed < job.duration_s:
            step = int(passed / job.duration_s * len(STATES))
            state, progress = STATES[step]
            return about | {"state": state, "progress": progress}
        if job.failure:
            return about | {
                "state": FAILED,
                "failureCode": job.failure,
                "error": job.failure,
                "message": FAILURES.get(job.failure, FAILURES["generic_failure"]),
            }
        return about | {"state": DONE, "progress": 100, "blob": self._blob(job)}

    def _blob(self, job: Job) -> dict[str, Any]:
        """The finished video lies on the account's server from now on."""
        blob = self.blobs.rows[f"{job.did}:{job.blob}"]
        if not job.settled:
            job.settled, blob.uploaded_at = True, self.world.now()
            self.world.state.touch()
        return blob.reference()

    async def limits(self, call: Call) -> web.Response:
        did = service_issuer(call.bearer())
        account = self._caller(call, did)
        email = account.extra.get("email_confirmed")
        videos, used = self._used(account)
        left: dict[str, Any] = {
            "canUpload": bool(email) and videos < DAILY_VIDEOS,
            "remainingDailyVideos": DAILY_VIDEOS - videos,
            "remainingDailyBytes": DAILY_BYTES - used,
        }
        if not email:
            left |= {
                "error": "unconfirmed_email",
                "message": "Confirm your email address to upload videos",
            }
        return web.json_response(left)

    def _caller(self, call: Call, did: str) -> Identity:
        """The account a service token speaks for; 401 unless all of it fits."""
        account = self.accounts.find(did)
        claims = service_claims(call.bearer(), did) if account else None
        if account is None or claims is None:
            raise XrpcError(401, "AuthenticationRequired", "Invalid service token")
        if claims["exp"] < min(clocks(self.world)):
            raise XrpcError(401, "ExpiredToken", "Token has expired")
        if (claims.get("aud"), claims.get("lxm")) != self._expected(call, account):
            raise XrpcError(401, "BadJwtAudience", "Token is not for this method")
        return account

    def _expected(self, call: Call, account: Identity) -> tuple[str, str]:
        """Uploads are put on the account's server, so the token is for that one."""
        if call.step == "uploadVideo":
            return f"did:web:{pds_of(account)}", "com.atproto.repo.uploadBlob"
        return f"did:web:{HOST}", "app.bsky.video.getUploadLimits"

    def _check_account(self, account: Identity) -> None:
        if account.extra.get("no_profile"):
            raise XrpcError(401, "profile_not_found", "Profile not found")
        if not account.extra.get("email_confirmed"):
            raise XrpcError(401, "unconfirmed_email", "Email is not confirmed")
        if self._used(account)[0] >= DAILY_VIDEOS:
            raise XrpcError(400, "DailyLimitExceeded", "Daily upload limit exceeded")

    def _used(self, account: Identity) -> tuple[int, int]:
        """Videos and bytes of the last 24 hours."""
        since = self.world.now() - DAY
        uploads = [one for one in account.extra.get("uploads", []) if one[0] > since]
        return len(uploads), sum(size for _, size in uploads)

    def _count(self, account: Identity, size: int) -> None:
        account.extra.setdefault("uploads", []).append([self.world.now(), size])
