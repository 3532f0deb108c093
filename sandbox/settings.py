"""The sandbox's switches, changed by tests and by the control page while it runs."""

from __future__ import annotations

from typing import Any

CORE: dict[str, Any] = {
    # Added to every platform call.
    "latency_ms": 0,
    # How long a platform works on media after it has it; videos take longer.
    "processing_ms": 1000,
    # Life of access tokens; 0 = the platform's own value.
    "token_lifetime_s": 0,
    # Moves the sandbox's clock, to age tokens, codes and containers in tests.
    "clock_offset_s": 0,
    # False: media addresses are believed without a look (load tests).
    "fetch_media": True,
    # Small pictures for the control page.
    "thumbnails": True,
}


class UnknownSetting(ValueError):
    """No such switch, or a value of another type."""


class Settings:
    """A flat mapping; a platform's own switches are named `<platform>.<switch>`."""

    def __init__(self) -> None:
        self.defaults: dict[str, Any] = dict(CORE)
        self.values: dict[str, Any] = {}

    def declare(self, platform: str, switches: dict[str, Any]) -> None:
        for name, value in switches.items():
            self.defaults[f"{platform}.{name}"] = value

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name, self.defaults[name])

    def update(self, changes: dict[str, Any]) -> None:
        """All or nothing; UnknownSetting says which name or type was wrong."""
        for name, value in changes.items():
            self._check(name, value)
        self.values.update(changes)

    def _check(self, name: str, value: Any) -> None:
        if name not in self.defaults:
            raise UnknownSetting(f"There is no setting named {name}.")
        wanted = type(self.defaults[name])
        if wanted is float and type(value) is int:
            return
        if type(value) is not wanted:
            raise UnknownSetting(f"{name} must be of type {wanted.__name__}.")

    def reset(self) -> None:
        self.values.clear()

    def all(self) -> dict[str, Any]:
        return {**self.defaults, **self.values}
