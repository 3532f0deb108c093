"""Instagram's endpoints, one function each, alike in both dialects.

https://developers.facebook.com/docs/instagram-platform/content-publishing and the
reference pages named below (2026-11-21).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, TypeVar, get_args

from core.http import BadReply, Reply
from platforms.client import call
from platforms.errors import AuthExpired, Rejected, Unavailable
from platforms.instagram.errors import NAME
from platforms.meta.graph import Graph

T = TypeVar("T")

State = Literal["IN_PROGRESS", "FINISHED", "PUBLISHED", "ERROR", "EXPIRED"]

UPLOAD_BASE = "https://rupload.facebook.com/"
UPLOAD_S = 300.0
MEDIA_FIELDS = "id,caption,timestamp,media_type,media_product_type,permalink"
LISTED = 100
UNSEEN = "100/33"


@dataclass(frozen=True)
class Account:
    """A professional account. `other`: the user token beside a Page's token."""

    graph: Graph
    id: str
    other: str = field(default="", repr=False)

    def read(self, path: str, read: Callable[[Any], T], **params: Any) -> T:
        return self.seen(lambda graph: graph.get(path, read, **params))

    def seen(self, ask: Callable[[Graph], T]) -> T:
        """Some calls show nothing to the Page's token and all to the user's."""
        try:
            return ask(self.graph)
        except (AuthExpired, Rejected) as error:
            if error.code != UNSEEN or not self.other:
                raise
        return ask(replace(self.graph, token=self.other))


@dataclass(frozen=True)
class Created:
    """A new container; `uri` only where its bytes are to be uploaded."""

    id: str
    uri: str = ""


@dataclass(frozen=True)
class Status:
    state: State
    text: str


@dataclass(frozen=True)
class Usage:
    """Posts used and allowed in `seconds`."""

    used: int
    total: int
    seconds: int


@dataclass(frozen=True)
class Listed:
    """A post as the account's listings show it. `product` may be withheld."""

    id: str
    caption: str
    at: datetime
    type: str
    product: str
    url: str


def create_container(account: Account, fields: dict[str, str]) -> Created:
    """POST ig-user/media. Containers are seen by nobody and die after a day."""
    return account.graph.post(f"{account.id}/media", _created, **fields)


def container_status(account: Account, container: str) -> Status:
    """GET ig-container"""
    return account.read(container, _status, fields="status_code,status")


def uploaded_bytes(account: Account, container: str) -> int:
    """GET ig-container, how much of a resumable upload has arrived."""
    return account.read(container, _transferred, fields="video_status")


def upload(account: Account, uri: str, data: bytes, offset: int) -> None:
    """POST to the address of a resumable container, from `offset` on.

    The token goes to Meta's upload host only, whatever address the answer named.
    """
    if not uri.startswith(UPLOAD_BASE):
        raise Unavailable(f"{NAME} named an odd address to upload to.")
    headers = {
        "Authorization": f"OAuth {account.graph.token}",
        "offset": str(offset),
        "file_size": str(len(data)),
    }
    reply = call(
        account.graph.http,
        NAME,
        "POST",
        uri,
        data=data[offset:],
        headers=headers,
        timeout_s=UPLOAD_S,
    )
    refusal = _upload_refusal(reply)
    if refusal is not None:
        raise refusal
    account.graph.judge.value_of(reply)


def publishing_limit(account: Account) -> Usage | None:
    """GET ig-user/content_publishing_limit; None when it tells nothing."""
    path = f"{account.id}/content_publishing_limit"
    return account.read(path, _usage, fields="quota_usage,config")


def publish(account: Account, container: str) -> str:
    """POST ig-user/media_publish: the one call that people see. The new media's id."""
    path = f"{account.id}/media_publish"
    return account.graph.publish(path, id_of, creation_id=container)


def permalink(account: Account, media: str) -> str:
    """GET ig-media"""
    return account.read(media, lambda body: str(body["permalink"]), fields="permalink")


def recent_media(account: Account, since: datetime) -> list[Listed]:
    """GET ig-user/media, newest first; stories are listed apart."""
    return account.read(
        f"{account.id}/media",
        _listing,
        fields=MEDIA_FIELDS,
        since=int(since.timestamp()),
        limit=LISTED,
    )


def stories(account: Account) -> list[Listed]:
    """GET ig-user/stories, those of the last 24 hours."""
    return account.read(f"{account.id}/stories", _listing, fields=MEDIA_FIELDS)


def id_of(body: Any) -> str:
    found = body["id"]
    if not isinstance(found, str) or not found:
        raise TypeError("an id is a text")
    return found


def time_of(item: Any) -> datetime:
    return datetime.strptime(item["timestamp"], "%Y-%m-%dT%H:%M:%S%z")


def _created(body: Any) -> Created:
    return Created(id_of(body), str(body.get("uri") or ""))


def _status(body: Any) -> Status:
    state = body["status_code"]
    if state not in get_args(State):
        raise ValueError("an unknown state")
    return Status(state, str(body.get("status") or ""))


def _transferred(body: Any) -> int:
    phase = (body.get("video_status") or {}).get("uploading_phase") or {}
    return int(phase.get("bytes_transferred") or 0)


def _usage(body: Any) -> Usage | None:
    if not body["data"]:
        return None
    first = body["data"][0]
    config = first["config"]
    return Usage(
        int(first["quota_usage"]),
        int(config["quota_total"]),
        int(config["quota_duration"]),
    )


def _listing(body: Any) -> list[Listed]:
    return [_listed(item) for item in body["data"]]


def _listed(item: Any) -> Listed:
    return Listed(
        id=id_of(item),
        caption=str(item.get("caption") or ""),
        at=time_of(item),
        type=str(item.get("media_type") or ""),
        product=str(item.get("media_product_type") or ""),
        url=str(item.get("permalink") or ""),
    )


def _upload_refusal(reply: Reply) -> Unavailable | Rejected | None:
    """The upload host answers in a shape of its own: success, or debug_info."""
    try:
        body = reply.json()
    except BadReply:
        return None
    info = body.get("debug_info") if isinstance(body, dict) else None
    if isinstance(info, dict) and info.get("retriable") is False:
        return Rejected(
            f"{NAME} couldn't take this video. Export it again and replace it.",
            "media",
            status=reply.status,
            code=str(info.get("type") or "")[:64],
        )
    if reply.ok and not (isinstance(body, dict) and body.get("success") is True):
        return Unavailable(f"{NAME} didn't take the upload. We will try again.")
    return None
