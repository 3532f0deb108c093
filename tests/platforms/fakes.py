"""Stand-ins for what an adapter is given: the network and the journal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from requests.structures import CaseInsensitiveDict

from core.http import MAX_BODY, READ_S, Http, Reply


def reply(body: Any = None, status: int = 200, **headers: str) -> Reply:
    """`body` as JSON, or as it is when it is bytes; `retry_after="5"` is a header."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, CaseInsensitiveDict(named), raw)


@dataclass(frozen=True)
class Sent:
    """One request as the adapter made it."""

    method: str
    url: str
    parts: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def query(self) -> dict[str, str]:
        typed = dict(parse_qsl(urlsplit(self.url).query))
        return {**typed, **_texts(self.parts.get("params"))}

    @property
    def form(self) -> dict[str, str]:
        return _texts(self.parts.get("data"))

    @property
    def json(self) -> Any:
        return self.parts.get("json")

    @property
    def files(self) -> dict[str, Any]:
        return dict(self.parts.get("files") or {})

    @property
    def headers(self) -> CaseInsensitiveDict[str]:
        return CaseInsensitiveDict(self.parts.get("headers") or {})

    @cached_property
    def address(self) -> str:
        """Host, path and query."""
        query = "&".join(f"{name}={value}" for name, value in self.query.items())
        parts = urlsplit(self.url)
        return f"{parts.netloc}{parts.path}?{query}"


def _texts(values: Any) -> dict[str, str]:
    if not isinstance(values, Mapping):
        return {}
    return {name: str(value) for name, value in values.items() if value is not None}


Answer = Reply | Exception | Callable[[Sent], Reply]


@dataclass
class _Route:
    method: str
    pattern: re.Pattern[str]
    answers: list[Answer]

    def takes(self, sent: Sent) -> bool:
        return self.method == sent.method and bool(self.pattern.search(sent.address))

    def next(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class FakeHttp(Http):
    """`Http` with scripted replies; a request nobody foresaw fails the test.

    `on("POST", "/media$", first, second)` answers in turn, the last one for ever.
    The pattern is searched in host, path and query; the newest route wins.
    """

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.answered: list[Sent] = []
        self._routes: list[_Route] = []
        self._faults: dict[int, Answer] = {}

    def on(self, method: str, pattern: str, *answers: Answer) -> FakeHttp:
        route = _Route(method, re.compile(pattern), list(answers))
        self._routes.insert(0, route)
        return self

    def fail(self, number: int, answer: Answer) -> FakeHttp:
        """Request `number`, counted from 0 over the fake's whole life, gets this."""
        self._faults[number] = answer
        return self

    def request(
        self,
        method: str,
        url: str,
        *,
        timeout_s: float = READ_S,
        max_body: int = MAX_BODY,
        **parts: Any,
    ) -> Reply:
        sent = Sent(method, url, parts)
        self.sent.append(sent)
        answer = self._faults.pop(len(self.sent) - 1, None) or self._scripted(sent)
        if isinstance(answer, Exception):
            raise answer
        found = answer if isinstance(answer, Reply) else answer(sent)
        self.answered.append(sent)
        return found

    def _scripted(self, sent: Sent) -> Answer:
        for route in self._routes:
            if route.takes(sent):
                return route.next()
        raise AssertionError(f"no answer for {sent.method} {sent.address}")

    def to(self, pattern: str) -> list[Sent]:
        """Requests made to addresses that fit, oldest first."""
        return [sent for sent in self.sent if re.search(pattern, sent.address)]

    @property
    def last(self) -> Sent:
        return self.sent[-1]


class Crash(Exception):
    """The process died right after a step was written down."""


class DictJournal:
    """A journal in memory that keeps JSON only, and may crash after its nth step."""

    def __init__(self, crash_after: int = 0) -> None:
        self.steps: dict[str, dict[str, Any]] = {}
        self.puts = 0
        self._crash_after = crash_after

    def get(self, step: str) -> dict[str, Any] | None:
        found = self.steps.get(step)
        return None if found is None else dict(found)

    def put(self, step: str, data: dict[str, Any]) -> None:
        self.steps[step] = json.loads(json.dumps(data))
        self.puts += 1
        if self.puts == self._crash_after:
            raise Crash(step)


def counter(template: str = "{}") -> Iterator[str]:
    """Fresh ids: "container-{}" gives container-1, container-2 and so on."""
    number = 0
    while True:
        number += 1
        yield template.format(number)
