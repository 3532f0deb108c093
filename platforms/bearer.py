"""A platform's JSON API, asked with one person's token in the Authorization header."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from core.http import Http, Reply
from platforms.client import call, read_as

T = TypeVar("T")


class Judge(Protocol):
    """The JSON of a good answer; raises what any other answer means.

    `needs`: the permissions that a refusal for want of one is about.
    """

    def __call__(self, reply: Reply, needs: tuple[str, ...] = ()) -> Any: ...


@dataclass(frozen=True)
class Bearer:
    """`headers` go along with each request, beside the token."""

    http: Http
    name: str
    judge: Judge
    access: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)

    def get(
        self,
        url: str,
        read: Callable[[Any], T],
        needs: tuple[str, ...] = (),
        **params: Any,
    ) -> T:
        """`read` gives the answer its shape; see `platforms.client.read_as`."""
        headers = {**self.headers, "Authorization": f"Bearer {self.access}"}
        parts: dict[str, Any] = {"params": params} if params else {}
        reply = call(self.http, self.name, "GET", url, headers=headers, **parts)
        return read_as(read, self.judge(reply, needs), self.name)
