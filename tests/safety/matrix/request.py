"""What is sent: a method, a path, and what stands in query and body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.http import HttpResponse
from django.test import Client

from tests.safety.matrix import addresses
from tests.safety.matrix.act import Act
from tests.safety.matrix.world import Side

JSON = "application/json"


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, Any]
    body: Mapping[str, Any]
    json: bool = False

    @classmethod
    def to(cls, route: str, act: Act, side: Side) -> Self:
        """All of it one side's own."""
        path = addresses.path_of(route, {**side.ids, **act.at(side)})
        return cls(act.method, path, act.query(side), act.body(side), act.json)

    def send(self, client: Client) -> HttpResponse:
        ask = getattr(client, self.method.lower())
        if self.method == "GET":
            return ask(self.path, self.query)
        sent: dict[str, Any] = {"data": self.body, "query_params": self.query}
        if self.json:
            sent["content_type"] = JSON
        return ask(self.path, **sent)
