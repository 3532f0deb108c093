"""What a broken or ending connection endangers, told by the apps that sit on this one.

They register in their `apps.ready`, as with `profiles.hooks`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Endangered:
    """One thing that won't happen at its time, unless the connection is mended."""

    at: datetime
    text: str


@dataclass(frozen=True)
class Danger:
    """`count` of all, and the first of them, soonest first."""

    count: int = 0
    first: Sequence[Endangered] = field(default=())

    @property
    def more(self) -> int:
        return self.count - len(self.first)


# Profile ids with the moment from which they can't publish.
Since = Mapping[UUID, datetime]
Oracle = Callable[[Since], Mapping[UUID, Danger]]

oracles: list[Oracle] = []


def register_oracle(oracle: Oracle) -> None:
    """Add one once; registering it again changes nothing."""
    if oracle not in oracles:
        oracles.append(oracle)


def endangered(since: Since) -> dict[UUID, Danger]:
    """Only profiles that something is endangered of."""
    found: dict[UUID, Danger] = {}
    for oracle in oracles:
        for pk, danger in oracle(since).items():
            known = found.get(pk, Danger())
            first = sorted([*known.first, *danger.first], key=lambda each: each.at)
            found[pk] = Danger(known.count + danger.count, tuple(first))
    return found
