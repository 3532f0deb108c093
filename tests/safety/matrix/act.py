"""What stands in the table: an act is one method of an address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from accounts.rights import Right
from tests.safety.matrix.world import Side


class Need(StrEnum):
    """What lets a person in. Rights of a group are `accounts.rights.Right`."""

    # Whoever comes; the address itself may hold the proof (a token, a signature).
    NOTHING = "nothing"
    # Any person; the page shows that person's own things.
    SIGNED_IN = "signed in"
    # A role in the group, whichever.
    ROLE = "role"
    # The owner of the account.
    OWNER = "owner"
    # The very person whom it belongs to.
    SELF = "self"


Fields = Callable[[Side], Mapping[str, Any]]


def nothing(side: Side) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class Act:
    """`at` replaces ids of the address, `statuses` are fine beside success.

    `idle`: nothing is written even if it succeeds; `writes`: a GET that does;
    `shows_all`: it is meant to show everybody's (the demo's mailbox).
    """

    method: str
    need: Need | Right
    body: Fields = nothing
    query: Fields = nothing
    at: Fields = nothing
    json: bool = False
    idle: bool = False
    writes: bool = False
    shows_all: bool = False
    # What it changes depends on the person: no effect is asked for.
    varied: bool = False
    # Says nothing of what isn't one's own, and does nothing.
    hushed: bool = False
    # Needs the owner, on a page that all of the group see.
    in_group: bool = False
    # Reaches over the groups of one account, as it should.
    across: bool = False
    statuses: frozenset[int] = field(default_factory=frozenset)

    @property
    def safe(self) -> bool:
        return self.method == "GET"


Door = tuple[Act, ...]


def get(need: Need | Right, **more: Any) -> Act:
    return Act("GET", need, **more)


def form(need: Need | Right, body: Fields = nothing, **more: Any) -> Act:
    """As a browser sends it."""
    return Act("POST", need, body, **more)


def api(method: str, need: Need | Right, body: Fields = nothing, **more: Any) -> Act:
    """As a program sends it."""
    return Act(method, need, body, json=True, **more)


def also(*statuses: int) -> frozenset[int]:
    return frozenset(statuses)
