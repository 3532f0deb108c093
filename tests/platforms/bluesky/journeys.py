"""A person's ways through the sandbox's Bluesky, as several test files take them."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from platforms import clock
from platforms.bluesky.adapter import Bluesky
from platforms.types import (
    Absent,
    Draft,
    Grant,
    Job,
    Prepared,
    Profile,
    Published,
    Redirect,
    Token,
    Visit,
    Waiting,
)
from tests.platforms import samples
from tests.platforms.fakes import DictJournal
from tests.sandbox.browserless import ConsentPage

BASE = "http://127.0.0.1:8000"
BACK = f"{BASE}/connect/bluesky/callback"
MAYA, NOAH, HARBOR = "maya.bsky.social", "noahokafor.example", "news.harbor.example"
APP_PASSWORD = "demo-demo-demo-demo"
TEXT = samples.draft("text", "Hello")


def journey(adapter: Bluesky, typed: str, **choices: Any) -> Grant:
    """There and back; the person is the first one offered if nobody is chosen."""
    visit = Visit("oauth", BACK, "state-1", BASE, {"account": typed})
    answer = adapter.begin(visit)
    assert isinstance(answer, Redirect)
    page = page_of(answer.url)
    decision = choices.pop("decision", "allow")
    choices.setdefault("identity", page.values("identity")[0])
    query = page.decide(decision, **choices)
    assert query["state"] == "state-1" and query["address"] == BACK
    return adapter.finish(visit, answer.secret, query)


def page_of(url: str) -> ConsentPage:
    parts = urlsplit(url)
    address = f"{parts.scheme}://{parts.netloc}{parts.path}"
    return ConsentPage(address, dict(parse_qsl(parts.query)))


def by_app_password(adapter: Bluesky, handle: str = MAYA) -> Grant:
    inputs = {"handle": handle, "app_password": APP_PASSWORD}
    found = adapter.begin(Visit("app_password", "", "", BASE, inputs))
    assert isinstance(found, Grant)
    return found


def job_of(grant: Grant, draft: Draft, token: Token | None = None) -> Job:
    (identity,) = grant.identities
    profile = Profile(identity.external_id, identity.handle)
    return Job(draft, profile, token or grant.token, "target-1")


def ready(adapter: Bluesky, job: Job, journal: DictJournal | None = None) -> Prepared:
    """Prepared, with a little patience for the video service."""
    journal = journal or DictJournal()
    for _ in range(100):
        found = adapter.prepare(job, journal)
        if isinstance(found, Prepared):
            return found
        assert isinstance(found, Waiting)
        time.sleep(0.05)
    raise AssertionError("prepare never ended")


def publish(adapter: Bluesky, job: Job) -> Published:
    return adapter.send(job, ready(adapter, job))


def find(adapter: Bluesky, job: Job, prepared: Prepared) -> Published | Absent:
    return adapter.find(job, prepared, clock.now() - timedelta(minutes=5))
