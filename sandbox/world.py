"""Everything one running sandbox holds: state, ledger, faults, doubles, tasks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from sandbox.double import Double
from sandbox.faults import Faults
from sandbox.ledger import CallLog, Ledger, Publication
from sandbox.media import Fetcher
from sandbox.settings import Settings
from sandbox.state import Identity, State
from sandbox.thumbnails import Thumbnails


class World:
    """Made once a process; `reset()` brings back the seed."""

    def __init__(
        self,
        doubles: list[type[Double]],
        state_file: Path | None = None,
        settings: dict[str, Any] | None = None,
    ) -> None:
        self.settings = Settings()
        self.state = State(state_file)
        self.faults = Faults()
        self.calls = CallLog()
        self.fetcher = Fetcher()
        self._restored = self.state.load()
        self.ledger = Ledger(self.state)
        self.thumbnails = Thumbnails(self.state)
        self.doubles = {double.key: double(self) for double in doubles}
        self._start_settings = settings or {}
        self.settings.update(self._start_settings)
        self._tasks: set[asyncio.Task[None]] = set()

    def now(self) -> float:
        """Unix seconds, moved by the `clock_offset_s` setting."""
        return time.time() + float(self.settings["clock_offset_s"])

    def start(self) -> None:
        for double in self.doubles.values():
            # A snapshot may be older than a platform; that one begins afresh.
            known = self.state.identities_of(double.key)
            double.resume() if self._restored and known else double.seed()
        self._tasks.add(asyncio.create_task(self.state.keep_saving()))

    async def stop(self) -> None:
        await self._cancel_tasks()
        await self.fetcher.close()
        self.state.save()

    async def reset(self) -> None:
        """Forget everything but the options the process was started with."""
        await self._cancel_tasks()
        self.state.clear()
        self.faults.clear()
        self.calls.clear()
        self.settings.reset()
        self.settings.update(self._start_settings)
        self._restored = False
        self.start()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Background work that ends with a reset or with the process."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _cancel_tasks(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()

    def publish(self, publication: Publication) -> Publication:
        """Write an accepted publication down."""
        return self.ledger.add(publication, self.now())

    def double(self, platform: str) -> Double:
        """KeyError with a plain text if there is no such platform."""
        if platform not in self.doubles:
            raise KeyError(f"There is no platform named {platform!r}.")
        return self.doubles[platform]

    def identity(self, platform: str, ref: str) -> Identity:
        """By id or handle; KeyError with a plain text."""
        self.double(platform)
        found = self.state.identity(platform, ref)
        if found is None:
            raise KeyError(f"There is no {platform} identity {ref!r}.")
        return found
