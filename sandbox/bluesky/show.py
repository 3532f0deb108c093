"""Posts as people see them: facets by bytes, pictures, cards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from sandbox.bluesky.accounts import Accounts
from sandbox.bluesky.blobs import Blobs
from sandbox.bluesky.publications import files_of, media_of
from sandbox.bluesky.records import Records
from sandbox.bluesky.rows import Record
from sandbox.state import Identity

PROFILE = "/bsky.app/profile"


@dataclass(slots=True)
class Shown:
    """One post of a page; `quote` is another one inside it."""

    record: Record
    author: Identity
    html: Markup
    at: str
    pictures: list[dict[str, Any]] = field(default_factory=list)
    video: dict[str, Any] | None = None
    card: dict[str, Any] | None = None
    quote: Shown | None = None
    reply_to: str = ""

    @property
    def address(self) -> str:
        return address_of(self.record)


def address_of(record: Record) -> str:
    return f"{PROFILE}/{record.did}/post/{record.rkey}"


def facet_html(text: str, facets: list[dict[str, Any]]) -> Markup:
    """Wrong ranges show as broken text, as they do in the real app."""
    data, at = text.encode(), 0
    html = Markup("")
    for facet in sorted(facets, key=lambda one: one["index"]["byteStart"]):
        first, last = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        if first < at or last > len(data) or first >= last:
            continue
        html += escape(_read(data[at:first])) + _link(facet, _read(data[first:last]))
        at = last
    return html + escape(_read(data[at:]))


def _read(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _link(facet: dict[str, Any], text: str) -> Markup:
    for feature in facet["features"]:
        if "uri" in feature:
            return Markup('<a rel="nofollow" href="{}">{}</a>').format(
                feature["uri"], text
            )
        if "did" in feature:
            place = f"{PROFILE}/{feature['did']}"
            return Markup('<a href="{}">{}</a>').format(place, text)
        if "tag" in feature:
            return Markup('<span class="found">{}</span>').format(text)
    return escape(text)


class Viewer:
    def __init__(self, accounts: Accounts, records: Records, blobs: Blobs) -> None:
        self.accounts, self.records, self.blobs = accounts, records, blobs

    def shown(self, record: Record, *, deep: bool = True) -> Shown:
        author = self.accounts.find(record.did)
        assert author is not None
        value = record.value
        item = Shown(
            record=record,
            author=author,
            html=facet_html(str(value.get("text", "")), value.get("facets") or []),
            at=str(value.get("createdAt", ""))[:16].replace("T", " "),
        )
        self._add_media(item, media_of(value))
        parent = self.records.by_uri(
            str((value.get("reply") or {}).get("parent", {}).get("uri", ""))
        )
        item.reply_to = address_of(parent) if parent else ""
        quoted = self._quoted(value.get("embed") or {}) if deep else None
        item.quote = self.shown(quoted, deep=False) if quoted else None
        return item

    def _add_media(self, item: Shown, embed: dict[str, Any]) -> None:
        did = item.record.did
        files = [
            {"facts": self.blobs.facts(did, reference), "alt": alt, "file": reference}
            for reference, alt in files_of(embed)
        ]
        if "video" in embed:
            item.video = files[0]
        elif "external" in embed:
            thumb = files[0] if files else None
            item.card = {**embed["external"], "picture": thumb}
        else:
            item.pictures = files

    def _quoted(self, embed: dict[str, Any]) -> Record | None:
        """A quote stands in `record`, or one level deeper beside media."""
        reference = embed.get("record") or {}
        reference = reference.get("record") or reference
        return self.records.by_uri(str(reference.get("uri", "")))
