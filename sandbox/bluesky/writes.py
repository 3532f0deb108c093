"""One write of a repository: read from a body, checked, done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.bluesky.blobs import Blobs
from sandbox.bluesky.cid import NotStorable, dag_cbor, misfit
from sandbox.bluesky.errors import internal_error, invalid_request
from sandbox.bluesky.lexicon import LexiconError
from sandbox.bluesky.publications import publication
from sandbox.bluesky.records import Records
from sandbox.bluesky.rows import Record
from sandbox.bluesky.schemas import KEYS, schema_of
from sandbox.bluesky.syntax import is_nsid
from sandbox.bluesky.tid import is_record_key, is_tid
from sandbox.state import Identity
from sandbox.world import World


@dataclass(slots=True)
class Write:
    """`action` is create, update or delete; `path` says where errors are.

    `status` is the answer's validationStatus, "" when no check was wanted.
    """

    action: str
    collection: str
    rkey: str
    value: dict[str, Any]
    path: str = "$.record"
    status: str = ""


class Writer:
    """All checks come before the first change, so a call is all or nothing."""

    def __init__(self, world: World, records: Records, blobs: Blobs) -> None:
        self.world, self.records, self.blobs = world, records, blobs

    def prepare(self, write: Write, validate: bool | None) -> None:
        """XrpcError InvalidRequest with the server's own words."""
        if not is_nsid(write.collection):
            raise invalid_request(f'Invalid NSID (got "{write.collection}")')
        if write.action == "delete":
            return
        write.rkey = write.rkey or self.records.next_key()
        check_key(write.collection, write.rkey)
        check_type(write)
        check_storable(write)
        write.status = self._validated(write, validate)

    def _validated(self, write: Write, validate: bool | None) -> str:
        if validate is False:
            return ""
        limit = self.world.settings["bluesky.image_bytes"]
        schema = schema_of(write.collection, limit)
        if schema is None:
            if validate:
                raise invalid_request(f"Unknown lexicon type: {write.collection}")
            return "unknown"
        try:
            schema.check(write.value, write.path)
        except LexiconError as error:
            raise invalid_request(
                f"Invalid {write.collection} record: {error}"
            ) from error
        return "valid"

    def apply(
        self, account: Identity, writes: list[Write], app: str
    ) -> tuple[dict[str, str] | None, list[Record | None]]:
        """The commit (None if nothing changed) and the records in order."""
        for write in writes:
            self._check_place(account, write)
        for write in writes:
            self.blobs.keep(account.id, write.value)
        results = [self._do(account, write, app) for write in writes]
        changed = any(results) or any(write.action == "delete" for write in writes)
        return (self.records.commit(account) if changed else None), results

    def _check_place(self, account: Identity, write: Write) -> None:
        """The official server answers a used key with a plain 500."""
        there = self.records.get(account.id, write.collection, write.rkey)
        if (write.action == "create" and there is not None) or (
            write.action != "create" and there is None
        ):
            raise internal_error()

    def _do(self, account: Identity, write: Write, app: str) -> Record | None:
        if write.action == "delete":
            record = self.records.get(account.id, write.collection, write.rkey)
            assert record is not None
            self.records.remove(record)
            return None
        record = self.records.put(account, write.collection, write.rkey, write.value)
        if write.collection == "app.bsky.feed.post" and write.action == "create":
            self.world.publish(publication(account, record, self.blobs, app))
        return record


def check_key(collection: str, rkey: str) -> None:
    if not is_record_key(rkey):
        raise invalid_request(f'Invalid record key (got "{rkey}") at $.rkey')
    wanted = KEYS.get(collection)
    if wanted == "tid" and not is_tid(rkey):
        raise invalid_request(
            f'Invalid record key for {collection}: Invalid TID string (got "{rkey}") '
            "at $"
        )
    if wanted == "self" and rkey != "self":
        raise invalid_request(
            f'Invalid record key for {collection}: Expected "self" (got "{rkey}") at $'
        )


def check_type(write: Write) -> None:
    """A record without a type gets its collection's."""
    kind = write.value.setdefault("$type", write.collection)
    if kind != write.collection:
        raise invalid_request(f"Invalid $type: expected {write.collection}, got {kind}")


def check_storable(write: Write) -> None:
    try:
        dag_cbor(write.value)
    except NotStorable as error:
        raise invalid_request(
            "Expected one of null, boolean, integer, string, cid, bytes, array or "
            f"object value type (got {error}) at {misfit(write.value, write.path)}"
        ) from error
