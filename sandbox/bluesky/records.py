"""The store of repositories: records by collection and key, and their commits."""

from __future__ import annotations

import hashlib
from typing import Any

from sandbox.bluesky import cid
from sandbox.bluesky.rows import Record
from sandbox.bluesky.tid import Ticker
from sandbox.state import Identity
from sandbox.world import World


class Records:
    def __init__(self, world: World) -> None:
        self.world = world
        self.rows = world.state.table("bluesky.records", Record)
        self.ticker = Ticker()

    def get(self, did: str, collection: str, rkey: str) -> Record | None:
        return self.rows.get(f"{did}/{collection}/{rkey}")

    def by_uri(self, uri: str) -> Record | None:
        return self.rows.get(uri.removeprefix("at://"))

    def of(self, did: str, collection: str) -> list[Record]:
        """Newest key first."""
        found = [
            record
            for record in self.rows.values()
            if record.did == did and record.collection == collection
        ]
        return sorted(found, key=lambda record: record.rkey, reverse=True)

    def collections(self, did: str) -> list[str]:
        return sorted({row.collection for row in self.rows.values() if row.did == did})

    def put(
        self, account: Identity, collection: str, rkey: str, value: dict[str, Any]
    ) -> Record:
        record = Record(
            did=account.id,
            collection=collection,
            rkey=rkey,
            cid=cid.of_record(value),
            value=value,
            written_at=self.world.now(),
        )
        self.rows[f"{account.id}/{collection}/{rkey}"] = record
        return record

    def remove(self, record: Record) -> None:
        del self.rows[f"{record.did}/{record.collection}/{record.rkey}"]

    def commit(self, account: Identity) -> dict[str, str]:
        """A new head of the repository after something changed."""
        revision = self.ticker.next(self.world.now())
        digest = hashlib.sha256(f"{account.id} {revision}".encode()).hexdigest()
        head = cid.of_record({"did": account.id, "rev": revision, "data": digest})
        account.extra["head"] = head
        self.world.state.touch()
        return {"cid": head, "rev": revision}

    def next_key(self) -> str:
        return self.ticker.next(self.world.now())
