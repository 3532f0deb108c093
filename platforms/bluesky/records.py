"""The records we write, as JSON. Lexicons: app.bsky.feed.post and app.bsky.embed.*

https://docs.bsky.app/docs/advanced-guides/posts, read 2026-11-21.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from platforms.bluesky.api import POSTS
from platforms.bluesky.limits import MAX_LANGS, SELF_LABELS
from platforms.bluesky.richtext import RichText
from platforms.types import Media, Problem, Published

Json = dict[str, Any]

_LANG = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*")
_URI = re.compile(r"at://(?P<did>did:[^/]+)/app\.bsky\.feed\.post/(?P<rkey>[^/]+)")


@dataclass(frozen=True)
class Options:
    """What can be chosen for a Bluesky post, kept as JSON with the draft.

    `langs`: the text's languages as tags such as "en"; `labels`: warnings the author
    sets (see SELF_LABELS); `link_card`: show a card of the link; `link`: the card's
    address when it isn't the text's first link.
    """

    langs: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    link_card: bool = True
    link: str = ""

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Options:
        return cls(
            langs=_texts(options.get("langs")),
            labels=_texts(options.get("labels")),
            link_card=options.get("link_card") is not False,
            link=str(options.get("link") or "").strip(),
        )

    def problems(self) -> Iterator[Problem]:
        if len(self.langs) > MAX_LANGS:
            yield Problem(
                "too_many_langs", f"Bluesky takes {MAX_LANGS} languages.", "options"
            )
        if not all(_LANG.fullmatch(lang) for lang in self.langs):
            yield Problem(
                "bad_lang", "Languages are written like en or pt-BR.", "options"
            )
        if not set(self.labels) <= set(SELF_LABELS):
            yield Problem("bad_label", "Bluesky has no such content label.", "options")
        if self.link and not self.link.startswith(("https://", "http://")):
            yield Problem("bad_link", "The link must start with https://.", "options")


def post(rich: RichText, created_at: str, options: Options, embed: Json | None) -> Json:
    record: Json = {"$type": POSTS, "text": rich.text, "createdAt": created_at}
    if rich.facets:
        record["facets"] = list(rich.facets)
    if options.langs:
        record["langs"] = list(options.langs)
    if options.labels:
        record["labels"] = {
            "$type": "com.atproto.label.defs#selfLabels",
            "values": [{"val": label} for label in options.labels],
        }
    if embed is not None:
        record["embed"] = embed
    return record


def reply(before: Sequence[Published]) -> Json:
    """Under the last part; the root stays the first. Both by URI and CID."""
    return {"root": dict(before[0].data), "parent": dict(before[-1].data)}


def images(items: Sequence[Media], blobs: Sequence[Json]) -> Json:
    shown = [
        {"image": blob, "alt": item.alt_text, **_shape(item.width, item.height)}
        for item, blob in zip(items, blobs, strict=True)
    ]
    return {"$type": "app.bsky.embed.images", "images": shown}


def video(item: Media, blob: Json) -> Json:
    embed = {"$type": "app.bsky.embed.video", "video": blob}
    if item.alt_text:
        embed["alt"] = item.alt_text
    return {**embed, **_shape(item.width, item.height)}


def card(uri: str, title: str, description: str, thumb: Json | None) -> Json:
    external: Json = {"uri": uri, "title": title, "description": description}
    if thumb is not None:
        external["thumb"] = thumb
    return {"$type": "app.bsky.embed.external", "external": external}


def with_blobs(record: Json, blobs: Sequence[Json]) -> Json:
    """The same post with the same files uploaded anew; a card loses its picture."""
    embed = record["embed"]
    changed: Json
    if "images" in embed:
        pairs = zip(embed["images"], blobs, strict=True)
        changed = {"images": [{**image, "image": blob} for image, blob in pairs]}
    elif "video" in embed:
        changed = {"video": blobs[0]}
    else:
        external = dict(embed["external"])
        external.pop("thumb", None)
        changed = {"external": external}
    return {**record, "embed": {**embed, **changed}}


def timestamp(moment: datetime) -> str:
    """As the network writes times: UTC, milliseconds, "Z"."""
    return (
        moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    )


def uri(did: str, rkey: str) -> str:
    return f"at://{did}/{POSTS}/{rkey}"


def permalink(remote_id: str) -> str:
    """By DID, so that it survives a change of handle; "" for a foreign id."""
    found = _URI.fullmatch(remote_id)
    if found is None:
        return ""
    return f"https://bsky.app/profile/{found['did']}/post/{found['rkey']}"


def _shape(width: int, height: int) -> Json:
    """Without it apps guess, and the picture jumps while it loads."""
    if width < 1 or height < 1:
        return {}
    return {"aspectRatio": {"width": width, "height": height}}


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(value.replace(",", " ").split())
    return tuple(str(item) for item in value or ())
