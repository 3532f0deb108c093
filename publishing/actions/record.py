"""Attempts: what each step did, from the trace of its calls (R-F6)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from core import clock, http
from core.redact import redact
from platforms import usage
from platforms.errors import (
    OutcomeUnknown,
    PlatformError,
    RateLimited,
    Unavailable,
)
from publishing import metrics
from publishing.actions import pauses
from publishing.models import Attempt, Outcome, Step
from publishing.stopping import Stopping
from scheduling.models import Target


@dataclass
class Recorder:
    """Collects the attempts of one run; `flush` writes them with the state's move."""

    target: Target
    pending: list[Attempt] = field(default_factory=list)
    # The state that the last flush left behind, for the counters.
    before: str = ""

    def __post_init__(self) -> None:
        self.before = self.target.state

    @contextmanager
    def step(self, step: Step) -> Iterator[Attempt]:
        """Times the block and counts its calls; PlatformErrors pass through, noted."""
        attempt = Attempt(
            target=self.target,
            fence=self.target.fence,
            step=step,
            outcome=Outcome.OK,
            at=clock.now(),
        )
        self.pending.append(attempt)
        started = time.monotonic()
        with http.trace() as calls, usage.listening() as heard:
            try:
                yield attempt
            except PlatformError as error:
                note(attempt, error)
                raise
            except Stopping:
                attempt.outcome = Outcome.RETRY
                attempt.message = "Interrupted: the worker was told to stop."
                raise
            finally:
                attempt.duration_ms = round((time.monotonic() - started) * 1000)
                _add_calls(attempt, calls)
                for near in heard:
                    pauses.spare(self.target, near)

    def add(self, step: Step, outcome: Outcome, message: str, code: str = "") -> None:
        self.pending.append(
            Attempt(
                target=self.target,
                fence=self.target.fence,
                step=step,
                outcome=outcome,
                message=message,
                code=code,
            )
        )

    def forget(self) -> None:
        """Nothing came of it that is worth a line."""
        self.pending.clear()

    def flush(self) -> None:
        Attempt.objects.bulk_create(self.pending)
        self.written()

    def written(self) -> None:
        """The pending ones are in the database, and the target's state with them."""
        attempts, self.pending = self.pending, []
        metrics.attempted(self.target, attempts, self.before)
        self.before = self.target.state


def note(attempt: Attempt, error: PlatformError) -> None:
    attempt.outcome = _outcome(attempt, error)
    attempt.code = (error.code or type(error).__name__)[:64]
    attempt.message = redact(error.message)
    attempt.details = redact(error.details)
    attempt.http_status = error.status
    attempt.request_id = error.request_id[:128]


def _outcome(attempt: Attempt, error: PlatformError) -> Outcome:
    """Only a platform that answered has refused; before sending nothing is unsure."""
    if isinstance(error, OutcomeUnknown) and attempt.step == Step.SEND:
        return Outcome.UNKNOWN
    if isinstance(error, OutcomeUnknown | RateLimited | Unavailable):
        return Outcome.RETRY
    return Outcome.REFUSED


def _add_calls(attempt: Attempt, calls: list[http.Call]) -> None:
    attempt.calls = len(calls)
    if not calls:
        return
    last = calls[-1]
    attempt.http_status = attempt.http_status or last.status
    attempt.request_id = attempt.request_id or last.request_id[:128]
    attempt.details = attempt.details or last.excerpt
