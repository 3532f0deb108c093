"""A Graph API host: how to ask it, whichever of Meta's platforms is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from core.http import Http
from platforms.client import call, read_as
from platforms.meta import usage
from platforms.meta.errors import Judge

T = TypeVar("T")

DEFAULT_VERSION = "v26.0"


@dataclass(frozen=True)
class Graph:
    """`base` is host and version. The token travels in a header, not in addresses."""

    http: Http
    base: str
    judge: Judge
    token: str = field(default="", repr=False)

    def get(self, path: str, read: Callable[[Any], T], **params: Any) -> T:
        return self._ask("GET", path, read, params=params)

    def post(self, path: str, read: Callable[[Any], T], **fields: Any) -> T:
        """A change that may be repeated without harm."""
        return self._ask("POST", path, read, data=fields)

    def publish(self, path: str, read: Callable[[Any], T], **fields: Any) -> T:
        """A change that people see, so a lost answer is an unknown outcome."""
        return self._ask("POST", path, read, mutating=True, data=fields)

    def delete(self, path: str, read: Callable[[Any], T]) -> T:
        return self._ask("DELETE", path, read)

    def _ask(
        self,
        method: str,
        path: str,
        read: Callable[[Any], T],
        *,
        mutating: bool = False,
        **parts: Any,
    ) -> T:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        name = self.judge.name
        reply = call(
            self.http,
            name,
            method,
            f"{self.base}/{path}",
            mutating=mutating,
            headers=headers,
            **parts,
        )
        value = self.judge.value_of(reply, mutating=mutating)
        usage.listen(name, reply)
        return read_as(read, value, name, mutating=mutating)
