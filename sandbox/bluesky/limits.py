"""Rate limits: requests per host, write points and sign-ins per account."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sandbox.bluesky.errors import XrpcError
from sandbox.world import World

REQUESTS_S = 300
HOUR = 3600
DAY = 86400
LOGIN_S = 300
POINTS = {"create": 3, "update": 2, "delete": 1}


@dataclass(slots=True)
class Window:
    """A fixed window that begins with its first hit."""

    started: float
    used: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    key: str
    limit: int
    seconds: int


class Limits:
    """In memory: a restart forgives. A limit of 0 is off."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._windows: dict[str, Window] = {}

    def forget(self) -> None:
        self._windows.clear()

    def request(self, host: str) -> dict[str, str]:
        """Counts a call; the headers every answer carries."""
        limit = self.world.settings["bluesky.requests_per_5min"]
        return self.take([Rule(f"requests:{host}", limit, REQUESTS_S)], 1)

    def login(self, who: str) -> dict[str, str]:
        settings = self.world.settings
        return self.take(
            [
                Rule(f"login5:{who}", settings["bluesky.logins_per_5min"], LOGIN_S),
                Rule(f"loginday:{who}", settings["bluesky.logins_per_day"], DAY),
            ],
            1,
        )

    def upload(self, did: str) -> dict[str, str]:
        limit = self.world.settings["bluesky.uploads_per_day"]
        return self.take([Rule(f"uploads:{did}", limit, DAY)], 1)

    def write(self, did: str, actions: list[str]) -> dict[str, str]:
        """Points of one call: create 3, update 2, delete 1."""
        return self.take(self.write_rules(did), sum(POINTS[name] for name in actions))

    def write_rules(self, did: str) -> list[Rule]:
        settings = self.world.settings
        return [
            Rule(f"hour:{did}", settings["bluesky.points_per_hour"], HOUR),
            Rule(f"day:{did}", settings["bluesky.points_per_day"], DAY),
        ]

    def used(self, rule: Rule) -> int:
        return self._window(rule).used

    def set_used(self, rule: Rule, used: int) -> None:
        self._window(rule).used = used

    def take(self, rules: list[Rule], points: int) -> dict[str, str]:
        """Nothing is counted if one of them is full: 429 RateLimitExceeded."""
        active = [rule for rule in rules if rule.limit]
        for rule in active:
            if self.used(rule) + points > rule.limit:
                headers = self.headers(rule) | {"Retry-After": str(self._left(rule))}
                raise XrpcError(
                    429, "RateLimitExceeded", "Rate Limit Exceeded", headers
                )
        for rule in active:
            self._window(rule).used += points
        if not active:
            return {}
        return self.headers(min(active, key=lambda rule: rule.limit - self.used(rule)))

    def headers(self, rule: Rule) -> dict[str, str]:
        window = self._window(rule)
        return {
            "RateLimit-Limit": str(rule.limit),
            "RateLimit-Remaining": str(max(0, rule.limit - window.used)),
            "RateLimit-Reset": str(math.ceil(window.started + rule.seconds)),
            "RateLimit-Policy": f"{rule.limit};w={rule.seconds}",
        }

    def _left(self, rule: Rule) -> int:
        ends = self._window(rule).started + rule.seconds
        return max(1, math.ceil(ends - self.world.now()))

    def _window(self, rule: Rule) -> Window:
        now = self.world.now()
        window = self._windows.get(rule.key)
        if window is None or window.started + rule.seconds <= now:
            window = self._windows[rule.key] = Window(now)
        return window
