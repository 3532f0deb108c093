"""One claimed target: check, prepare, commit the intent, send, commit the answer."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction

from core import clock
from core.errors import DomainError
from platforms import registry
from platforms.adapter import Adapter
from platforms.errors import (
    AuthExpired,
    OutcomeUnknown,
    PermissionMissing,
    PlatformError,
    RateLimited,
    Rejected,
    Unavailable,
)
from platforms.types import Job, Prepared, Waiting
from profiles.actions.tokens import Usable, fresh_token, refresh
from profiles.actions.trouble import note_trouble
from profiles.errors import ConnectionBroken
from publishing import stopping
from publishing.actions import outcome, pacing, pauses
from publishing.actions.arrive import arrive, fetch_permalink, parts_before
from publishing.actions.check import refusal
from publishing.actions.leave import leave
from publishing.actions.load import Assignment
from publishing.actions.notices import tell
from publishing.actions.pauses import Peace
from publishing.actions.record import Recorder
from publishing.models import Outcome, Pause, Step
from publishing.stopping import Stopping
from scheduling.drafts import build
from scheduling.models import Target
from scheduling.states import TargetState, move, stay

log = structlog.get_logger(__name__)

REFRESHED = "refreshed"
# Between the longest call and the moment when others may take its row.
MARGIN_S = 30.0


class Stalled(Exception):
    """This worker slept so long that its lease may be gone: it must not send."""


class RowJournal:
    """The target's journal: written through, and each write renews the lease."""

    def __init__(self, target: Target) -> None:
        self.target = target

    def get(self, step: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = self.target.journal.get(step)
        return found

    def put(self, step: str, data: dict[str, Any]) -> None:
        stay(
            self.target,
            expect=TargetState.CLAIMED,
            journal={**self.target.journal, step: data},
            lease_until=clock.seconds_from_now(settings.PUBLISH_LEASE_S),
        )
        stopping.check()


class Run:
    """The way of one claimed target; every exit is a move."""

    def __init__(self, given: Assignment) -> None:
        self.target = target = given.target
        self.known = given.pauses
        self.adapter: Adapter = registry.get(target.profile.platform)
        self.recorder = Recorder(target)
        self.usable: Usable | None = None
        self.peace: Peace | None = None

    def go(self) -> None:
        """Raises LostClaim when the target was edited or taken meanwhile."""
        refused = refusal(self.target)
        if refused:
            self._refuse(refused.state, refused.code, refused.message)
            return
        try:
            stopping.check()
            job = self._job()
            self.peace = Peace(self.adapter, job, self.target, self.known)
            pause = self.peace.held_by()
            if pause is not None:
                self._leave_in_peace(pause)
                return
            # What follows the post may be held up for long; its link needn't be.
            fetch_permalink(self.adapter, job, self.target)
            prepared = self._prepare(job)
            if isinstance(prepared, Waiting):
                self._wait(prepared)
                return
            stopping.check()
            self._send(job, prepared)
        except Stopping:
            self._hand_back()
        except ConnectionBroken as error:
            self._refuse(TargetState.HELD, "connection_broken", str(error))
        except DomainError as error:
            self._refuse(TargetState.FAILED, error.code, error.message)
        except PlatformError as error:
            self._trouble(error)

    def _job(self) -> Job:
        with self.recorder.step(Step.CHECK) as attempt:
            self.usable = self._token()
            attempt.message = "Connected, with the permissions it needs."
        return Job(
            draft=build(self.target),
            profile=self.target.profile.for_platform(),
            token=self.usable.token,
            key=str(self.target.pk),
            due=self.target.due_at,
            before=parts_before(self.target),
        )

    def _leave_in_peace(self, pause: Pause) -> None:
        self._come_back(pauses.back_at(pause), pause.reason)

    def _come_back(self, at: datetime, reason: str, **columns: Any) -> None:
        """No try was made, so none is counted or told."""
        words = {"reason_code": "paused", "reason": reason}
        state, again = outcome.again_at(self.target, at, words)
        kept = {"tries": self.target.tries, "prepared": self.target.prepared}
        self.recorder.forget()
        self._leave(state, **{**again, **kept, **columns})

    def _token(self) -> Usable:
        """Whatever is refused here is the sign-in's matter, never the post's."""
        try:
            return fresh_token(self.target.profile.connection)
        except Rejected as refused:
            raise AuthExpired(
                refused.message, code=refused.code, details=refused.details
            ) from None

    def _prepare(self, job: Job) -> Prepared | Waiting:
        if self.target.prepared is not None:
            until = self.target.prepared_until
            if until is None or until > clock.now():
                return Prepared(self.target.prepared)
            self._forget_handles()
        with self.recorder.step(Step.PREPARE) as attempt:
            done = self.adapter.prepare(job, RowJournal(self.target))
            if isinstance(done, Waiting):
                attempt.outcome = Outcome.WAITING
                attempt.message = done.note or "The platform is still working on it."
        return done

    def _forget_handles(self) -> None:
        """What was made ahead of time is too old to be sent: make it anew."""
        nothing: dict[str, Any] = {"journal": {}, "prepared": None}
        stay(self.target, expect=TargetState.CLAIMED, prepared_until=None, **nothing)

    def _hand_back(self) -> None:
        words = "The worker was told to stop and handed it on. Nothing was sent."
        self.recorder.add(Step.REAP, Outcome.RETRY, words, "handed_back")
        self._leave(TargetState.SCHEDULED, next_at=clock.now(), lease_until=None)

    def _wait(self, waiting: Waiting) -> None:
        self._leave(
            TargetState.SCHEDULED,
            next_at=clock.seconds_from_now(waiting.seconds),
            lease_until=None,
        )

    def _send(self, job: Job, prepared: Prepared) -> None:
        turn = pacing.take(self.adapter, self.target, job.draft)
        if turn is not None:
            until = clock.now() + self.adapter.handles_live
            ready = {"prepared": prepared.data, "prepared_until": until}
            self._come_back(turn.at, turn.reason, **ready)
            return
        self._commit_and_send(job, prepared)

    def _commit_and_send(self, job: Job, prepared: Prepared) -> None:
        lease_s = max(settings.PUBLISH_LEASE_S, self.adapter.longest_send_s + MARGIN_S)
        started = time.monotonic()
        self.recorder.add(Step.SEND, Outcome.INTENT, "Sending.")
        leave(
            self.target,
            TargetState.SENDING,
            self.recorder,
            prepared=prepared.data,
            intent_at=clock.now(),
            lease_until=clock.seconds_from_now(lease_s),
        )
        if time.monotonic() - started > lease_s / 2:
            raise Stalled(str(self.target.pk))
        with self.recorder.step(Step.SEND):
            answer = self.adapter.send(job, prepared)
        if self.peace is not None:
            self.peace.answered()
        arrive(self.target, answer, self.recorder)
        fetch_permalink(self.adapter, job, self.target)

    def _trouble(self, error: PlatformError) -> None:
        if self.peace is not None:
            self.peace.trouble(error)
        state, columns = self._after(error)
        self._leave(state, **columns)

    def _after(self, error: PlatformError) -> outcome.Verdict:
        if isinstance(error, AuthExpired):
            return self._after_dead_token(error)
        if isinstance(error, PermissionMissing):
            note_trouble(self.target.profile.connection.pk, error)
        return outcome.verdict(self.target, error)

    def _after_dead_token(self, error: AuthExpired) -> outcome.Verdict:
        """Refresh once for each target; a second refusal means it is dead for good."""
        connection = self.target.profile.connection
        if self.usable is None or self.target.reason_code == REFRESHED:
            note_trouble(connection.pk, error)
            return outcome.verdict(self.target, error)
        try:
            refresh(connection.pk, self.usable.version)
        except ConnectionBroken:
            return outcome.verdict(self.target, error)
        except (Unavailable, RateLimited, OutcomeUnknown) as passing:
            return outcome.verdict(self.target, passing)
        except PlatformError:
            # It won't renew this sign-in, for whatever reason: the post is blameless.
            note_trouble(connection.pk, error)
            return outcome.verdict(self.target, error)
        again = {"reason_code": REFRESHED, "reason": "The sign-in was renewed."}
        return outcome.again_at(self.target, clock.now(), again)

    def _refuse(self, state: TargetState, code: str, message: str) -> None:
        reminds = state == TargetState.REMINDER
        how = Outcome.REMINDED if reminds else Outcome.REFUSED
        self.recorder.add(Step.CHECK, how, message, code)
        said = {"reason_code": code, "reason": message}
        columns = outcome.of_part(self.target, said)
        self._leave(state, next_at=None, lease_until=None, **columns)

    @transaction.atomic
    def _leave(self, state: TargetState, **columns: Any) -> None:
        move(self.target, state, expect=self.target.state, **columns)
        self.recorder.flush()
        self._tell()

    def _tell(self) -> None:
        tell(self.target)
