"""Starts a real sandbox and speaks its control API; standard library only."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[2]
START_WITHIN_S = 20.0
STOP_WITHIN_S = 5.0


class ControlError(AssertionError):
    """The control API refused; the text is its reason."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Sandbox:
    """`with Sandbox() as sandbox:` runs a process of its own on a free port.

    `Sandbox(url="http://127.0.0.1:9000")` only speaks to one that runs already.
    """

    def __init__(
        self,
        *,
        url: str = "",
        port: int = 0,
        state: Path | None = None,
        latency_ms: int = 0,
    ) -> None:
        self.port = port or (0 if url else free_port())
        self.url = url or f"http://127.0.0.1:{self.port}"
        self.state = state
        self.latency_ms = latency_ms
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Sandbox:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> Sandbox:
        """Returns when the server answers."""
        command = [sys.executable, "-m", "sandbox", "--port", str(self.port)]
        command += ["--latency-ms", str(self.latency_ms)]
        if self.state is not None:
            command += ["--state", str(self.state)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ))
        self._wait_until_healthy()
        return self

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + START_WITHIN_S
        while time.monotonic() < deadline:
            assert self.process is not None
            if self.process.poll() is not None:
                raise RuntimeError("The sandbox ended at its start.")
            try:
                self.health()
            except (URLError, ConnectionError):
                time.sleep(0.03)
            else:
                return
        self.stop()
        raise RuntimeError("The sandbox did not answer in time.")

    def stop(self) -> float:
        """SIGTERM; returns how many seconds the process took to end."""
        if self.process is None:
            return 0.0
        start = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
        return time.monotonic() - start

    def control(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """One call of the control API: `control("GET", "ledger", platform="x")`."""
        asked = {
            name: value for name, value in query.items() if value not in ("", None)
        }
        address = f"{self.url}/_/api/{path}" + (f"?{urlencode(asked)}" if asked else "")
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = Request(address, data, headers, method=method)  # noqa: S310
        try:
            with urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.load(answer)
        except HTTPError as error:
            raise ControlError(error.read().decode("utf-8", "replace")) from error

    def health(self) -> dict[str, Any]:
        return self.control("GET", "health")

    def reset(self) -> None:
        self.control("POST", "reset")

    def ledger(
        self, platform: str = "", profile: str = "", since: str = ""
    ) -> list[dict[str, Any]]:
        return self.control(
            "GET", "ledger", platform=platform, profile=profile, since=since
        )

    def clear_ledger(self) -> None:
        self.control("DELETE", "ledger")

    def calls(
        self, platform: str = "", step: str = "", profile: str = ""
    ) -> list[dict[str, Any]]:
        return self.control(
            "GET", "calls", platform=platform, step=step, profile=profile
        )

    def fault(self, kind: str, **rule: Any) -> dict[str, Any]:
        """`fault("cut_after", platform="instagram", step="publish", times=1)`."""
        return self.control("POST", "faults", {"kind": kind, **rule})

    def faults(self) -> list[dict[str, Any]]:
        return self.control("GET", "faults")

    def clear_faults(self) -> None:
        self.control("DELETE", "faults")

    def set(self, **settings: Any) -> dict[str, Any]:
        """Platform switches have dots: `set(**{"instagram.token_shape": "flat"})`."""
        return self.control("POST", "settings", settings)

    def settings(self) -> dict[str, Any]:
        return self.control("GET", "settings")

    def identity(self, platform: str, **wish: Any) -> dict[str, Any]:
        return self.control("POST", "identities", {"platform": platform, **wish})

    def identities(self, platform: str = "") -> list[dict[str, Any]]:
        return self.control("GET", "identities", platform=platform)

    def token(self, platform: str, identity: str, **wish: Any) -> dict[str, Any]:
        """What a finished sign-in of this identity (id or handle) would return."""
        body = {"platform": platform, "identity": identity, **wish}
        return self.control("POST", "tokens", body)

    def revoke(self, platform: str, identity: str, reason: str = "") -> int:
        body = {"platform": platform, "identity": identity, "reason": reason}
        return int(self.control("POST", "tokens/revoke", body)["tokens"])

    def expire(self, platform: str, identity: str) -> int:
        body = {"platform": platform, "identity": identity}
        return int(self.control("POST", "tokens/expire", body)["tokens"])

    def remove_permissions(self, platform: str, identity: str, *names: str) -> int:
        body = {"platform": platform, "identity": identity, "remove": list(names)}
        return int(self.control("POST", "permissions", body)["tokens"])

    def call_back(
        self, platform: str, identity: str, to: str, **wish: Any
    ) -> list[dict[str, Any]]:
        """The platform's own call to an app; `name`, `secret`, `age_s`, `times`."""
        body = {"platform": platform, "identity": identity, "to": to, **wish}
        return self.control("POST", "callbacks", body)

    def quota(self, platform: str, identity: str) -> dict[str, Any]:
        return self.control("GET", "quota", platform=platform, identity=identity)

    def set_quota(self, platform: str, identity: str, **wish: Any) -> dict[str, Any]:
        body = {"platform": platform, "identity": identity, **wish}
        return self.control("POST", "quota", body)

    def post_directly(
        self, platform: str, identity: str, **wish: Any
    ) -> dict[str, Any]:
        """A post the person makes in the platform's own app."""
        body = {"platform": platform, "identity": identity, **wish}
        return self.control("POST", "posts", body)

    def advance(self, seconds: int) -> None:
        """Move the sandbox's clock forward."""
        offset = self.settings()["clock_offset_s"]
        self.set(clock_offset_s=offset + seconds)
