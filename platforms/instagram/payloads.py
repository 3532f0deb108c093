"""A draft as the fields of containers. Sent as a form: every value is a text."""

from __future__ import annotations

from urllib.parse import quote

from platforms.errors import Rejected
from platforms.types import Draft, Media

Fields = dict[str, str]

NO_ADDRESS = (
    "Instagram fetches files from a public address, and this file has none. The "
    "operator of this installation must set its public address."
)
# Meta takes addresses in US-ASCII only; what is quoted already stays as it is.
_SAFE = "%/:=&?~#+!$,;'@()*[]"


def single(draft: Draft, *, resumable: bool) -> Fields:
    """The one container of an image, a reel or a story."""
    item = draft.media[0]
    fields = source(item, resumable=resumable)
    if draft.kind == "story":
        return {"media_type": "STORIES", **fields}
    if item.kind == "image":
        return {**fields, **_caption(draft), **_alt_text(item)}
    shared = {"media_type": "REELS", "share_to_feed": "true"}
    return {**shared, **fields, **_caption(draft)}


def child(item: Media, *, resumable: bool) -> Fields:
    """One item of a carousel; the caption is the parent's."""
    fields = {"is_carousel_item": "true", **source(item, resumable=resumable)}
    if item.kind == "image":
        return {**fields, **_alt_text(item)}
    return {"media_type": "VIDEO", **fields}


def parent(draft: Draft, children: list[str]) -> Fields:
    return {
        "media_type": "CAROUSEL",
        "children": ",".join(children),
        **_caption(draft),
    }


def source(item: Media, *, resumable: bool) -> Fields:
    """Where Instagram gets the bytes; videos may be uploaded where no address is."""
    if item.url:
        name = "image_url" if item.kind == "image" else "video_url"
        return {name: quote(item.url, safe=_SAFE)}
    if resumable and item.kind == "video" and item.read is not None:
        return {"upload_type": "resumable"}
    raise Rejected(NO_ADDRESS, "media", code="no_address")


def _caption(draft: Draft) -> Fields:
    return {"caption": draft.text} if draft.text else {}


def _alt_text(item: Media) -> Fields:
    return {"alt_text": item.alt_text} if item.alt_text else {}
