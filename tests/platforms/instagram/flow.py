"""Preparing, as several test files do it."""

from __future__ import annotations

from platforms.types import Job, Prepared
from tests.platforms.contract import run_prepare
from tests.platforms.fakes import Answer, DictJournal, FakeHttp
from tests.platforms.instagram.world import ACCOUNT, instagram, jobs, world

JOBS = jobs()
FIRST = "17900000000000001"
CREATE = f"/{ACCOUNT}/media\\?"


def created(http: FakeHttp) -> list[dict[str, str]]:
    """The fields of each container that was made."""
    return [s.form for s in http.answered if s.method == "POST" and "/media" in s.url]


def prepared(sample: Job, http: FakeHttp) -> Prepared:
    return run_prepare(instagram(http), sample, DictJournal())


def looking(*answers: Answer) -> FakeHttp:
    """A world whose containers answer in turn."""
    return world().on("GET", r"/1790\d+\?fields=status_code", *answers)
