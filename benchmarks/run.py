"""Measure and keep: `python -m benchmarks.run [AREA …]`, by way of `make bench`.

Expects PostgreSQL and Redis in DATABASE_URL and REDIS_URL. To add an area, write
`benchmarks/<area>.py` with `run() -> list[Result]` and name it in AREAS.
"""

from __future__ import annotations

import importlib
import sys
import time

from benchmarks import database, results
from benchmarks.results import Result
from scripts.console import fail, say, short, timestamp
from scripts.repository import commit

AREAS = (
    "demo",
    "keys",
    "people",
    "publish",
    "safety",
    "settings_page",
    "suite",
    "sweep",
    "switcher",
    "web",
)
# These work on the models of a database of their own, which must be there first.
ON_MODELS = (
    "keys",
    "people",
    "publish",
    "safety",
    "settings_page",
    "sweep",
    "switcher",
    "web",
)


def measure(area: str) -> list[Result]:
    started = time.monotonic()
    say(f"Measuring {area} …")
    if area in ON_MODELS:
        database.prepare()
    found: list[Result] = importlib.import_module(f"benchmarks.{area}").run()
    say(f"  {len(found)} results in {time.monotonic() - started:.0f} s")
    return found


def main() -> None:
    wanted = sys.argv[1:] or list(AREAS)
    if unknown := set(wanted) - set(AREAS):
        fail(f"Unknown area {min(unknown)!r}: say one of {', '.join(AREAS)}.")
    for area in wanted:
        # Kept area by area: a long run that breaks has not measured in vain.
        new = results.rows(measure(area), at=timestamp(), commit=commit())
        results.write(results.merge(results.read(), new))
    say(f"\n{results.table(results.read())}\n\nKept in {short(results.LATEST)}.")


if __name__ == "__main__":
    main()
