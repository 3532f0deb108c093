"""A video's way to a blob: Bluesky's service where it can be used, else a plain upload.

https://docs.bsky.app/docs/tutorials/video, read 2026-11-21. The service converts and
hands the result to the account's server by itself; a plainly uploaded file is worked
on after posting.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from platforms import clock
from platforms.bluesky import api
from platforms.bluesky.errors import NAME, TABLE
from platforms.bluesky.limits import PLAIN_VIDEO_BYTES
from platforms.bluesky.wire import Bearer, Json, Wire, Xrpc
from platforms.client import lost
from platforms.errors import (
    PlatformError,
    RateLimited,
    Rejected,
    Unavailable,
    Unsupported,
)
from platforms.types import Media, Waiting

POLL_S = 3.0
# After this many failures of the service a file that fits is uploaded plainly.
TRIES = 2
_DONE, _FAILED = "JOB_STATE_COMPLETED", "JOB_STATE_FAILED"
_NO_ROOM_S = 3_600.0

# `failureCode` of a job whose file is at fault, and what the person can do about it.
FILE_AT_FAULT = {
    "validation_failure": "Bluesky can't read this video. Export it again as MP4.",
    "encoding_failure": "Bluesky can't convert this video. Export it again as MP4.",
    "pds_upload_unsupported_blob_size": "The video is too large for this server.",
}


class JobFailed(Unavailable):
    """The service gave a job up through no fault of the file: it must begin anew."""


@dataclass(frozen=True)
class Videos:
    """Uploads of one account. `server` is its PDS, `service` the video service."""

    server: Xrpc
    did: str
    service: str

    @property
    def wire(self) -> Wire:
        return self.server.wire

    def start(self, item: Media, name: str, failures: int) -> Json:
        """`{"blob": …}` when it is done at once, else `{"jobId": …}`.

        `failures` of the service so far, for this very post.
        """
        tired = failures >= TRIES and item.size <= PLAIN_VIDEO_BYTES
        if tired or not self._service_reaches_us():
            return self.plain(item)
        try:
            self._must_have_room()
            data = item.bytes()
            return _told(api.upload_video(self._for_upload(), self.did, name, data))
        except Unsupported:
            return self.plain(item)

    def plain(self, item: Media) -> Json:
        return {"blob": api.upload_blob(self.server, item.bytes(), item.mime)}

    def look(self, job: str) -> Json | Waiting:
        """The blob, or when to look again. Rejected when the file is at fault."""
        status = api.get_job_status(self.wire, self.service, job)
        blob = status.get("blob")
        if status.get("state") == _DONE and isinstance(blob, dict):
            return blob
        if status.get("state") == _FAILED:
            raise _failure(status)
        return Waiting(POLL_S, "Bluesky is converting the video.")

    def _service_reaches_us(self) -> bool:
        """A server on plain http is a developer's own: nobody outside can reach it."""
        return self.server.base.startswith("https://")

    def _must_have_room(self) -> None:
        """Asked before megabytes are sent in vain."""
        audience = _did_of(self.service)
        token = api.get_service_auth(self.server, audience, api.UPLOAD_LIMITS)
        limits = api.get_upload_limits(Xrpc(self.wire, self.service, Bearer(token)))
        if limits.get("canUpload") is False:
            raise _refusal(limits)

    def _for_upload(self) -> Xrpc:
        """The service acts at our server in our name, so the token is for that."""
        audience = _did_of(self.server.base)
        token = api.get_service_auth(self.server, audience, api.UPLOAD_BLOB)
        return Xrpc(self.wire, self.service, Bearer(token))


def _told(status: Json) -> Json:
    """The part of a job that the journal must keep."""
    blob, job = status.get("blob"), status.get("jobId")
    if isinstance(blob, dict):
        return {"blob": blob}
    if not isinstance(job, str) or not job:
        raise lost(NAME, mutating=False, details="The answer names no job.")
    return {"jobId": job}


def _failure(status: Json) -> PlatformError:
    code = str(status.get("failureCode") or status.get("error") or "")
    details = str(status.get("message") or status.get("error") or "")[:500]
    if code in FILE_AT_FAULT:
        return Rejected(FILE_AT_FAULT[code], "media", code=code, details=details)
    message = "Bluesky's video service failed. We try again."
    return JobFailed(message, code=code, details=details)


def _refusal(limits: Json) -> PlatformError:
    code = str(limits.get("error") or "")
    facts = {"code": code, "details": str(limits.get("message") or "")[:500]}
    if code in TABLE:
        return TABLE[code](facts)
    until = clock.after(_NO_ROOM_S)
    message = "Bluesky takes no more videos from this profile for now."
    return RateLimited(message, until, **facts)


def _did_of(url: str) -> str:
    """A server's own DID: did:web of its host."""
    return f"did:web:{quote(urlsplit(url).netloc, safe='.-')}"
