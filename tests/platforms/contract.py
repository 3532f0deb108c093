"""The contract every adapter passes: subclass, fill in the sample world, run.

A subclass gives canned replies for a platform that answers well (`world`), a post for
each kind (`jobs`) and calls of the remaining hooks (`hooks`). The suite spoils each
request of each hook in every way known to `faults.py` and looks at what comes out.
An adapter that is connect only takes `ConnectContract` and has no posts to give.
"""

from __future__ import annotations

import json
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import ClassVar

import pytest

from core.http import NotSent
from core.redact import redact
from platforms import clock
from platforms.adapter import Adapter
from platforms.errors import (
    OutcomeUnknown,
    PlatformError,
    RateLimited,
    Unavailable,
)
from platforms.types import Job, Pending, Prepared, Published, Waiting
from tests.platforms import faults
from tests.platforms.declared import DeclaredContract, PostingContract
from tests.platforms.fakes import Answer, Crash, DictJournal, FakeHttp, Sent, reply

Hook = Callable[[Adapter], object]

ROUNDS = 300
SENT_AT = clock.now() - timedelta(minutes=10)


class ConnectContract(DeclaredContract):
    """Connecting: all that a connect-only adapter promises.

    Inherited by `Test…` classes; its own name keeps pytest from collecting it.
    """

    # Every secret of the sample world: none may show in an error, trace or journal.
    secrets: ClassVar[tuple[str, ...]]
    # A refusal in the platform's own envelope, sent with HTTP 200.
    error_body: ClassVar[object]

    # What a subclass fills in, beside `world` and `jobs`

    def hooks(self) -> dict[str, Hook]:
        """Calls of the hooks beside prepare, send and find, by a name for messages."""
        raise NotImplementedError

    # Helpers

    def all_hooks(self) -> Iterator[tuple[str, Hook]]:
        yield from self.hooks().items()

    def spoiled(self, answer: Answer) -> Iterator[tuple[str, BaseException | None]]:
        """Each request of each hook answered by `answer` in turn, and what came of it.

        `None` stands for "no exception".
        """
        for name, hook in self.all_hooks():
            number = 0
            while True:
                http = self.world().fail(number, answer)
                error = caught(hook, self.make(http))
                if len(http.sent) <= number:
                    break
                yield f"{name}, request {number}: {http.sent[number].address}", error
                number += 1

    # Hooks under trouble

    @pytest.mark.parametrize("fault", faults.ALL)
    def test_hooks_raise_platform_errors_only(self, fault: str) -> None:
        for where, error in self.spoiled(faults.ALL[fault]):
            assert error is None or isinstance(error, PlatformError), where

    def test_a_refusal_with_status_200_is_understood(self) -> None:
        for where, error in self.spoiled(reply(self.error_body)):
            assert error is None or isinstance(error, PlatformError), where

    @pytest.mark.parametrize("status", [200, 400, 500])
    def test_no_error_shows_a_secret(self, status: int) -> None:
        """R-D2: not even when the platform hands them back.

        Masking knows tokens by their look, so only those that look like one are echoed.
        """
        tokens = [secret for secret in self.secrets if redact(secret) != secret]
        for echo in faults.echoes(" ".join(tokens)):
            for where, error in self.spoiled(reply(echo, status)):
                self._assert_clean(error, where, tokens)

    def test_no_lost_answer_shows_a_secret(self) -> None:
        """R-D2: an exception's text, facts and trace are all kept somewhere."""
        for answer in (faults.LOST["cut"], faults.NOT_SENT["refused"]):
            for where, error in self.spoiled(answer):
                self._assert_clean(error, where, self.secrets)

    def _assert_clean(
        self, error: BaseException | None, where: str, secrets: Sequence[str]
    ) -> None:
        if error is None:
            return
        told = "".join(traceback.format_exception(error))
        told += repr(vars(error))
        for secret in secrets:
            assert secret not in told, where

    def test_no_hook_sleeps(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(_: float) -> None:
            raise AssertionError("a hook slept")

        monkeypatch.setattr(time, "sleep", refuse)
        for _, hook in self.all_hooks():
            hook(self.make())


class AdapterContract(ConnectContract, PostingContract):
    """Connecting and publishing."""

    _ready: ClassVar[Mapping[str, Prepared]] = {}

    def follow_ups(self) -> dict[str, Job]:
        """Parts that follow a post, by a name for messages, where any are declared."""
        return {}

    def publications(self) -> dict[str, Job]:
        """All that is sent by one call: posts of each kind, and what follows them."""
        return {**self.jobs(), **self.follow_ups()}

    def mutates(self, sent: Sent) -> bool:
        """Whether a request changes something at the platform."""
        return sent.method != "GET"

    # Helpers

    def prepared(self, adapter: Adapter, job: Job) -> Prepared:
        return run_prepare(adapter, job, DictJournal())

    def all_hooks(self) -> Iterator[tuple[str, Hook]]:
        yield from super().all_hooks()
        for kind, job in self.publications().items():
            yield f"prepare {kind}", lambda a, j=job: self.prepared(a, j)  # type: ignore[misc]
            ready = self.ready(kind)
            yield f"send {kind}", lambda a, j=job, r=ready: a.send(j, r)  # type: ignore[misc]
            yield f"find {kind}", lambda a, j=job, r=ready: a.find(j, r, SENT_AT)  # type: ignore[misc]

    def ready(self, kind: str) -> Prepared:
        """What a good world prepares for this kind; the same for all tests."""
        kept = type(self).__dict__.get("_ready", {})
        if kind not in kept:
            made = self.prepared(self.make(), self.publications()[kind])
            type(self)._ready = {**kept, kind: made}
            return made
        found: Prepared = kept[kind]
        return found

    def sent_with(self, job: Job, answer: Answer) -> tuple[object, FakeHttp]:
        """What `send` gives or raises when its request is answered by `answer`."""
        http = self.world()
        adapter = self.make(http)
        ready = self.prepared(adapter, job)
        before = len(http.sent)
        http.fail(before, answer)
        try:
            return adapter.send(job, ready), http
        except PlatformError as error:
            return error, http

    def test_what_may_follow_a_post_is_sampled(self) -> None:
        follow = self.follow_ups()
        assert bool(follow) == (self.adapter.follow_up is not None)
        assert all(job.before and not job.draft.media for job in follow.values())

    # Preparing

    def test_prepared_and_journal_hold_no_secret(self) -> None:
        """R-D2: both are stored in plain columns."""
        for kind, job in self.publications().items():
            journal = DictJournal()
            ready = run_prepare(self.make(), job, journal)
            kept = json.dumps([ready.data, journal.steps])
            assert not [s for s in self.secrets if s in kept], kind

    def test_prepare_resumes_after_a_crash_at_each_step(self) -> None:
        """R-F3: what the journal holds is never done a second time."""
        for kind, job in self.publications().items():
            whole = self.world()
            journal = DictJournal()
            run_prepare(self.make(whole), job, journal)
            expected = self._changes(whole)
            for step in range(1, journal.puts + 1):
                http = self.world()
                assert self._crash_and_resume(http, job, step) == expected, kind

    def _crash_and_resume(self, http: FakeHttp, job: Job, step: int) -> list[str]:
        journal = DictJournal(crash_after=step)
        with pytest.raises(Crash):
            run_prepare(self.make(http), job, journal)
        run_prepare(self.make(http), job, journal)
        return self._changes(http)

    def test_prepare_resumes_after_trouble_at_each_request(self) -> None:
        """A passing failure costs the request that failed, nothing before it."""
        for kind, job in self.publications().items():
            whole = self.world()
            run_prepare(self.make(whole), job, DictJournal())
            for number in range(len(whole.sent)):
                http = self.world().fail(number, NotSent("ConnectionError"))
                journal = DictJournal()
                with pytest.raises(Unavailable):
                    run_prepare(self.make(http), job, journal)
                run_prepare(self.make(http), job, journal)
                assert self._changes(http) == self._changes(whole), kind

    def _changes(self, http: FakeHttp) -> list[str]:
        return [f"{s.method} {s.address}" for s in http.answered if self.mutates(s)]

    # Sending

    def test_send_publishes_with_one_changing_request(self) -> None:
        """R-F3: one call makes it public, so one call can be lost."""
        for kind, job in self.publications().items():
            http = self.world()
            adapter = self.make(http)
            ready = self.prepared(adapter, job)
            http.answered.clear()
            answer = adapter.send(job, ready)
            assert isinstance(answer, Published | Pending), kind
            assert len(self._changes(http)) == 1, kind
            if isinstance(answer, Published):
                assert answer.id, kind

    @pytest.mark.parametrize("fault", faults.LOST)
    def test_a_lost_answer_is_never_called_unsent(self, fault: str) -> None:
        """R-F3: after a lost answer nobody may send again before asking."""
        for kind, job in self.publications().items():
            outcome, http = self.sent_with(job, faults.LOST[fault])
            assert isinstance(outcome, OutcomeUnknown), f"{kind}: {outcome!r}"
            assert http.last.url, kind

    def test_a_request_that_never_left_may_be_sent_again(self) -> None:
        for kind, job in self.publications().items():
            outcome, _ = self.sent_with(job, faults.NOT_SENT["refused"])
            assert isinstance(outcome, Unavailable), f"{kind}: {outcome!r}"

    @pytest.mark.parametrize("fault", faults.REFUSED)
    def test_a_refusal_is_never_called_published(self, fault: str) -> None:
        for kind, job in self.publications().items():
            outcome, _ = self.sent_with(job, faults.REFUSED[fault])
            assert isinstance(outcome, PlatformError), f"{kind}: {outcome!r}"

    @pytest.mark.parametrize("fault", ["429", "429 odd"])
    def test_too_many_requests_pauses(self, fault: str) -> None:
        """R-F5: without a usable Retry-After a pause is chosen."""
        for job in self.publications().values():
            outcome, _ = self.sent_with(job, faults.REFUSED[fault])
            assert isinstance(outcome, RateLimited)
            assert timedelta() < outcome.until - clock.now() <= timedelta(days=1)

    def test_retry_after_is_obeyed(self) -> None:
        """R-F5"""
        for job in self.publications().values():
            outcome, _ = self.sent_with(job, faults.REFUSED["429 later"])
            assert isinstance(outcome, RateLimited)
            wait = outcome.until - clock.now()
            assert timedelta(seconds=30) < wait <= timedelta(seconds=40)

    # Looking

    def test_find_and_check_only_read(self) -> None:
        for kind, job in self.publications().items():
            http = self.world()
            adapter = self.make(http)
            ready = self.prepared(adapter, job)
            http.answered.clear()
            found = adapter.find(job, ready, clock.now() - timedelta(minutes=10))
            if isinstance(found, Pending):
                adapter.check(job, found.handle)
            assert self._changes(http) == [], kind


def caught(hook: Hook, adapter: Adapter) -> BaseException | None:
    try:
        hook(adapter)
    except Exception as error:  # noqa: BLE001 - whatever it is, the test judges it
        return error
    return None


def run_prepare(
    adapter: Adapter, job: Job, journal: DictJournal, *, pause_s: float = 0
) -> Prepared:
    """What the worker's clock does; `pause_s` is for servers that really work."""
    for _ in range(ROUNDS):
        answer = adapter.prepare(job, journal)
        if isinstance(answer, Prepared):
            return answer
        assert isinstance(answer, Waiting)
        assert answer.seconds > 0
        threading.Event().wait(pause_s)
    raise AssertionError("prepare never ended")
