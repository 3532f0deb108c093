"""Posts as the ledger keeps them."""

from __future__ import annotations

from typing import Any

from sandbox.bluesky.blobs import Blobs
from sandbox.bluesky.rows import Record
from sandbox.ledger import Publication
from sandbox.state import Identity

KINDS = {
    "app.bsky.embed.images": "images",
    "app.bsky.embed.gallery": "images",
    "app.bsky.embed.video": "video",
    "app.bsky.embed.external": "link",
    "app.bsky.embed.record": "quote",
}


def permalink(did: str, rkey: str) -> str:
    """By DID, so that it survives a change of the handle."""
    return f"https://bsky.app/profile/{did}/post/{rkey}"


def publication(
    account: Identity, record: Record, blobs: Blobs, app: str
) -> Publication:
    embed = media_of(record.value)
    return Publication(
        platform="bluesky",
        profile=account.id,
        kind=KINDS.get(str(embed.get("$type")), "text"),
        text=str(record.value.get("text", "")),
        remote_id=record.uri,
        permalink=permalink(account.id, record.rkey),
        app=app,
        media=[
            {**blobs.facts(account.id, file), "alt_text": alt}
            for file, alt in files_of(embed)
        ],
        extra={
            "cid": record.cid,
            "rkey": record.rkey,
            **{
                name: record.value[name]
                for name in ("facets", "reply", "embed", "langs", "labels", "tags")
                if name in record.value
            },
        },
    )


def media_of(value: dict[str, Any]) -> dict[str, Any]:
    """The embed that shows something: a quote with media has it inside."""
    embed = value.get("embed")
    if not isinstance(embed, dict):
        return {}
    inner = embed.get("media")
    return inner if isinstance(inner, dict) else embed


def files_of(embed: dict[str, Any]) -> list[tuple[Any, str]]:
    """Blob references with their alternative text."""
    if "video" in embed:
        return [(embed["video"], str(embed.get("alt") or ""))]
    external = embed.get("external")
    if isinstance(external, dict):
        return [(external["thumb"], "")] if external.get("thumb") else []
    items = embed.get("images") or embed.get("items") or []
    return [(item.get("image"), str(item.get("alt") or "")) for item in items]
