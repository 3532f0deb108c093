"""How long `make test` takes."""

from __future__ import annotations

import json

from benchmarks.results import Result
from scripts.console import say
from scripts.run_tests import DURATION


def run() -> list[Result]:
    """Taken from the last green run of the whole suite on this machine."""
    if not DURATION.exists():
        say("  no whole run of `make test` is known here; run it first")
        return []
    last = json.loads(DURATION.read_text(encoding="utf-8"))
    how = f"last green `make test` ({last['at']}, commit {last['commit']}), 1 run"
    return [Result("test.total_s", last["total_s"], "s", how)]
