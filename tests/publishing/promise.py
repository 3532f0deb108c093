"""What must be true of each row at any moment, whatever happened before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from notifications.models import Notice
from scheduling.models import Target, TargetQuerySet
from scheduling.states import FINAL, MOVES, TargetState
from tests.publishing import wall

S = TargetState


@dataclass
class Believed:
    """The model: the texts of its parts, and how often each may be on the wall.

    `ended`: a person said that a part is out, or dropped the rest; no more follows.
    """

    texts: list[str]
    allowed: list[int] = field(default_factory=list)
    ended: bool = False

    def __post_init__(self) -> None:
        self.allowed = [1] * len(self.texts)


def at_most_once(target: Target, known: Believed) -> None:
    """Of each part, in the words that it has now, and in their order."""
    said = [wall.WALL.said((str(target.pk), part)) for part in range(len(known.texts))]
    for posted, allowed, text in zip(said, known.allowed, known.texts, strict=True):
        assert len(posted) <= allowed, posted
        assert not posted or posted[-1] == text, "words of an older version"
    out = [bool(posted) for posted in said]
    assert out == sorted(out, reverse=True), "a part before the one it follows"
    # One without an id is there by a person's word, who may be wrong.
    ours = [part for part in target.parts_out if part["id"]]
    assert all(out[: len(ours)]), told(target)
    if target.state == S.PUBLISHED and not known.ended:
        assert all(out), told(target)
    if target.state in (S.REMINDER, S.DONE) and max(known.allowed) == 1:
        assert not any(out), "posted by us and by hand"


def deadline(target: Target) -> datetime:
    moment = target.lease_until or target.next_at
    assert moment, told(target)
    return moment


def owned(target: Target) -> bool:
    if target.state in (S.CLAIMED, S.SENDING):
        return target.lease_until is not None
    waiting = (S.SCHEDULED, S.PROCESSING, S.UNCONFIRMED, S.PUBLISHED)
    return target.state in waiting and target.next_at is not None


def over(target: Target) -> bool:
    return target.state in FINAL and target.next_at is None


def asked(target: Target) -> bool:
    """A person was told of this very state."""
    code, post = f"target.{target.state}", str(target.post_id)
    told_of = Notice.objects.filter(code=code, path__contains=post)
    return target.next_at is None and told_of.exists()


def told(target: Target) -> str:
    facts = ("state", "reason_code", "next_at", "lease_until", "tries", "fence")
    return ", ".join(f"{name}={getattr(target, name)}" for name in facts)


def lawful(inner: Callable[..., int]) -> Callable[..., int]:
    """`update` of targets: every change of state stands in MOVES."""

    def update(rows: TargetQuerySet, **columns: Any) -> int:
        if "state" in columns:
            left = set(rows.values_list("state", flat=True)) - {columns["state"]}
            unlawful = [state for state in left if columns["state"] not in MOVES[state]]
            assert not unlawful, f"{unlawful} -> {columns['state']}"
        return inner(rows, **columns)

    return update
