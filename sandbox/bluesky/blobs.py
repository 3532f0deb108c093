"""Files of an account: uploaded, sniffed, kept once a record names them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbox.bluesky import cid
from sandbox.bluesky.auth import Caller
from sandbox.bluesky.errors import XrpcError, invalid_request
from sandbox.bluesky.lexicon import is_blob
from sandbox.bluesky.rows import Blob
from sandbox.bluesky.scopes import check_blob
from sandbox.bluesky.sessions import PDS_BLOB_LIMIT
from sandbox.double import Call
from sandbox.media import CHUNK, FetchFailed, MediaFacts, Received, inspect, receive
from sandbox.world import World


class Blobs:
    """Keeps facts and a thumbnail, never the bytes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.rows = world.state.table("bluesky.blobs", Blob)

    async def upload(self, call: Call, caller: Caller) -> dict[str, Any]:
        claimed = call.request.headers.get("Content-Type", "").partition(";")[0].strip()
        if not claimed:
            raise invalid_request(
                "Request encoding (Content-Type) required but not provided"
            )
        if caller.scopes is not None:
            check_blob(caller.scopes, claimed)
        chunks = call.request.content.iter_chunked(CHUNK)
        try:
            received = await receive(chunks, PDS_BLOB_LIMIT)
        except FetchFailed as error:
            raise XrpcError(
                413, "PayloadTooLarge", "request entity too large"
            ) from error
        try:
            blob = await self.store(caller.account.id, received, claimed)
        finally:
            received.close()
        return {"blob": blob.reference()}

    async def store(self, did: str, received: Received, claimed: str) -> Blob:
        """What the bytes are counts more than what the sender said."""
        facts = await inspect(received)
        if self.world.settings["thumbnails"]:
            await self.world.thumbnails.keep(facts, received)
        known = facts.kind in ("image", "video")
        return self.add(did, facts, facts.mime if known else claimed)

    def add(self, did: str, facts: MediaFacts, mime: str) -> Blob:
        blob = Blob(
            did=did,
            cid=cid.of_blob(facts.sha256),
            mime=mime,
            size=facts.size,
            uploaded_at=self.world.now(),
            facts=facts.as_ledger(),
        )
        old = self.rows.get(f"{did}:{blob.cid}")
        blob.kept = old is not None and old.kept
        self.rows[f"{did}:{blob.cid}"] = blob
        self.world.state.touch()
        return blob

    def get(self, did: str, link: str) -> Blob | None:
        """None if it never was, or lay about too long without a record."""
        blob = self.rows.get(f"{did}:{link}")
        if blob is None or blob.kept:
            return blob
        life = self.world.settings["bluesky.blob_life_s"]
        return blob if blob.uploaded_at + life > self.world.now() else None

    def keep(self, did: str, record: dict[str, Any]) -> None:
        """XrpcError BlobNotFound if the record names one that is not there."""
        named = [reference["ref"]["$link"] for reference in references(record)]
        found = []
        for link in named:
            blob = self.get(did, link)
            if blob is None:
                raise XrpcError(400, "BlobNotFound", f"Could not find blob: {link}")
            found.append(blob)
        for blob in found:
            blob.kept = True

    def facts(self, did: str, reference: Any) -> dict[str, Any]:
        """For the ledger and the pages; empty if unknown."""
        if not is_blob(reference):
            return {}
        blob = self.rows.get(f"{did}:{reference['ref']['$link']}")
        return dict(blob.facts) if blob else {}


def references(value: Any) -> Iterator[dict[str, Any]]:
    """Every blob reference inside a record."""
    if is_blob(value):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)
