"""States of a target, the allowed moves, and the one function that moves (R-F3).

Nothing else writes `state`. Every move names the state it leaves and the fencing
number it was claimed under, and writes named columns only.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models

from core.batches import batches

if TYPE_CHECKING:
    from scheduling.models import Target


class TargetState(models.TextChoices):
    DRAFT = "draft", "Draft"
    SCHEDULED = "scheduled", "Scheduled"
    CLAIMED = "claimed", "Publishing"
    SENDING = "sending", "Publishing"
    PROCESSING = "processing", "Processing"
    PUBLISHED = "published", "Published"
    FAILED = "failed", "Failed"
    HELD = "held", "On hold"
    MISSED = "missed", "Missed"
    UNCONFIRMED = "unconfirmed", "Needs check"
    CANCELLED = "cancelled", "Cancelled"
    # Its time came, and a person was told to post it by hand.
    REMINDER = "reminder", "Time to post"
    DONE = "done", "Posted by hand"


class PublishBy(models.TextChoices):
    """Who posts it at its time: we, or a person whom we remind (R-E5)."""

    AUTO = "auto", "Auto Publish"
    REMINDER = "reminder", "Reminder"
    # Auto Publish was chosen; the account's plan doesn't cover it any more (R-B7).
    PLAN = "plan", "Reminder, by the plan"


S = TargetState

# Published: of a thread that is out in part, the rest is dropped.
_STOPPED = frozenset({S.SCHEDULED, S.DRAFT, S.CANCELLED, S.PUBLISHED})

MOVES: dict[str, frozenset[str]] = {
    S.DRAFT: frozenset({S.SCHEDULED, S.CANCELLED}),
    S.SCHEDULED: frozenset({S.DRAFT, S.CLAIMED, S.HELD, S.CANCELLED}),
    # Nothing was sent yet: everything may still happen.
    S.CLAIMED: frozenset(
        {
            S.SENDING,
            S.SCHEDULED,
            S.DRAFT,
            S.HELD,
            S.FAILED,
            S.MISSED,
            S.CANCELLED,
            S.REMINDER,
        }
    ),
    # Back to scheduled, or dropped as too late, only when the platform surely didn't take it.
    S.SENDING: frozenset(
        {
            S.PUBLISHED,
            S.PROCESSING,
            S.UNCONFIRMED,
            S.SCHEDULED,
            S.FAILED,
            S.HELD,
            S.CANCELLED,
        }
    ),
    # Back to scheduled when the next part of a thread follows.
    S.PROCESSING: frozenset({S.PUBLISHED, S.FAILED, S.UNCONFIRMED, S.SCHEDULED}),
    S.UNCONFIRMED: frozenset(
        {S.PUBLISHED, S.PROCESSING, S.SCHEDULED, S.FAILED, S.CANCELLED}
    ),
    S.PUBLISHED: frozenset(),
    S.FAILED: _STOPPED,
    S.HELD: _STOPPED,
    S.MISSED: _STOPPED,
    # A profile that was taken off the post and is chosen again.
    S.CANCELLED: frozenset({S.SCHEDULED, S.DRAFT}),
    S.REMINDER: frozenset({S.DONE, S.SCHEDULED, S.DRAFT, S.CANCELLED}),
    S.DONE: frozenset(),
}

# No state of a row: scheduled, and what is known now will stop it at its time (R-F9).
AT_RISK = "at_risk"
# No state of a row: scheduled, and a person will be reminded to post it.
TO_REMIND = "to_remind"
# Reasons of a scheduled row that tell why it waits, not what stands in its way.
WAITS = frozenset({"", "paused"})

# A person may change text, media and time in these; claimed ones are taken back.
EDITABLE = frozenset(
    {S.DRAFT, S.SCHEDULED, S.CLAIMED, S.HELD, S.FAILED, S.MISSED, S.REMINDER}
)
# The engine is at work and will move on by itself, by `next_at` or the lease.
IN_FLIGHT = frozenset({S.CLAIMED, S.SENDING, S.PROCESSING, S.UNCONFIRMED})
# Sent, with a question left that `next_at` will ask: what became of it, its address.
OPEN_ENDS = frozenset({S.PROCESSING, S.UNCONFIRMED, S.PUBLISHED})
# It is out, or may be: what was sent must not change under it.
FROZEN = frozenset({S.PUBLISHED, S.UNCONFIRMED, S.DONE})
# It is out, whoever posted it.
OUT = frozenset({S.PUBLISHED, S.DONE})
# The platform has it in hand: a person waits for the answer.
AT_PLATFORM = frozenset({S.SENDING, S.PROCESSING})
# Its time came and it wasn't sent: it waits for somebody to choose another.
ON_HOLD = frozenset({S.HELD, S.MISSED})
FINAL = frozenset({S.PUBLISHED, S.CANCELLED, S.DONE})


class IllegalMove(Exception):
    """The code tried a move that the table doesn't have: a bug, not bad input."""


class LostClaim(Exception):
    """Somebody else moved the row meanwhile: stop, and write nothing."""


def move(target: Target, to: str, *, expect: str, **columns: Any) -> None:
    """Move one row and take its columns over; LostClaim when it isn't as expected."""
    if to not in MOVES[expect]:
        raise IllegalMove(f"target: {expect} -> {to}")
    rows = type(target).objects.filter(pk=target.pk, state=expect, fence=target.fence)
    write(rows, target, {"state": to, **columns})


def stay(target: Target, *, expect: str, **columns: Any) -> None:
    """Write columns of a row that keeps its state; LostClaim as in `move`."""
    rows = type(target).objects.filter(pk=target.pk, state=expect, fence=target.fence)
    write(rows, target, columns)


def move_every(targets: Iterable[Target], to: str, **columns: Any) -> None:
    """Many rows at once, also those that are there already; every fence rises.

    A statement for those of one state and fence. LostClaim when one isn't as expected.
    """
    alike: dict[tuple[str, int], list[Target]] = {}
    for target in targets:
        alike.setdefault((target.state, target.fence), []).append(target)
    for (state, fence), same in alike.items():
        if state != to and to not in MOVES[state]:
            raise IllegalMove(f"target: {state} -> {to}")
        for some in batches(same):
            ids = [target.pk for target in some]
            rows = type(some[0]).objects.filter(pk__in=ids, state=state, fence=fence)
            write_every(rows, some, {"state": to, "fence": fence + 1, **columns})


def write_every(
    rows: models.QuerySet[Target], targets: list[Target], columns: dict[str, Any]
) -> None:
    if rows.update(**columns) != len(targets):
        raise LostClaim(f"{len(targets)} at once")
    for target in targets:
        for name, value in columns.items():
            setattr(target, name, value)


def write(
    rows: models.QuerySet[Target], target: Target, columns: dict[str, Any]
) -> None:
    if rows.update(**columns) != 1:
        raise LostClaim(str(target.pk))
    for name, value in columns.items():
        setattr(target, name, value)
