"""Messages as people see them: text with its styles as safe HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from sandbox.ledger import iso
from sandbox.telegram.files import Files
from sandbox.telegram.posts import entities_of, kind_of, text_of
from sandbox.telegram.rows import Message

TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}
UTF16 = "utf-16-le"


@dataclass(frozen=True, slots=True)
class Shown:
    """One post of a channel page; an album is one, with several pictures."""

    id: int
    html: Markup
    at: str
    day: str
    edited: bool
    media: list[dict[str, Any]]
    poll: dict[str, Any] | None = None


def styled_html(text: str, entities: list[dict[str, Any]]) -> Markup:
    """Entities nest, so opening and closing tags by place is enough."""
    units = text.encode(UTF16)
    opened: dict[int, list[str]] = {}
    closed: dict[int, list[str]] = {}
    for entity in entities:
        first, last = entity["offset"], entity["offset"] + entity["length"]
        inner = units[first * 2 : last * 2].decode(UTF16)
        start, end = _tags(entity, inner)
        opened.setdefault(first, []).append(start)
        closed.setdefault(last, []).insert(0, end)
    html, places = "", sorted({0, len(units) // 2, *opened, *closed})
    for place, following in zip(places, [*places[1:], len(units) // 2], strict=True):
        html += "".join(closed.get(place, [])) + "".join(opened.get(place, []))
        html += str(escape(units[place * 2 : following * 2].decode(UTF16)))
    return Markup(html)  # noqa: S704


def _tags(entity: dict[str, Any], inner: str) -> tuple[str, str]:
    kind = entity["type"]
    if kind in TAGS:
        return f"<{TAGS[kind]}>", f"</{TAGS[kind]}>"
    if kind == "spoiler":
        return '<span class="spoiler">', "</span>"
    if kind in ("url", "text_link"):
        address = str(entity.get("url") or inner)
        full = address if "://" in address else f"https://{address}"
        return f'<a rel="nofollow" href="{escape(full)}">', "</a>"
    return '<span class="found">', "</span>"


def shown(messages: list[Message], files: Files) -> Shown:
    """One message, or all messages of an album."""
    first = messages[0]
    speaker = next((message for message in messages if text_of(message)), first)
    poll = first.content.get("poll")
    text = "" if poll else text_of(speaker)
    return Shown(
        id=first.id,
        html=styled_html(text, entities_of(speaker)),
        at=iso(first.date)[11:16],
        day=iso(first.date)[:10],
        edited=any("edit_date" in message.content for message in messages),
        media=[found for one in messages if (found := _media(one, files))],
        poll=poll,
    )


def _media(message: Message, files: Files) -> dict[str, Any] | None:
    kind = kind_of(message)
    if kind in ("text", "poll"):
        return None
    about = message.content[kind]
    if kind == "photo":
        about = about[-1]
    stored = files.rows.get(about["file_id"])
    return {"kind": kind, **about, "facts": stored.facts if stored else {}}


def albums(messages: list[Message]) -> list[list[Message]]:
    """Neighbours with one album id belong together."""
    groups: list[list[Message]] = []
    for message in messages:
        album = message.content.get("media_group_id")
        if album and groups and groups[-1][0].content.get("media_group_id") == album:
            groups[-1].append(message)
        else:
            groups.append([message])
    return groups
