"""One function per endpoint. Addresses of the official pages were read on 2026-11-21.

Lexicons: https://github.com/bluesky-social/atproto/tree/main/lexicons; an endpoint's
page is https://docs.bsky.app/docs/api/<name-with-dashes>.
"""

from __future__ import annotations

from typing import Final

from platforms import clock
from platforms.bluesky.errors import NAME, judge
from platforms.bluesky.wire import Json, Wire, Xrpc, object_of, text_of
from platforms.client import lost
from platforms.errors import Rejected

POSTS: Final = "app.bsky.feed.post"
# An answer may take longer the more there was to store or to look through.
_ANSWER_S, _ANSWER_BYTES_PER_S = 30.0, 500_000
SERVICE_TOKEN_S = 1_800
UPLOAD_BLOB: Final = "com.atproto.repo.uploadBlob"
UPLOAD_LIMITS: Final = "app.bsky.video.getUploadLimits"
_GONE = frozenset({404, 410})
_DID_SIZE = 2_048


# Identity


def resolve_handle(wire: Wire, server: str, handle: str) -> str:
    """https://docs.bsky.app/docs/api/com-atproto-identity-resolve-handle"""
    nsid = "com.atproto.identity.resolveHandle"
    return text_of(Xrpc(wire, server).query(nsid, {"handle": handle}), "did")


def well_known_did(wire: Wire, handle: str) -> str:
    """https://atproto.com/specs/handle#https-well-known-method: plain text."""
    url = f"https://{handle}/.well-known/atproto-did"
    reply = wire.send("GET", url, timeout_s=5.0, max_body=_DID_SIZE)
    judge(reply)
    return reply.body.decode(errors="replace")


def did_document(wire: Wire, url: str) -> Json:
    """https://atproto.com/specs/did#did-documents"""
    reply = wire.send("GET", url, timeout_s=10.0, max_body=100_000)
    if reply.status in _GONE:
        raise Rejected("There is no such account.", status=reply.status)
    judge(reply)
    return object_of(reply)


def get_profile(wire: Wire, app_view: str, did: str) -> Json:
    """https://docs.bsky.app/docs/api/app-bsky-actor-get-profile (no login needed)"""
    return Xrpc(wire, app_view).query("app.bsky.actor.getProfile", {"actor": did})


# Sessions with an app password


def create_session(server: Xrpc, did: str, password: str) -> Json:
    """https://docs.bsky.app/docs/api/com-atproto-server-create-session"""
    body = {"identifier": did, "password": password}
    return server.procedure("com.atproto.server.createSession", json=body)


def refresh_session(server: Xrpc) -> Json:
    """https://docs.bsky.app/docs/api/com-atproto-server-refresh-session

    `server` carries the refresh token, not the access token.
    """
    return server.procedure("com.atproto.server.refreshSession")


def delete_session(server: Xrpc) -> None:
    """https://docs.bsky.app/docs/api/com-atproto-server-delete-session

    `server` carries the refresh token here too; the answer has no body.
    """
    url = server.url("com.atproto.server.deleteSession")
    judge(server.wire.send("POST", url, auth=server.auth))


def get_service_auth(server: Xrpc, audience: str, method: str) -> str:
    """https://docs.bsky.app/docs/api/com-atproto-server-get-service-auth"""
    params = {
        "aud": audience,
        "lxm": method,
        "exp": int(clock.now().timestamp()) + SERVICE_TOKEN_S,
    }
    return text_of(server.query("com.atproto.server.getServiceAuth", params), "token")


# Records


def upload_blob(server: Xrpc, data: bytes, mime: str) -> Json:
    """https://docs.bsky.app/docs/api/com-atproto-repo-upload-blob

    The blob as it must stand in the record; the server decides on its type.
    """
    answer = server.procedure(
        UPLOAD_BLOB,
        data=data,
        headers={"Content-Type": mime},
        timeout_s=_patience(data),
    )
    blob = answer.get("blob")
    if not isinstance(blob, dict):
        raise lost(NAME, mutating=False, details="The answer has no blob.")
    return blob


def _patience(data: bytes) -> float:
    return _ANSWER_S + len(data) / _ANSWER_BYTES_PER_S


Ref = dict[str, str]


def put_record(server: Xrpc, did: str, rkey: str, record: Json) -> Ref:
    """https://docs.bsky.app/docs/api/com-atproto-repo-put-record

    `swapRecord` null means "only where none is": the same record again changes
    nothing, another one is refused with InvalidSwap.
    """
    body = {**_place(did, rkey), "swapRecord": None, "record": record}
    return _written(server, "com.atproto.repo.putRecord", body)


def create_record(server: Xrpc, did: str, rkey: str, record: Json) -> Ref:
    """https://docs.bsky.app/docs/api/com-atproto-repo-create-record

    A used key is answered with a bare 500.
    """
    body = {**_place(did, rkey), "record": record}
    return _written(server, "com.atproto.repo.createRecord", body)


def get_record(server: Xrpc, did: str, rkey: str) -> Json:
    """https://docs.bsky.app/docs/api/com-atproto-repo-get-record (no login needed)

    Unavailable when the answer, whatever its status, isn't this very record.
    """
    found = server.query("com.atproto.repo.getRecord", _place(did, rkey))
    if found.get("uri") != f"at://{did}/{POSTS}/{rkey}":
        raise lost(NAME, mutating=False, details="The answer names another post.")
    return found


def _place(did: str, rkey: str) -> Json:
    return {"repo": did, "collection": POSTS, "rkey": rkey}


def _written(server: Xrpc, nsid: str, body: Json) -> Ref:
    answer = server.procedure(nsid, mutating=True, json=body)
    uri = answer.get("uri")
    if uri != f"at://{body['repo']}/{POSTS}/{body['rkey']}":
        raise lost(NAME, mutating=True, details="The answer names another post.")
    return ref(answer)


def ref(answer: Json) -> Ref:
    """com.atproto.repo.strongRef: how another post names this version of it."""
    return {"uri": str(answer["uri"]), "cid": str(answer.get("cid") or "")}


# The video service: https://docs.bsky.app/docs/tutorials/video


def get_upload_limits(video: Xrpc) -> Json:
    """https://docs.bsky.app/docs/api/app-bsky-video-get-upload-limits"""
    return video.query(UPLOAD_LIMITS, {})


def upload_video(video: Xrpc, did: str, name: str, data: bytes) -> Json:
    """https://docs.bsky.app/docs/api/app-bsky-video-upload-video

    The same file again is refused with 409, and the body still tells the job.
    """
    reply = video.wire.send(
        "POST",
        video.url("app.bsky.video.uploadVideo"),
        auth=video.auth,
        params={"did": did, "name": name},
        data=data,
        headers={"Content-Type": "video/mp4"},
        timeout_s=_patience(data),
    )
    if reply.status != 409:
        judge(reply)
    status = job_status_in(object_of(reply))
    if not (status.get("jobId") or status.get("blob")):
        judge(reply)
    return status


def get_job_status(wire: Wire, service: str, job: str) -> Json:
    """https://docs.bsky.app/docs/api/app-bsky-video-get-job-status (no login needed)"""
    answer = Xrpc(wire, service).query("app.bsky.video.getJobStatus", {"jobId": job})
    return job_status_in(answer)


def job_status_in(answer: Json) -> Json:
    """The lexicon wraps it in `jobStatus`; the service has been seen not to."""
    wrapped = answer.get("jobStatus")
    return wrapped if isinstance(wrapped, dict) else answer
