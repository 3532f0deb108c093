"""What was accepted (the ledger) and what was asked (the call log)."""

from __future__ import annotations

import uuid
from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.state import State, Table

CALLS_KEPT = 20_000


def iso(seconds: float) -> str:
    """Unix seconds as UTC ISO 8601 with milliseconds."""
    moment = datetime.fromtimestamp(seconds, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(slots=True)
class Publication:
    """One accepted publication. `media` holds `MediaFacts.as_ledger()` dicts."""

    platform: str
    profile: str
    kind: str
    text: str
    remote_id: str
    permalink: str
    app: str
    media: list[dict[str, Any]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    accepted_at: str = ""
    id: str = ""


class Ledger:
    """Publications in the order of acceptance."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.rows: Table[Publication] = state.table("ledger", Publication)

    def add(self, publication: Publication, now: float) -> Publication:
        publication.id = uuid.uuid4().hex
        publication.accepted_at = iso(now)
        self.rows[publication.id] = publication
        self.state.touch()
        return publication

    def find(
        self, platform: str = "", profile: str = "", since: str = ""
    ) -> list[dict[str, Any]]:
        """Filters left empty do not filter; `since` is ISO text, inclusive."""
        return [
            asdict(row)
            for row in self.rows.values()
            if (not platform or row.platform == platform)
            and (not profile or row.profile == profile)
            and (not since or row.accepted_at >= since)
        ]

    def clear(self) -> None:
        self.rows.clear()
        self.state.touch()


@dataclass(slots=True)
class LoggedCall:
    """One call of a platform. `status` 0 = the connection was cut. No secrets.

    `at` is Unix seconds here and ISO text in what `find` returns.
    """

    platform: str
    step: str
    profile: str
    method: str
    host: str
    status: int
    at: float
    duration_ms: float
    fault: str = ""


class CallLog:
    """The last calls, oldest first."""

    def __init__(self) -> None:
        self.rows: deque[LoggedCall] = deque(maxlen=CALLS_KEPT)

    def add(self, call: LoggedCall) -> None:
        self.rows.append(call)

    def find(
        self, platform: str = "", step: str = "", profile: str = ""
    ) -> list[dict[str, Any]]:
        return [
            {**asdict(row), "at": iso(row.at)}
            for row in self.rows
            if (not platform or row.platform == platform)
            and (not step or row.step == step)
            and (not profile or row.profile == profile)
        ]

    def clear(self) -> None:
        self.rows.clear()
