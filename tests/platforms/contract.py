"""The contract every adapter passes: subclass, fill in the sample world, run.

A subclass gives canned replies for a platform that answers well (`world`), a post for
each kind (`jobs`) and calls of the remaining hooks (`hooks`). The suite spoils each
request of each hook in every way known to `faults.py` and looks at what comes out.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

import pytest

from core.http import NotSent
from core.redact import redact
from platforms import clock, registry
from platforms.adapter import Adapter, Credentials
from platforms.errors import (
    OutcomeUnknown,
    PlatformError,
    RateLimited,
    Unavailable,
)
from platforms.types import Draft, Job, Pending, Prepared, Published, Waiting
from tests.platforms import faults
from tests.platforms.fakes import Answer, Crash, DictJournal, FakeHttp, Sent, reply

Hook = Callable[[Adapter], object]

FEATURES = {"connect", "publish", "analytics", "comments"}
FIELDS = {"text", "media", "kind", "options"}
ROUNDS = 300
SENT_AT = clock.now() - timedelta(minutes=10)


class AdapterContract:
    """Inherited by `Test…` classes; its own name keeps pytest from collecting it."""

    adapter: ClassVar[type[Adapter]]
    credentials: ClassVar[Mapping[str, str]]
    # Every secret of the sample world: none may show in an error, trace or journal.
    secrets: ClassVar[tuple[str, ...]]
    # A refusal in the platform's own envelope, sent with HTTP 200.
    error_body: ClassVar[object]
    _ready: ClassVar[Mapping[str, Prepared]] = {}

    # What a subclass fills in

    def world(self) -> FakeHttp:
        """A platform that answers every call of every hook well."""
        raise NotImplementedError

    def jobs(self) -> dict[str, Job]:
        """One publishable job for each post kind."""
        raise NotImplementedError

    def hooks(self) -> dict[str, Hook]:
        """Calls of the hooks beside prepare, send and find, by a name for messages."""
        raise NotImplementedError

    def mutates(self, sent: Sent) -> bool:
        """Whether a request changes something at the platform."""
        return sent.method != "GET"

    # Helpers

    def make(self, http: FakeHttp | None = None) -> Adapter:
        return self.adapter(Credentials(self.credentials), http or self.world())

    def prepared(self, adapter: Adapter, job: Job) -> Prepared:
        return run_prepare(adapter, job, DictJournal())

    def all_hooks(self) -> Iterator[tuple[str, Hook]]:
        yield from self.hooks().items()
        for kind, job in self.jobs().items():
            yield f"prepare {kind}", lambda a, j=job: self.prepared(a, j)  # type: ignore[misc]
            ready = self.ready(kind)
            yield f"send {kind}", lambda a, j=job, r=ready: a.send(j, r)  # type: ignore[misc]
            yield f"find {kind}", lambda a, j=job, r=ready: a.find(j, r, SENT_AT)  # type: ignore[misc]

    def ready(self, kind: str) -> Prepared:
        """What a good world prepares for this kind; the same for all tests."""
        kept = type(self).__dict__.get("_ready", {})
        if kind not in kept:
            made = self.prepared(self.make(), self.jobs()[kind])
            type(self)._ready = {**kept, kind: made}
            return made
        found: Prepared = kept[kind]
        return found

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

    # Declared data

    def test_is_registered_under_its_key(self) -> None:
        assert registry.adapter_class(self.adapter.key) is self.adapter

    def test_names_itself(self) -> None:
        assert self.adapter.name and self.adapter.icon
        assert self.adapter.key == self.adapter.key.lower()

    def test_facts_are_told_in_words(self) -> None:
        """R-E3, R-C12: what people should know stands in the data."""
        facts = self.adapter.facts
        for words in (facts.accounts, facts.role, facts.token_life):
            assert len(words) > 10, words
        assert facts.quirks and facts.cannot
        assert all(len(words) > 10 for words in (*facts.quirks, *facts.cannot))

    def test_every_permission_has_a_reason_and_a_feature(self) -> None:
        """R-C3: the person sees why each permission is asked for."""
        adapter = self.make()
        for method in adapter.methods:
            asked = adapter.permissions(method.key)
            assert len({permission.name for permission in asked}) == len(asked)
            for permission in asked:
                assert len(permission.reason) > 15, permission.name
                assert permission.feature in FEATURES, permission.name
                assert permission.label, permission.name

    def test_limits_are_dated_and_sourced(self) -> None:
        limits = self.adapter.limits
        assert date(2026, 1, 1) <= limits.read_on <= datetime.now(UTC).date()  # noqa: TID251
        assert limits.source.startswith("https://")

    def test_kinds_are_told_apart_and_possible(self) -> None:
        kinds = self.adapter.kinds
        assert len({kind.key for kind in kinds}) == len(kinds)
        for kind in kinds:
            assert 0 <= kind.min_media <= kind.max_media, kind.key
            assert bool(kind.media) == bool(kind.max_media), kind.key
            assert kind.label, kind.key

    def test_every_kind_has_limits_for_its_media(self) -> None:
        limits = self.adapter.limits
        for kind in self.adapter.kinds:
            assert limits.text_for(kind.key).maximum >= 0
            if "image" in kind.media:
                assert limits.image_for(kind.key), kind.key
            if "video" in kind.media:
                assert limits.video_for(kind.key), kind.key

    def test_declared_data_survives_json(self) -> None:
        adapter = self.adapter
        declared = [asdict(adapter.facts), asdict(adapter.limits)]
        declared += [asdict(method) for method in adapter.methods]
        declared += [asdict(kind) for kind in adapter.kinds]
        for facts in declared:
            assert json.loads(json.dumps(facts, default=date.isoformat))

    def test_methods_are_offered_only_with_their_credentials(self) -> None:
        bare = self.adapter(Credentials({}), FakeHttp())
        needy = [m.key for m in bare.methods if m.credentials]
        assert not {m.key for m in bare.offered()} & set(needy)
        assert self.make().offered() == self.adapter.methods

    def test_a_sample_job_exists_for_every_kind(self) -> None:
        assert set(self.jobs()) == {kind.key for kind in self.adapter.kinds}

    def test_what_was_attached_finds_its_kind(self) -> None:
        adapter = self.make()
        for kind in adapter.kinds:
            draft = self.jobs()[kind.key].draft
            found = adapter.kind(adapter.default_kind(draft))
            assert found.min_media <= len(draft.media) <= found.max_media

    def test_imports_no_django(self) -> None:
        """Adapters are plain Python: they load without a project around them."""
        code = (
            f"import sys, {self.adapter.__module__}\n"
            "found = {name.partition('.')[0] for name in sys.modules}\n"
            "sys.exit(str(found & {'django', 'celery', 'rest_framework'})"
            " if found & {'django', 'celery', 'rest_framework'} else 0)"
        )
        run = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr

    # Composing

    def test_sample_jobs_have_no_blocking_problem(self) -> None:
        adapter = self.make()
        for job in self.jobs().values():
            found = adapter.problems(job.draft, job.profile)
            assert [p for p in found if p.blocking] == []

    def test_problems_name_the_field_they_stand_beside(self) -> None:
        """R-E2: limits are told beside the text or the media they concern."""
        adapter = self.make()
        for job in self.jobs().values():
            for draft in broken(job.draft):
                found = adapter.problems(draft, job.profile)
                assert {problem.field for problem in found} <= FIELDS
                assert all(problem.code and problem.message for problem in found)

    def test_text_over_the_limit_is_a_problem(self) -> None:
        adapter = self.make()
        for kind, job in self.jobs().items():
            maximum = adapter.limits.text_for(kind).maximum
            if not maximum:
                continue
            draft = replace(job.draft, text="x" * (maximum + 1))
            codes = {p.code for p in adapter.problems(draft, job.profile)}
            assert "text_too_long" in codes, kind

    def test_missing_media_is_a_problem(self) -> None:
        adapter = self.make()
        for kind in adapter.kinds:
            job = self.jobs()[kind.key]
            if kind.min_media:
                found = adapter.problems(replace(job.draft, media=()), job.profile)
                assert "media_missing" in {p.code for p in found if p.blocking}

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

    # Preparing

    def test_prepared_and_journal_hold_no_secret(self) -> None:
        """R-D2: both are stored in plain columns."""
        for kind, job in self.jobs().items():
            journal = DictJournal()
            ready = run_prepare(self.make(), job, journal)
            kept = json.dumps([ready.data, journal.steps])
            assert not [s for s in self.secrets if s in kept], kind

    def test_prepare_resumes_after_a_crash_at_each_step(self) -> None:
        """R-F3: what the journal holds is never done a second time."""
        for kind, job in self.jobs().items():
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
        for kind, job in self.jobs().items():
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
        for kind, job in self.jobs().items():
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
        for kind, job in self.jobs().items():
            outcome, http = self.sent_with(job, faults.LOST[fault])
            assert isinstance(outcome, OutcomeUnknown), f"{kind}: {outcome!r}"
            assert http.last.url, kind

    def test_a_request_that_never_left_may_be_sent_again(self) -> None:
        for kind, job in self.jobs().items():
            outcome, _ = self.sent_with(job, faults.NOT_SENT["refused"])
            assert isinstance(outcome, Unavailable), f"{kind}: {outcome!r}"

    @pytest.mark.parametrize("fault", faults.REFUSED)
    def test_a_refusal_is_never_called_published(self, fault: str) -> None:
        for kind, job in self.jobs().items():
            outcome, _ = self.sent_with(job, faults.REFUSED[fault])
            assert isinstance(outcome, PlatformError), f"{kind}: {outcome!r}"

    @pytest.mark.parametrize("fault", ["429", "429 odd"])
    def test_too_many_requests_pauses(self, fault: str) -> None:
        """R-F5: without a usable Retry-After a pause is chosen."""
        for job in self.jobs().values():
            outcome, _ = self.sent_with(job, faults.REFUSED[fault])
            assert isinstance(outcome, RateLimited)
            assert timedelta() < outcome.until - clock.now() <= timedelta(days=1)

    def test_retry_after_is_obeyed(self) -> None:
        """R-F5"""
        for job in self.jobs().values():
            outcome, _ = self.sent_with(job, faults.REFUSED["429 later"])
            assert isinstance(outcome, RateLimited)
            wait = outcome.until - clock.now()
            assert timedelta(seconds=30) < wait <= timedelta(seconds=40)

    # Looking

    def test_find_and_check_only_read(self) -> None:
        for kind, job in self.jobs().items():
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


def broken(draft: Draft) -> Iterator[Draft]:
    """Drafts that break a limit one way or another."""
    yield replace(draft, text="")
    yield replace(draft, text="x" * 100_000)
    yield replace(draft, text="#tag " * 400)
    yield replace(draft, media=())
    if draft.media:
        item = draft.media[0]
        yield replace(draft, media=(item,) * 60)
        yield replace(draft, media=(replace(item, width=10, height=4_000),))
        yield replace(draft, media=(replace(item, size=10**12, duration_s=10**6),))
        yield replace(draft, media=(replace(item, mime="image/x-odd", codec="odd"),))
        yield replace(draft, media=(replace(item, alt_text="x" * 100_000),))
