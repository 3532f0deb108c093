"""What an adapter declares: complete, dated, and true of the drafts it judges."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import ClassVar

from platforms import registry
from platforms.adapter import Adapter, Credentials
from platforms.types import Draft, Job
from tests.platforms.fakes import FakeHttp

FEATURES = {"connect", "publish", "analytics", "comments"}
FIELDS = {"text", "media", "kind", "options"}


class DeclaredContract:
    """The half of the contract that needs no network, posts aside."""

    adapter: ClassVar[type[Adapter]]
    credentials: ClassVar[Mapping[str, str]]

    def world(self) -> FakeHttp:
        """A platform that answers every call of every hook well."""
        raise NotImplementedError

    def make(self, http: FakeHttp | None = None) -> Adapter:
        return self.adapter(Credentials(self.credentials), http or self.world())

    # Declared data

    def test_is_registered_under_its_key(self) -> None:
        assert registry.adapter_class(self.adapter.key) is self.adapter

    def test_names_itself(self) -> None:
        assert self.adapter.name and self.adapter.icon
        assert self.adapter.key == self.adapter.key.lower()

    def test_connect_only_declares_no_posts(self) -> None:
        """What can't be published to has no kinds and no limits to be read."""
        adapter = self.adapter
        declares = bool(adapter.kinds), hasattr(adapter, "limits")
        assert declares == (adapter.publishes, adapter.publishes)

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

    def test_declared_data_survives_json(self) -> None:
        adapter = self.adapter
        declared = [asdict(adapter.facts)]
        declared += [asdict(method) for method in adapter.methods]
        if adapter.publishes:
            declared += [asdict(adapter.limits)]
            declared += [asdict(kind) for kind in adapter.kinds]
        for facts in declared:
            assert json.loads(json.dumps(facts, default=date.isoformat))

    def test_methods_are_offered_only_with_their_credentials(self) -> None:
        bare = self.adapter(Credentials({}), FakeHttp())
        needy = [m.key for m in bare.methods if m.credentials]
        assert not {m.key for m in bare.offered()} & set(needy)
        assert self.make().offered() == self.adapter.methods

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


class PostingContract(DeclaredContract):
    """What an adapter declares about posts, and how it judges drafts."""

    def jobs(self) -> dict[str, Job]:
        """One publishable job for each post kind."""
        raise NotImplementedError

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

    def test_a_sample_job_exists_for_every_kind(self) -> None:
        assert set(self.jobs()) == {kind.key for kind in self.adapter.kinds}

    def test_what_was_attached_finds_its_kind(self) -> None:
        adapter = self.make()
        for kind in adapter.kinds:
            draft = self.jobs()[kind.key].draft
            found = adapter.kind(adapter.default_kind(draft))
            assert found is not None
            assert found.min_media <= len(draft.media) <= found.max_media

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
