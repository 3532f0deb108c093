"""A run leaves a state: the move, its attempts and the profile's date in one commit.

Under a crowd the commits are shared (group commit): while one thread commits, those
that come wait, and the first of them then commits for all. A thread goes on only when
its own move is committed, as it would alone; whatever goes wrong with all of them, each
does by itself.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

import structlog
from django.db import DatabaseError, connection, transaction

from profiles.models import SocialProfile
from publishing.actions.record import Recorder
from publishing.models import Attempt
from scheduling.models import Target
from scheduling.states import LostClaim, move
from scheduling.together import Move, move_together

log = structlog.get_logger(__name__)


class Ending(Enum):
    WRITTEN = "written"
    LOST = "lost"
    ALONE = "alone"


@dataclass(eq=False)
class Leaving:
    """One thread's move. `out_at`: when the platform published it, if it just did."""

    move: Move
    recorder: Recorder
    out_at: datetime | None
    ending: Ending | None = None
    woken: threading.Event = field(default_factory=threading.Event)

    def end(self) -> None:
        """In its own thread, with its own objects."""
        target = self.move.target
        if self.ending is Ending.LOST:
            raise LostClaim(str(target.pk))
        if self.ending is Ending.ALONE:
            self.alone()
            return
        self.move.take_over()
        self.recorder.written()

    @transaction.atomic
    def alone(self) -> None:
        target, columns = self.move.target, dict(self.move.columns)
        move(target, columns.pop("state"), expect=target.state, **columns)
        self.recorder.flush()
        _date([self])


class _Turns:
    """One thread at a time commits: for itself, and for all that came meanwhile."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Leaving] = []
        self._busy = False

    def leave(self, mine: Leaving) -> None:
        if self._leads(mine):
            mates = self._mates(mine)
            try:
                _commit(mates)
            finally:
                self._go_on(mates)
        mine.end()

    def _leads(self, mine: Leaving) -> bool:
        """At once when nobody commits, else when its turn has come."""
        with self._lock:
            first, self._busy = not self._busy, True
            if first:
                return True
            self._waiting.append(mine)
        mine.woken.wait()
        return mine.ending is None

    def _mates(self, mine: Leaving) -> list[Leaving]:
        with self._lock:
            others, self._waiting = self._waiting, []
        return [mine, *others]

    def _go_on(self, mates: Sequence[Leaving]) -> None:
        """Wake those it was done for, and the next that leads."""
        for mate in mates:
            mate.ending = mate.ending or Ending.ALONE
            mate.woken.set()
        with self._lock:
            self._busy = bool(self._waiting)
            if self._waiting:
                self._waiting.pop(0).woken.set()


_turns = _Turns()


def leave(
    target: Target,
    to: str,
    recorder: Recorder,
    *,
    out_at: datetime | None = None,
    **columns: Any,
) -> None:
    """Commit the move with what `recorder` holds; LostClaim as in `states.move`."""
    mine = Leaving(Move(target, to, columns), recorder, out_at)
    # What is part of a larger transaction nobody else can commit; SQLite has one writer.
    if connection.in_atomic_block or connection.vendor != "postgresql":
        mine.alone()
        return
    _turns.leave(mine)


def _commit(mates: Sequence[Leaving]) -> None:
    """Sets how it ended for each; those left without an ending do it alone."""
    try:
        with transaction.atomic():
            moved = move_together([mate.move for mate in mates])
            # By the object: a doubled message brings the same row twice.
            done = {id(each) for each in moved}
            kept = [mate for mate in mates if id(mate.move) in done]
            attempts = [one for mate in kept for one in mate.recorder.pending]
            Attempt.objects.bulk_create(attempts)
            _date(kept)
    except DatabaseError as error:
        log.info("publish.not_together", error=type(error).__name__, n=len(mates))
        return
    for mate in mates:
        mate.ending = Ending.WRITTEN if mate in kept else Ending.LOST


def _date(mates: Sequence[Leaving]) -> None:
    """When each profile last published; of several at once, the latest."""
    out = [(mate.out_at, mate.move.target.profile_id) for mate in mates if mate.out_at]
    if out:
        latest = max(at for at, _ in out)
        rows = SocialProfile.objects.filter(pk__in={pk for _, pk in out})
        rows.update(last_published_at=latest)
