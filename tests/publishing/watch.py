"""Looks on while the real adapters work: which hook makes which call, what it raises.

The same place arms trouble: a rule at the sandbox, or a connection that is refused,
just when the chosen hook makes the chosen call for the chosen time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core import http
from platforms import registry
from platforms.errors import PlatformError
from platforms.types import Job
from tests.support.sandbox import Sandbox, free_port

HOOKS = ("prepare", "send", "check", "find", "permalink")
# Connecting and reading, in seconds: for a busy machine, and for an answer that is
# known not to come, which is waited for a hundred times.
PATIENT_S = (5.0, 15.0)
SHORT_S = (5.0, 0.2)


@dataclass(frozen=True)
class Place:
    """A foreign call of a post: the sandbox's name for it, and who makes it when.

    `part` is 0 for the post itself, 1 for what follows it. `visit` counts the hook's
    runs for one part from 1, `number` its calls from 0.
    """

    hook: str
    part: int
    step: str
    visit: int
    number: int
    mutating: bool


@dataclass
class Trouble:
    """What happens at a place, once. `rule` None: the connection is refused."""

    place: Place
    rule: Mapping[str, Any] | None
    met: bool = False

    def waits_at(self, hook: str, part: int, visit: int) -> bool:
        here = (self.place.hook, self.place.part) == (hook, part)
        return here and self.place.visit <= visit and not self.met


@dataclass
class Watch:
    """Installed once a test; `begin` for each post."""

    sandbox: Sandbox
    platform: str
    learning: bool = False
    hook: str = ""
    part: int = 0
    number: int = 0
    visits: Counter[tuple[str, int]] = field(default_factory=Counter)
    places: list[Place] = field(default_factory=list)
    raised: list[tuple[str, PlatformError]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    closed: str = field(default_factory=lambda: f"127.0.0.1:{free_port()}")

    def install(self, monkeypatch: Any) -> Watch:
        kind = registry.adapter_class(self.platform)
        for name in HOOKS:
            monkeypatch.setattr(kind, name, self._wrapped(name, getattr(kind, name)))
        inner = http.RoutedAdapter.send
        monkeypatch.setattr(http.RoutedAdapter, "send", self._door(inner))
        return self

    def begin(self, *troubles: Trouble) -> None:
        self.visits.clear()
        self.places.clear()
        self.raised.clear()
        self.troubles = list(troubles)
        self.sandbox.clear_faults()
        http.configure(gateway=self.sandbox.url, direct=frozenset({self.closed}))

    def _wrapped(self, name: str, inner: Callable[..., Any]) -> Callable[..., Any]:
        def outer(adapter: Any, job: Job, *args: Any) -> Any:
            self._enter(name, len(job.before))
            try:
                return inner(adapter, job, *args)
            except PlatformError as error:
                self.raised.append((name, error))
                raise
            finally:
                self._leave()

        return outer

    def _enter(self, name: str, part: int) -> None:
        self.hook, self.part, self.number = name, part, 0
        self.visits[name, part] += 1
        if self.learning:
            self.sandbox.control("DELETE", "calls")
        for trouble in self._waiting():
            if trouble.rule is not None:
                where = {"platform": self.platform, "step": trouble.place.step}
                self.sandbox.fault(**where, times=1, **trouble.rule)

    def _leave(self) -> None:
        if self.learning:
            calls = self.sandbox.calls(self.platform)
            for number, call in enumerate(calls):
                self.places.append(self._place(number, call))
        for trouble in self._waiting():
            if trouble.rule is not None:
                trouble.met = not self.sandbox.faults()
                self.sandbox.clear_faults()
        self.hook = ""

    def _place(self, number: int, call: Mapping[str, Any]) -> Place:
        changing = self.hook == "send" and call["method"] != "GET"
        visit = self.visits[self.hook, self.part]
        where = (self.hook, self.part, call["step"], visit, number)
        return Place(*where, mutating=changing)

    def _waiting(self) -> list[Trouble]:
        here = (self.hook, self.part)
        return [t for t in self.troubles if t.waits_at(*here, self.visits[here])]

    def _door(self, inner: Callable[..., Any]) -> Callable[..., Any]:
        """The last door to the network: its time-outs, and one that is closed."""

        def send(adapter: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
            kwargs["timeout"] = PATIENT_S
            for trouble in self._waiting():
                if trouble.place.number != self.number:
                    continue
                if trouble.rule is None:
                    request.url, trouble.met = f"http://{self.closed}/", True
                elif "delay_ms" in trouble.rule:
                    kwargs["timeout"] = SHORT_S
            self.number += 1
            return inner(adapter, request, *args, **kwargs)

        return send
