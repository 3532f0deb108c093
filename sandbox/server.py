"""The HTTP server: finds the double for /HOST/PATH, applies faults, logs the call."""

from __future__ import annotations

import asyncio
import re
import signal
import time
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox import console, control, pages
from sandbox.double import Call, Double, Refusal, Route
from sandbox.faults import Fault
from sandbox.ledger import LoggedCall
from sandbox.registry import load
from sandbox.spoiling import cut, drip, spoiled
from sandbox.world import World

MAX_BODY = 1024**3
# An open request at the end of the process gets this long to finish.
GRACE_S = 0.3


@dataclass(frozen=True, slots=True)
class Match:
    """A route as compiled for one double."""

    double: Double
    route: Route
    pattern: re.Pattern[str]

    def takes(self, host: str) -> bool:
        hosts = self.route.hosts or self.double.hosts
        return any(fnmatchcase(host, known) for known in hosts)


class Router:
    """Which double and which of its routes answer a request."""

    def __init__(self, doubles: list[Double]) -> None:
        self.doubles = doubles
        self._matches = [
            Match(double, route, route.pattern())
            for double in doubles
            for route in double.routes()
        ]
        self._for_host = lru_cache(maxsize=4096)(self._find_for_host)
        self.owner = lru_cache(maxsize=4096)(self._owner)

    def _find_for_host(self, host: str) -> tuple[Match, ...]:
        return tuple(match for match in self._matches if match.takes(host))

    def _owner(self, host: str) -> Double | None:
        for double in self.doubles:
            if any(fnmatchcase(host, known) for known in double.hosts):
                return double
        return None

    def find(self, call: Call) -> Match | None:
        """The first route that fits; fills `call.params`."""
        for match in self._for_host(call.host):
            if match.route.method not in ("*", call.request.method):
                continue
            found = match.pattern.fullmatch(call.path)
            if found:
                call.params = found.groupdict()
                return match
        return None


class Gateway:
    """The one handler behind every platform address."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.router = Router(list(world.doubles.values()))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        host, _, path = request.path[1:].partition("/")
        call = Call(request, host.lower(), "/" + path)
        if host == "_":
            return web.json_response({"error": "There is no such page."}, status=404)
        owner = self.router.owner(call.host)
        if owner is None:
            text = f"The sandbox plays no platform at {host}.\n"
            return web.Response(text=text, status=502)
        match = self.router.find(call)
        if match is None:
            return self._log_unknown(owner, call)
        call.step = await match.route.step_of(call)
        call.profile = await match.double.profile_of(call)
        return await self._answer(match, call)

    def _log_unknown(self, double: Double, call: Call) -> web.Response:
        response = double.not_found(call)
        self._log(double, call, response.status, time.perf_counter(), "")
        return response

    async def _answer(self, match: Match, call: Call) -> web.StreamResponse:
        start = time.perf_counter()
        platform = match.double.key
        rules = self.world.faults.take(platform, call.step, call.profile)
        await self._wait(rules)
        rule = next((r for r in rules if r.kind != "latency"), None)
        status = 0
        try:
            response = await self._respond(match, call, rule)
            status = response.status if response is not None else 0
        finally:
            fault = rule.kind if rule else ""
            self._log(match.double, call, status, start, fault)
        if response is None:
            return cut(call.request)
        if rule is not None and rule.kind == "slow_body":
            return await drip(call.request, response, rule.delay_ms / 1000)
        return response

    async def _wait(self, rules: list[Fault]) -> None:
        delay = self.world.settings["latency_ms"]
        delay += sum(rule.delay_ms for rule in rules if rule.kind == "latency")
        if delay:
            await asyncio.sleep(delay / 1000)

    async def _respond(
        self, match: Match, call: Call, rule: Fault | None
    ) -> web.StreamResponse | None:
        """None means: cut the connection."""
        if rule is None:
            return await self._run(match, call)
        if rule.kind == "cut_before":
            return None
        answer: web.StreamResponse | None = None
        if rule.runs_handler:
            answer = await self._run(match, call)
        if rule.kind in ("hang", "cut_after"):
            await asyncio.sleep(rule.delay_ms / 1000)
            return None
        return spoiled(match.double, call, rule, answer)

    async def _run(self, match: Match, call: Call) -> web.StreamResponse:
        try:
            return await match.route.handler(call)
        except Refusal as refusal:
            return refusal.response()

    def _log(
        self, double: Double, call: Call, status: int, start: float, fault: str
    ) -> None:
        self.world.calls.add(
            LoggedCall(
                platform=double.key,
                step=call.step,
                profile=call.profile,
                method=call.request.method,
                host=call.host,
                status=status,
                at=time.time(),
                duration_ms=round((time.perf_counter() - start) * 1000, 1),
                fault=fault,
            )
        )


def build(world: World) -> web.Application:
    app = web.Application(client_max_size=MAX_BODY)
    app[control.WORLD] = world
    app.add_routes(control.routes())
    app.add_routes(console.routes())
    app.add_routes(pages.routes())
    app.router.add_route("*", "/{anything:.*}", Gateway(world).handle)
    return app


async def serve(
    host: str, port: int, state: Path | None, settings: dict[str, Any]
) -> None:
    """Run until SIGTERM or SIGINT."""
    world = World(load(), state, settings)
    runner = web.AppRunner(build(world), access_log=None, shutdown_timeout=GRACE_S)
    await runner.setup()
    world.start()
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    await web.TCPSite(runner, host, port, backlog=1024).start()
    await stopped.wait()
    await runner.cleanup()
    await world.stop()
