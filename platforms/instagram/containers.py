"""Containers, from creation to "ready to publish": all of a post that may be repeated.

Each container's id goes into the journal before anything else happens, so a crash
costs nothing but a look. A container that failed by Instagram's doing is made anew
once; one that died of age, as often as needed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.http import Reply
from platforms.errors import PlatformError, Rejected, Unavailable
from platforms.instagram import api, payloads
from platforms.instagram.api import Account
from platforms.instagram.errors import (
    LOST,
    NAME,
    UNREADABLE_ADDRESS,
    has_subcode,
    subcode_in,
)
from platforms.instagram.limits import (
    FETCH_TRIES,
    PACE_END_S,
    PACE_S,
    PATIENCE_LOOKS,
)
from platforms.types import Draft, Journal, Media, Prepared, Waiting

Entry = dict[str, Any]
Make = Callable[[], payloads.Fields]

SINGLE = "container"
PARENT = "parent"
WAIT = "wait"
FETCH = "fetch"

UNFETCHED = (
    "Instagram couldn't read the file from this installation, three times over. Its "
    "operator must check that the public address of media can be reached."
)
STILL_WORKING = "Instagram has been working on this for a quarter of an hour."


class Gone(Exception):
    """A container must be made anew; `fault` says why, empty when it died of age."""

    def __init__(self, step: str, fault: PlatformError | None) -> None:
        super().__init__(step)
        self.step = step
        self.fault = fault


@dataclass(frozen=True)
class Work:
    """One publication's containers. `resumable`: bytes may be uploaded, too."""

    account: Account
    draft: Draft
    journal: Journal
    resumable: bool

    def prepare(self) -> Prepared | Waiting:
        try:
            return self._advance()
        except Gone as gone:
            self._forget(gone)
            return self._wait("making it anew")

    def _advance(self) -> Prepared | Waiting:
        if self.draft.kind == "carousel":
            return self._carousel()
        item = self.draft.media[0]
        return self._last(SINGLE, self._single_fields, item)

    def _single_fields(self) -> payloads.Fields:
        return payloads.single(self.draft, resumable=self.resumable)

    def _carousel(self) -> Prepared | Waiting:
        children: list[str] = []
        waiting: Waiting | None = None
        for number, item in enumerate(self.draft.media):
            made = self._child(f"item-{number}", item)
            if isinstance(made, Waiting):
                waiting = made
            else:
                children.append(made)
        if waiting is not None:
            return self._wait("processing files")
        return self._last(PARENT, lambda: payloads.parent(self.draft, children))

    def _child(self, step: str, item: Media) -> str | Waiting:
        """The id of a finished item; its being finished is not asked for twice."""
        entry = self.journal.get(step) or {}
        if entry.get("finished"):
            return str(entry["id"])
        if self._make(
            step,
            entry,
            lambda: payloads.child(item, resumable=self.resumable),
            item,
        ):
            return Waiting(PACE_S[0])
        entry = self.journal.get(step) or {}
        if self._state(step, str(entry["id"])) == "IN_PROGRESS":
            return Waiting(PACE_S[0])
        self.journal.put(step, {**entry, "finished": True})
        return str(entry["id"])

    def _last(
        self, step: str, fields: Make, item: Media | None = None
    ) -> Prepared | Waiting:
        """The container that is going to be published; looked at each time."""
        if self._make(step, self.journal.get(step) or {}, fields, item):
            self.journal.put(WAIT, {"looks": 0})
            return self._wait("processing")
        container = str((self.journal.get(step) or {})["id"])
        state = self._state(step, container)
        if state == "IN_PROGRESS":
            return self._wait("processing")
        return Prepared({"container": container, "published": state == "PUBLISHED"})

    def _make(self, step: str, entry: Entry, fields: Make, item: Media | None) -> bool:
        """Create and upload whatever is missing; whether anything was."""
        new = not entry.get("id")
        if new:
            created = self._create(step, fields())
            entry = {**entry, "id": created.id, "uri": created.uri, "finished": False}
            self.journal.put(step, entry)
        if entry.get("uri") and item is not None:
            self._upload(entry, item, resumed=not new)
            self.journal.put(step, {**entry, "uri": ""})
            return True
        return new

    def _create(self, step: str, fields: payloads.Fields) -> api.Created:
        try:
            return api.create_container(self.account, fields)
        except Unavailable as error:
            if has_subcode(error.code, *LOST):
                raise Gone(step, error) from None
            if has_subcode(error.code, UNREADABLE_ADDRESS):
                self._count_fetch(error)
            raise

    def _count_fetch(self, error: Unavailable) -> None:
        """Often it passes, often it is our own door: not to be tried for ever."""
        tries = int((self.journal.get(FETCH) or {"tries": 0})["tries"]) + 1
        self.journal.put(FETCH, {"tries": tries})
        if tries >= FETCH_TRIES:
            raise Rejected(UNFETCHED, "media", code=error.code) from None

    def _upload(self, entry: Entry, item: Media, *, resumed: bool) -> None:
        data = item.bytes()
        offset = api.uploaded_bytes(self.account, entry["id"]) if resumed else 0
        if offset < len(data):
            api.upload(self.account, entry["uri"], data, offset)

    def _state(self, step: str, container: str) -> api.State:
        try:
            status = api.container_status(self.account, container)
        except Unavailable as error:
            if has_subcode(error.code, *LOST):
                raise Gone(step, error) from None
            raise
        if status.state == "EXPIRED":
            raise Gone(step, None)
        if status.state == "ERROR":
            raise Gone(step, self._meaning(status.text))
        return status.state

    def _meaning(self, text: str) -> PlatformError:
        """What a container's failure means; one nobody knows is worth a second try."""
        judge = self.account.graph.judge
        subcode = subcode_in(text)
        facts = {"code": str(subcode or "ERROR"), "details": text[:500]}
        fault = judge.fault(0, subcode) if subcode else None
        if fault is None:
            return Unavailable(f"{NAME} couldn't process this file.", **facts)  # type: ignore[arg-type]
        return judge.error(fault, Reply(200, {}, b""), facts)

    def _forget(self, gone: Gone) -> None:
        """Ready the journal for new containers, or raise what keeps failing."""
        entry = self.journal.get(gone.step) or {}
        remade = int(entry.get("remade", 0))
        if gone.fault is not None:
            self._refuse(gone.fault, remade)
            remade += 1
        if gone.step == PARENT:  # its items are as old as itself, or part of the fault
            for number in range(len(self.draft.media)):
                self._reset(f"item-{number}")
        self.journal.put(gone.step, {"id": "", "remade": remade})

    def _reset(self, step: str) -> None:
        entry = self.journal.get(step) or {}
        self.journal.put(step, {"id": "", "remade": int(entry.get("remade", 0))})

    def _refuse(self, fault: PlatformError, remade: int) -> None:
        if not isinstance(fault, Unavailable):
            raise fault
        if remade:
            raise Rejected(
                fault.message, "media", code=fault.code, details=fault.details
            )

    def _wait(self, note: str) -> Waiting:
        """The pace of looking; after that a person is told, and the container kept."""
        looks = int((self.journal.get(WAIT) or {"looks": 0})["looks"])
        self.journal.put(WAIT, {"looks": looks + 1})
        if looks >= PATIENCE_LOOKS:
            raise Unavailable(STILL_WORKING, code="processing")
        seconds = PACE_S[looks] if looks < len(PACE_S) else PACE_END_S
        return Waiting(seconds, f"{NAME}: {note}")
