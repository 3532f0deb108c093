"""The same requests without the engine: what the machine and the platform allow."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import requests

from core import http
from core.http import Http, Reply
from platforms import registry
from platforms.types import Job, Prepared
from scheduling.drafts import build
from scheduling.models import Target

Recorded = list[tuple[str, str, str]]


class Recorder(Http):
    def __init__(self) -> None:
        self.calls: list[tuple[str, str, dict[str, Any]]] = []

    def request(
        self,
        method: str,
        url: str,
        *,
        timeout_s: float = http.READ_S,
        max_body: int = http.MAX_BODY,
        **parts: Any,
    ) -> Reply:
        self.calls.append((method, url, parts))
        return super().request(method, url, timeout_s=timeout_s, **parts)


class NoJournal:
    def get(self, step: str) -> dict[str, Any] | None:
        return None

    def put(self, step: str, data: dict[str, Any]) -> None:
        return None


def recorded_calls(target: Target) -> Recorded:
    """Publish one target by hand and keep its requests, `{profile}` for its id."""
    recorder = Recorder()
    profile = target.profile
    adapter = registry.adapter_class(profile.platform)(registry.credentials(), recorder)
    job = Job(
        draft=build(target),
        profile=profile.for_platform(),
        token=profile.connection.token(),
        key=str(target.pk),
    )
    prepared = adapter.prepare(job, NoJournal())
    assert isinstance(prepared, Prepared)
    adapter.send(job, prepared)
    target.delete()
    return [
        (method, http.browser_url(url), _template(parts, profile.external_id))
        for method, url, parts in recorder.calls
    ]


def _template(parts: dict[str, Any], external_id: str) -> str:
    kept = {name: parts[name] for name in ("json", "data", "params") if name in parts}
    text = json.dumps(kept)
    assert external_id in text, "a request doesn't name its profile"
    return text.replace(external_id, "{profile}")


_local = threading.local()


def _session() -> requests.Session:
    if not hasattr(_local, "session"):
        _local.session = requests.Session()
        _local.session.trust_env = False
    found: requests.Session = _local.session
    return found


def replay(calls: Recorded, profiles: list[str], threads: int) -> None:
    """All calls of each profile in order, so many profiles at once."""

    def publish(profile: str) -> None:
        for method, url, template in calls:
            parts = json.loads(template.replace("{profile}", profile))
            answer = _session().request(method, url, timeout=30, **parts)
            answer.raise_for_status()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(publish, profiles))
