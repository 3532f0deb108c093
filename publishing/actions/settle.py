"""What was sent and has a question left: processing, unconfirmed, address unknown."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from core import clock
from core.errors import DomainError
from platforms import registry
from platforms.adapter import Adapter
from platforms.errors import AuthExpired, PlatformError, RateLimited, Rejected
from platforms.types import Absent, Job, Pending, Prepared, Published
from profiles.actions.tokens import fresh_token, refresh
from profiles.errors import ConnectionBroken
from publishing import stopping
from publishing.actions import pauses
from publishing.actions.arrive import arrive, fetch_permalink, parts_before
from publishing.actions.load import Assignment, load
from publishing.actions.notices import tell
from publishing.actions.outcome import again_at, back_off, words
from publishing.actions.pauses import Peace
from publishing.actions.record import Recorder
from publishing.models import Outcome, Step
from scheduling.drafts import build
from scheduling.states import OPEN_ENDS, LostClaim, TargetState, move, stay

log = structlog.get_logger(__name__)

# After this long a platform's "still working" or silence is a person's matter.
PATIENCE = timedelta(hours=24)
PERMALINK_PATIENCE = timedelta(hours=2)


def ask(given: Assignment) -> None:
    """Ask once, write down the answer, set the next time to ask if there is none."""
    try:
        _Question(given).ask()
    except LostClaim:
        log.info("settle.lost_claim", target=str(given.target.pk))


def settle(target_id: str, fence: int) -> None:
    """Settle one claim by itself, if it still holds."""
    for given in load([(target_id, fence)], *OPEN_ENDS):
        ask(given)


class _Question:
    def __init__(self, given: Assignment) -> None:
        self.target = target = given.target
        self.known = given.pauses
        self.adapter: Adapter = registry.get(target.profile.platform)
        self.recorder = Recorder(target)
        self.peace: Peace | None = None

    def ask(self) -> None:
        ways = {
            TargetState.PROCESSING: self._processing,
            TargetState.UNCONFIRMED: self._unconfirmed,
            TargetState.PUBLISHED: self._address,
        }
        if stopping.told():
            self._stay_until(0)
            return
        try:
            job = self._job()
            self.peace = Peace(self.adapter, job, self.target, self.known)
            pause = self.peace.held_by()
            if pause is not None:
                self._ask_at(pauses.back_at(pause))
                return
            ways[TargetState(self.target.state)](job)
            self.peace.answered()
        except ConnectionBroken as error:
            log.info("settle.connection_broken", error=str(error))
            self._ask_later()
        except DomainError as error:
            log.info("settle.not_askable", code=error.code)
            self._ask_later()
        except PlatformError as error:
            self._no_answer(error)

    def _job(self) -> Job:
        return Job(
            draft=build(self.target),
            profile=self.target.profile.for_platform(),
            token=fresh_token(self.target.profile.connection).token,
            key=str(self.target.pk),
            due=self.target.due_at,
            before=parts_before(self.target),
        )

    def _processing(self, job: Job) -> None:
        try:
            with self.recorder.step(Step.PROCESS) as attempt:
                answer = self.adapter.check(job, self.target.handle)
                if isinstance(answer, Pending):
                    attempt.outcome = Outcome.WAITING
        except Rejected as error:
            self._fail(error)
            return
        if isinstance(answer, Pending):
            self._still_processing(answer)
            return
        arrive(self.target, answer, self.recorder)
        fetch_permalink(self.adapter, job, self.target)

    @transaction.atomic
    def _still_processing(self, answer: Pending) -> None:
        if self._age() > PATIENCE:
            move(
                self.target,
                TargetState.UNCONFIRMED,
                expect=TargetState.PROCESSING,
                next_at=clock.now(),
                lease_until=None,
            )
        else:
            stay(
                self.target,
                expect=TargetState.PROCESSING,
                handle=answer.handle,
                next_at=clock.seconds_from_now(answer.seconds),
                lease_until=None,
            )
        self.recorder.flush()

    def _unconfirmed(self, job: Job) -> None:
        assert self.target.intent_at is not None
        with self.recorder.step(Step.FIND) as attempt:
            found = self.adapter.find(
                job, Prepared(self.target.prepared or {}), self.target.intent_at
            )
            attempt.outcome, attempt.message = _finding(found, self.adapter)
        if isinstance(found, Absent):
            self._absent(found)
            return
        arrive(self.target, found, self.recorder)
        fetch_permalink(self.adapter, job, self.target)

    @transaction.atomic
    def _absent(self, found: Absent) -> None:
        if found.certain:
            state, columns = again_at(
                self.target,
                clock.now(),
                {
                    "reason_code": "not_taken",
                    "reason": "The platform didn't take it the first time.",
                },
            )
            move(self.target, state, expect=TargetState.UNCONFIRMED, **columns)
        elif found.seconds and self._age() < PATIENCE:
            self._stay_until(found.seconds)
        else:
            self._leave_to_person()
        self.recorder.flush()
        tell(self.target)

    def _leave_to_person(self) -> None:
        name = self.adapter.name
        stay(
            self.target,
            expect=TargetState.UNCONFIRMED,
            next_at=None,
            lease_until=None,
            reason_code="needs_check",
            reason=f"{name} didn't confirm this post and can't be asked. Look at the "
            "profile, then say here whether it is out.",
        )

    def _address(self, job: Job) -> None:
        """Only the link is missing: ask at growing intervals, then let it be."""
        fetch_permalink(self.adapter, job, self.target)
        if not self.target.permalink:
            self._address_later()

    def _address_later(self) -> None:
        assert self.target.published_at is not None
        age = clock.now() - self.target.published_at
        later = None if age > PERMALINK_PATIENCE else clock.now() + max(age, PAUSE)
        columns = {"next_at": later, "lease_until": None}
        stay(self.target, expect=TargetState.PUBLISHED, **columns)

    @transaction.atomic
    def _fail(self, error: PlatformError) -> None:
        columns = {"next_at": None, "lease_until": None, **words(error)}
        move(self.target, TargetState.FAILED, expect=self.target.state, **columns)
        self.recorder.flush()
        tell(self.target)

    def _no_answer(self, error: PlatformError) -> None:
        if self.peace is not None:
            self.peace.trouble(error)
        if isinstance(error, AuthExpired):
            self._try_refresh()
        self._ask_later(error.until if isinstance(error, RateLimited) else None)

    def _try_refresh(self) -> None:
        connection = self.target.profile.connection
        try:
            refresh(connection.pk, connection.version)
        except (ConnectionBroken, PlatformError) as error:
            log.info("settle.no_refresh", error=type(error).__name__)

    @transaction.atomic
    def _ask_later(self, not_before: datetime | None = None) -> None:
        if self.target.state == TargetState.PUBLISHED:
            self._address_later()
        elif self._age() > PATIENCE:
            self._lose_patience()
        else:
            wait = back_off(min(self.target.tries, 7))
            at = max(clock.now() + wait, not_before or clock.now())
            stay(
                self.target,
                expect=self.target.state,
                next_at=at,
                lease_until=None,
                tries=self.target.tries + 1,
            )
        self.recorder.flush()
        tell(self.target)

    def _lose_patience(self) -> None:
        """What nobody could be asked about for a day is a person's matter."""
        if self.target.state == TargetState.PROCESSING:
            move(
                self.target,
                TargetState.UNCONFIRMED,
                expect=TargetState.PROCESSING,
                next_at=clock.now(),
                lease_until=None,
            )
        else:
            self._leave_to_person()

    def _stay_until(self, seconds: float) -> None:
        self._ask_at(clock.seconds_from_now(seconds))

    def _ask_at(self, at: datetime) -> None:
        state = self.target.state
        stay(self.target, expect=state, next_at=at, lease_until=None)

    def _age(self) -> timedelta:
        return clock.now() - (self.target.intent_at or clock.now())


PAUSE = timedelta(seconds=60)


def _finding(
    found: Published | Pending | Absent, adapter: Adapter
) -> tuple[Outcome, str]:
    """The attempt's outcome, and what it tells people."""
    if not isinstance(found, Absent):
        return Outcome.OK, "Found on the profile."
    if found.certain:
        words = "It is not on the profile: the platform didn't take it."
        return Outcome.WAITING, words
    if not adapter.can_find:
        return Outcome.UNKNOWN, f"{adapter.name} lets nobody but you look there."
    return Outcome.WAITING, "Not seen on the profile so far."
