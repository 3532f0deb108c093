"""The whole suite on PostgreSQL and Redis: `make test`."""

from __future__ import annotations

import json
import os
import sys
import time

from scripts import bluesky_pds, debian, services, setup
from scripts.console import ROOT, VENV_PYTHON, exit_on_signals, say, timestamp
from scripts.repository import commit

DURATION = ROOT / "var" / "test-duration.json"
# Two processes are what two cores carry. A file stays together, so that the servers it
# shares start once (pytest 9.2 hides xdist 3.8's groups: loadgroup would scatter them).
# They are handed out as tests/support/plugin_order.py orders them: the longest first.
PARALLEL = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")


def prepare() -> None:
    setup.ensure("dev")
    debian.ensure([*services.needed(), debian.FFMPEG])
    debian.prefer(debian.HEADLESS, debian.CHROMIUM)
    bluesky_pds.ensure()


def run(arguments: list[str]) -> int:
    """Pytest's exit code. Its output goes straight through."""
    command = [str(VENV_PYTHON), "-m", "pytest", *PARALLEL, *arguments]
    with services.running() as environment:
        environment.setdefault("BLUESKY_PDS_DIR", str(bluesky_pds.folder()))
        # Where it is set, each of a hundred processes compiles all modules anew.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        return services.run(command, environment)


def record(seconds: float) -> None:
    DURATION.parent.mkdir(exist_ok=True)
    facts = {"total_s": round(seconds, 1), "at": timestamp(), "commit": commit()}
    DURATION.write_text(json.dumps(facts), encoding="utf-8")


def main() -> None:
    started = time.monotonic()
    arguments = sys.argv[1:]
    exit_on_signals()
    os.chdir(ROOT)
    prepare()
    say(f"Everything is there ({time.monotonic() - started:.1f} s); running the suite.")
    code = run(arguments)
    if code == 0 and not arguments:
        record(time.monotonic() - started)
    sys.exit(code)


if __name__ == "__main__":
    main()
