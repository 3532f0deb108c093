"""A look before the time: what would fail is told, what can be made ready is (R-F7)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core import clock
from platforms.errors import PlatformError
from platforms.types import Job, Prepared, Waiting
from publishing.actions import pauses
from publishing.actions.load import Assignment
from publishing.actions.notices import tell_risk
from publishing.actions.outcome import Columns, Verdict
from publishing.actions.publish import REFRESHED, Run
from publishing.actions.risk import Risk, risk_of
from publishing.models import Outcome, Pause, Step
from scheduling import coverage
from scheduling.actions.rows import NO_REASON
from scheduling.looks import look_again, next_look, preparing_begins
from scheduling.models import Target
from scheduling.states import TargetState

# A platform in trouble isn't pressed: there is time.
PASSING = timedelta(seconds=60)
# The clocks of the tick's machine and of this one may differ so much.
DRIFT = timedelta(seconds=0.5)


def lies_ahead(target: Target) -> bool:
    return target.due_at is not None and target.due_at > clock.now() + DRIFT


class Ahead(Run):
    """As a run, but nothing is sent, and no trouble ends more than this look."""

    def __init__(self, given: Assignment) -> None:
        super().__init__(given)
        assert self.target.due_at is not None
        self.due: datetime = self.target.due_at
        self.risk_before = self.target.reason_code

    def go(self) -> None:
        risk = risk_of(self.target, self.adapter)
        if risk:
            self._at_risk(risk)
        elif coverage.by_hand(self.target):
            self._back(self.due, **NO_REASON)
        elif self._stopped():
            self._back(look_again(self.adapter, self.due))
        elif clock.now() < preparing_begins(self.adapter, self.due):
            words = "Looked ahead: nothing stands in the way."
            self.recorder.add(Step.CHECK, Outcome.OK, words)
            self._back(next_look(self.adapter, self.due), **NO_REASON)
        else:
            super().go()

    def _stopped(self) -> bool:
        return getattr(self.target, "stop_id", None) is not None

    def _send(self, job: Job, prepared: Prepared) -> None:
        """Ready: at the time only the sending is left."""
        self._back(
            self.due,
            prepared=prepared.data,
            prepared_until=clock.now() + self.adapter.handles_live,
            **NO_REASON,
        )

    def _wait(self, waiting: Waiting) -> None:
        self._back(min(clock.seconds_from_now(waiting.seconds), self.due))

    def _leave_in_peace(self, pause: Pause) -> None:
        self.recorder.forget()
        self._back(min(pauses.back_at(pause), self.due))

    def _refuse(self, state: TargetState, code: str, message: str) -> None:
        self._at_risk(Risk(code, message))

    def _at_risk(self, risk: Risk) -> None:
        if risk.code != self.risk_before:
            self.recorder.add(Step.CHECK, Outcome.RISK, risk.message, risk.code)
        self._back(
            look_again(self.adapter, self.due),
            reason_code=risk.code,
            reason=risk.message,
            reason_field=risk.field,
        )

    def _after(self, error: PlatformError) -> Verdict:
        """Passing trouble has until the time to pass; the rest is a risk, told now."""
        state, columns = super()._after(error)
        if state == TargetState.SCHEDULED:
            at = min(max(columns["next_at"], clock.now() + PASSING), self.due)
            back = {"next_at": at, "lease_until": None, "prepared": None}
            return state, {**back, **_refreshed(columns)}
        at = look_again(self.adapter, self.due)
        return TargetState.SCHEDULED, {**columns, "next_at": at}

    def _back(self, at: datetime, **columns: Any) -> None:
        self._leave(TargetState.SCHEDULED, next_at=at, lease_until=None, **columns)

    def _tell(self) -> None:
        if self.target.reason and self.target.reason_code != self.risk_before:
            tell_risk(self.target)


def _refreshed(columns: Columns) -> Columns:
    """Kept until a look goes well: a renewed sign-in that is refused, too, is dead."""
    if columns.get("reason_code") != REFRESHED:
        return {}
    return {**NO_REASON, "reason_code": REFRESHED}
