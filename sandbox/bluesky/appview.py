"""public.api.bsky.app: profiles, posts with their counts, threads."""

from __future__ import annotations

import hashlib
import math
from typing import Any

from sandbox.bluesky.accounts import Accounts
from sandbox.bluesky.errors import XrpcError, invalid_request
from sandbox.bluesky.records import Records
from sandbox.bluesky.rows import Record
from sandbox.double import Call
from sandbox.ledger import iso
from sandbox.state import Identity
from sandbox.world import World

POST = "app.bsky.feed.post"
MAX_URIS = 25
MAX_ACTORS = 25
# Counts grow towards their end with this half-life.
HALF_LIFE_S = 4 * 3600
MOST = {"likeCount": 90, "repostCount": 16, "quoteCount": 5, "bookmarkCount": 11}


class AppView:
    """Sees a post `appview_lag_ms` after the account's server has it."""

    def __init__(self, world: World, accounts: Accounts, records: Records) -> None:
        self.world, self.accounts, self.records = world, accounts, records

    async def profile(self, call: Call) -> dict[str, Any]:
        return self.profile_view(self._actor(call.request.query.get("actor", "")))

    async def profiles(self, call: Call) -> dict[str, Any]:
        wanted = call.request.query.getall("actors", [])[:MAX_ACTORS]
        found = [one for ref in wanted if (one := self.accounts.find(ref))]
        return {"profiles": [self.profile_view(account) for account in found]}

    def _actor(self, ref: str) -> Identity:
        account = self.accounts.find(ref)
        if account is None:
            raise invalid_request("Profile not found")
        if account.extra.get("status") in ("takendown", "suspended"):
            raise XrpcError(400, "AccountTakedown", "Account has been suspended")
        return account

    def profile_view(self, account: Identity) -> dict[str, Any]:
        return author_view(account) | {
            "description": str(account.extra.get("description") or ""),
            "followersCount": int(account.extra.get("followers", 0)),
            "followsCount": int(account.extra.get("follows", 0)),
            "postsCount": len(self.records.of(account.id, POST)),
            "indexedAt": "2026-01-05T09:00:00.000Z",
        }

    async def posts(self, call: Call) -> dict[str, Any]:
        """Up to 25; what is not there is left out."""
        wanted = call.request.query.getall("uris", [])
        if len(wanted) > MAX_URIS:
            raise invalid_request(
                f"Error: Params must have the property uris of at most {MAX_URIS}"
            )
        found = [record for uri in wanted if (record := self._visible(uri))]
        return {"posts": [self.post_view(record) for record in found]}

    def _visible(self, uri: str) -> Record | None:
        record = self.records.by_uri(uri)
        if record is None or record.collection != POST:
            return None
        lag = self.world.settings["bluesky.appview_lag_ms"] / 1000
        return record if record.written_at + lag <= self.world.now() else None

    def post_view(self, record: Record) -> dict[str, Any]:
        account = self.accounts.find(record.did)
        assert account is not None
        return {
            "uri": record.uri,
            "cid": record.cid,
            "author": author_view(account),
            "record": record.value,
            **self._counts(record),
            "replyCount": len(self.replies(record)),
            "indexedAt": iso(record.written_at),
            "labels": [],
        }

    def _counts(self, record: Record) -> dict[str, int]:
        """Made up, but the same for a post at a given age, and never falling."""
        age = max(0.0, self.world.now() - record.written_at)
        grown = 1 - math.pow(0.5, age / HALF_LIFE_S)
        digest = hashlib.sha256(record.uri.encode()).digest()
        luck = {name: digest[n] / 255 for n, name in enumerate(MOST)}
        return {name: int(most * luck[name] * grown) for name, most in MOST.items()}

    def replies(self, record: Record) -> list[Record]:
        return [
            row
            for row in self.records.rows.values()
            if row.collection == POST
            and (row.value.get("reply") or {}).get("parent", {}).get("uri")
            == record.uri
        ]

    async def thread(self, call: Call) -> dict[str, Any]:
        query = call.request.query
        record = self._visible(query.get("uri", ""))
        if record is None:
            raise XrpcError(400, "NotFound", f"Post not found: {query.get('uri')}")
        return {"thread": self._thread(record, int(query.get("depth") or 6))}

    def _thread(self, record: Record, depth: int) -> dict[str, Any]:
        replies = self.replies(record) if depth > 0 else []
        return {
            "$type": "app.bsky.feed.defs#threadViewPost",
            "post": self.post_view(record),
            "replies": [self._thread(reply, depth - 1) for reply in replies],
        }


def author_view(account: Identity) -> dict[str, Any]:
    return {
        "did": account.id,
        "handle": account.handle,
        "displayName": account.name,
        "avatar": f"https://cdn.bsky.app/img/avatar/plain/{account.id}/avatar@jpeg",
        "labels": [],
    }
