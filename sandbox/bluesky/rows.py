"""Rows the Bluesky double keeps; all values are plain JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Record:
    """One record of a repository; the key in the table is `did/collection/rkey`."""

    did: str
    collection: str
    rkey: str
    cid: str
    value: dict[str, Any]
    written_at: float

    @property
    def uri(self) -> str:
        return f"at://{self.did}/{self.collection}/{self.rkey}"


@dataclass(slots=True)
class Blob:
    """An uploaded file; `facts` as in the ledger. Kept once a record names it."""

    did: str
    cid: str
    mime: str
    size: int
    uploaded_at: float
    kept: bool = False
    facts: dict[str, Any] = field(default_factory=dict)

    def reference(self) -> dict[str, Any]:
        return {
            "$type": "blob",
            "ref": {"$link": self.cid},
            "mimeType": self.mime,
            "size": self.size,
        }


@dataclass(slots=True)
class Pushed:
    """A pushed authorization request; `jkt` is the DPoP key it was made with."""

    uri: str
    issuer: str
    client: str
    client_key: str
    parameters: dict[str, str]
    jkt: str
    expires_at: float
    name: str = ""


@dataclass(slots=True)
class Session:
    """A sign-in: by app password or by OAuth. A replay deletes it.

    `spent` are refresh tokens that were used, `client_key` the `kid` of a
    confidential client.
    """

    id: str
    did: str
    kind: str
    client: str = ""
    client_key: str = ""
    jkt: str = ""
    scopes: list[str] = field(default_factory=list)
    created_at: float = 0.0
    refresh: str = ""
    spent: list[str] = field(default_factory=list)
    code: str = ""


@dataclass(slots=True)
class Job:
    """A video on its way; its state follows from the time since `started_at`."""

    id: str
    did: str
    sha256: str
    started_at: float
    duration_s: float
    failure: str = ""
    blob: str = ""
    settled: bool = False
