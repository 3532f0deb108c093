"""Break everything while posts fall due: `make chaos` (SEED=7 repeats a storm).

1,000 posts over a minute; each 2 s a worker is killed; Redis restarts twice, once
emptied; PostgreSQL crashes once; each tenth message is doubled. Some four minutes.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from typing import Any

from benchmarks import results
from benchmarks.results import Result
from scripts import debian, setup
from scripts.console import (
    ROOT,
    VENV_PYTHON,
    exit_on_signals,
    fail,
    say,
    short,
    timestamp,
)
from scripts.repository import commit

POSTS, OVER_S = 1_000, 60


def storm(seed: int) -> dict[str, Any]:
    """Its report; the sandbox's and its own words go straight through."""
    command = [str(VENV_PYTHON), "-m", "tests.chaos", str(POSTS), str(OVER_S)]
    done = subprocess.run(
        [*command, str(seed)], stdout=subprocess.PIPE, text=True, check=False
    )
    lines = done.stdout.strip().splitlines()
    if not lines or not lines[-1].startswith("{"):
        fail(f"The storm ended without a report (exit code {done.returncode}).")
    report: dict[str, Any] = json.loads(lines[-1])
    return report


def measured(report: dict[str, Any]) -> list[Result]:
    how = (
        f"{POSTS} posts due over {OVER_S} s on 3 platforms, 3 workers, SIGKILL each "
        f"2 s ({report['kills']} kills, {report['recovered']} posts hit), "
        "leases of 8 s, from the kill to the post's publication, 1 run, seed "
        f"{report['seed']}"
    )
    return [
        Result(f"publish.recovery_{name}_s", report[f"recovery_{name}_s"], "s", how)
        for name in ("p50", "max")
    ]


def main() -> None:
    os.chdir(ROOT)
    exit_on_signals()
    setup.ensure("dev")
    debian.ensure([debian.POSTGRESQL, debian.REDIS, debian.FFMPEG])
    wanted = sys.argv[1:]
    report = storm(int(wanted[0]) if wanted else secrets.randbelow(10_000))
    say(json.dumps(report, indent=1))
    if report["broken"]:
        fail(f"A promise broke; SEED={report['seed']} repeats the storm.")
    new = results.rows(measured(report), at=timestamp(), commit=commit())
    results.write(results.merge(results.read(), new))
    say(f"Each of {POSTS} posts went out once. Kept in {short(results.LATEST)}.")


if __name__ == "__main__":
    main()
