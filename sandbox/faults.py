"""Trouble on demand: rules that delay, refuse, cut or garble a platform's answers.

| kind         | what happens                                                      |
|--------------|-------------------------------------------------------------------|
| latency      | `delay_ms` more, then the usual answer                            |
| rate_limited | the platform's own shape; with `generic` HTTP 429 and Retry-After |
| error        | `status` with `body`, else the platform's shape from `detail`     |
| cut_before   | connection cut, nothing was accepted                              |
| cut_after    | all was accepted, connection cut without an answer                |
| malformed    | an answer that stops in the middle of its JSON                    |
| empty        | an answer without a body                                          |
| slow_body    | the answer's bytes dripped over `delay_ms`                        |
| hang         | nothing for `delay_ms`, then cut                                  |

`accepted` says whether the handler runs first. It is true by default for
malformed, empty and hang, false for rate_limited and error.
"""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass, field
from typing import Any

KINDS = (
    "latency",
    "rate_limited",
    "error",
    "cut_before",
    "cut_after",
    "malformed",
    "empty",
    "slow_body",
    "hang",
)
NUMBERS = frozenset({"times", "delay_ms", "status", "retry_after"})
RUNS_FIRST = frozenset({"cut_after", "malformed", "empty", "slow_body", "hang"})


class BadRule(ValueError):
    """The rule cannot be understood; the text says why."""


@dataclass(slots=True)
class Fault:
    """One rule. `times` None = until removed; empty filters match everything."""

    kind: str
    platform: str = "*"
    step: str = "*"
    profile: str = ""
    times: int | None = 1
    delay_ms: int = 0
    status: int = 500
    retry_after: int = 0
    body: Any = None
    detail: dict[str, Any] = field(default_factory=dict)
    accepted: bool | None = None
    generic: bool = False
    id: int = 0
    hits: int = 0

    def matches(self, platform: str, step: str, profile: str) -> bool:
        return (
            self.platform in ("*", platform)
            and self.step in ("*", step)
            and self.profile in ("", profile)
        )

    @property
    def runs_handler(self) -> bool:
        if self.kind == "cut_before":
            return False
        if self.kind in ("cut_after", "slow_body", "latency"):
            return True
        if self.accepted is None:
            return self.kind in RUNS_FIRST
        return self.accepted


def _check_types(rule: dict[str, Any]) -> None:
    for name in NUMBERS & set(rule):
        empty = name == "times" and rule[name] is None
        if type(rule[name]) is not int and not empty:
            raise BadRule(f"{name} must be a whole number.")
    if not isinstance(rule.get("detail", {}), dict):
        raise BadRule("detail must be an object.")


class Faults:
    """The rules in force, in the order they were added."""

    def __init__(self) -> None:
        self.rules: dict[int, Fault] = {}
        self._ids = itertools.count(1)

    def add(self, rule: dict[str, Any]) -> Fault:
        """BadRule if a name or a kind is unknown."""
        unknown = set(rule) - set(Fault.__dataclass_fields__)
        if unknown:
            raise BadRule(f"Unknown fields: {', '.join(sorted(unknown))}.")
        if rule.get("kind") not in KINDS:
            raise BadRule(f"kind must be one of {', '.join(KINDS)}.")
        _check_types(rule)
        fault = Fault(**rule)
        fault.id, fault.hits = next(self._ids), 0
        self.rules[fault.id] = fault
        return fault

    def take(self, platform: str, step: str, profile: str) -> list[Fault]:
        """The delays that match and at most one other rule; each use counts."""
        taken: list[Fault] = []
        for rule in list(self.rules.values()):
            spent = any(other.kind != "latency" for other in taken)
            if spent and rule.kind != "latency":
                continue
            if rule.matches(platform, step, profile):
                taken.append(rule)
                self._use(rule)
        return taken

    def _use(self, rule: Fault) -> None:
        rule.hits += 1
        if rule.times is not None:
            rule.times -= 1
            if rule.times <= 0:
                self.rules.pop(rule.id, None)

    def remove(self, rule_id: int) -> bool:
        return self.rules.pop(rule_id, None) is not None

    def clear(self) -> None:
        self.rules.clear()

    def all(self) -> list[dict[str, Any]]:
        return [asdict(rule) for rule in self.rules.values()]
