"""Calls that a platform makes by itself to an app's addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

WAIT_S = 15


@dataclass(frozen=True, slots=True)
class Outgoing:
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


async def deliver(to: str, outgoing: Outgoing, times: int) -> list[dict[str, Any]]:
    """One after the other, the very same bytes; what the app answered to each."""
    limit = aiohttp.ClientTimeout(total=WAIT_S)
    found = []
    async with aiohttp.ClientSession(timeout=limit) as session:
        for _ in range(times):
            async with session.post(
                to, data=outgoing.body, headers=outgoing.headers
            ) as answer:
                found.append({"status": answer.status, "body": await answer.text()})
    return found
