"""Flood control: messages per channel and bot, and uploads of one size."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque

from sandbox.telegram.errors import flood
from sandbox.world import World

MINUTE = 60.0
SECOND = 1.0
PACED_FROM = 100_000
LONGEST_WAIT_S = 5.0
UPLOAD_RETRY_S = 60


class Flood:
    """Counts in memory only: a restart forgives."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._sent: dict[str, deque[float]] = {}
        self._uploads: dict[tuple[str, int], float] = {}

    def forget(self) -> None:
        self._sent.clear()
        self._uploads.clear()

    def count(self, bot: str, chat: str, messages: int) -> None:
        """429 if the chat's minute or the bot's second is full; else counted."""
        per_chat = self.world.settings["telegram.chat_per_minute"]
        per_bot = self.world.settings["telegram.bot_per_second"]
        self._check(f"chat:{chat}", per_chat, MINUTE, messages)
        self._check(f"bot:{bot}", per_bot, SECOND, messages)
        now = self.world.now()
        for key, limit in ((f"chat:{chat}", per_chat), (f"bot:{bot}", per_bot)):
            if limit:
                self._sent[key].extend([now] * messages)

    def _check(self, key: str, limit: int, window: float, messages: int) -> None:
        if not limit:
            return
        sent = self._sent.setdefault(key, deque())
        now = self.world.now()
        while sent and sent[0] <= now - window:
            sent.popleft()
        # An album may be larger than the rest of the window, but not than an
        # empty one.
        if sent and len(sent) + messages > limit:
            raise flood(max(1, math.ceil(sent[0] + window - now)))

    async def pace_upload(self, bot: str, size: int) -> None:
        """Uploads of exactly one size wait for each other, at last they are refused."""
        if size <= PACED_FROM or not self.world.settings["telegram.upload_pacing"]:
            return
        now, key = time.monotonic(), (bot, size)
        last = self._uploads.get(key, 0.0)
        if last > now + LONGEST_WAIT_S:
            raise flood(UPLOAD_RETRY_S)
        pause = min(max(size * 1e-7, 0.2), 0.9)
        self._uploads[key] = max(last + pause, now - 1.0)
        await asyncio.sleep(max(0.0, self._uploads[key] - now))
