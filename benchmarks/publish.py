"""The publishing engine, measured: `make bench-publish` (WITH=10m for the largest)."""

from __future__ import annotations

import os

from benchmarks import burst, cost, steady, ticks
from benchmarks.crowd import Stage, stage, workers
from benchmarks.results import RUNS, Result

# One process carries the numbers; more of them share the same two cores.
PROCESSES = 2


def run() -> list[Result]:
    wanted = os.environ.get("BENCH_PARTS", "bursts scaling steady cost ticks").split()
    found: list[Result] = []
    with stage(5_000 if "bursts" in wanted else burst.SCALED) as place:
        for name, part in PARTS.items():
            if name in wanted:
                found += part(place)
    return found


def bursts(place: Stage) -> list[Result]:
    calls = burst.calls_of(place)
    found: list[Result] = []
    with workers(place, PROCESSES):
        for count, runs in ((200, RUNS), (1_000, RUNS), (5_000, 1)):
            made = [burst.burst(place, count, calls) for _ in range(runs)]
            found += burst.results(f"publish.burst_{count}", made, PROCESSES)
        ready = [burst.burst(place, 200, calls, prepared=True) for _ in range(RUNS)]
        found += burst.results("publish.burst_200_prepared", ready, PROCESSES)
    return found


def scaling(place: Stage) -> list[Result]:
    return burst.scaling(place, burst.calls_of(place))


PARTS = {
    "cost": cost.run,
    "steady": steady.run,
    "bursts": bursts,
    "scaling": scaling,
    "ticks": ticks.run,
}
