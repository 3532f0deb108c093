"""What was tried and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Report:
    """A leak lets somebody see or do what isn't theirs; a fault is a shut door that
    should be open, a 500, or an entry that proves nothing."""

    pairs: int = 0
    leaks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def add(self, other: Report) -> None:
        self.pairs += other.pairs
        self.leaks += other.leaks
        self.faults += other.faults

    @property
    def lines(self) -> list[str]:
        return [
            *(f"LEAK  {line}" for line in self.leaks),
            *(f"fault {line}" for line in self.faults),
        ]
