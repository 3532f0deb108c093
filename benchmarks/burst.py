"""How fast a crowd of posts due at one second goes out, beside a bare HTTP client."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from benchmarks.bare import Recorded, recorded_calls, replay
from benchmarks.crowd import (
    HOW,
    THREADS,
    Stage,
    percentile,
    unfinished,
    workers,
)
from benchmarks.results import RUNS, Result
from core import clock
from tests.support.connected import due_post
from tests.support.worker import wait_until

LEAD_S = 2.0
# So long before the time a crowd is prepared, in the runs that prepare.
READY_S = 25.0
# The crowd of the runs that compare numbers of processes.
SCALED = 300


@dataclass(frozen=True)
class Burst:
    """One run: how late each post was, how long all took, here and bare."""

    lateness: list[float]
    elapsed_s: float
    bare_s: float

    @property
    def rate(self) -> float:
        return len(self.lateness) / self.elapsed_s

    @property
    def ratio(self) -> float:
        return self.bare_s / self.elapsed_s


def calls_of(found: Stage) -> Recorded:
    found.sandbox.set(latency_ms=0)
    target = due_post(found.cast, found.profiles[0], "recorded", in_s=9_999)
    calls = recorded_calls(target)
    found.sandbox.set(latency_ms=100)
    found.clear()
    return calls


def burst(
    found: Stage, count: int, calls: Recorded, *, prepared: bool = False
) -> Burst:
    """`calls` are what a bare client then sends for each profile.

    `prepared`: there is time enough to look ahead, so that only sending is left.
    """
    lead = LEAD_S + count / 500 + (READY_S if prepared else 0)
    due = clock.now() + timedelta(seconds=lead)
    found.post_all(count, due, **({"next_at": clock.now()} if prepared else {}))
    assert clock.now() < due, "scheduling took longer than the lead"
    wait_until(lambda: not unfinished(), seconds=600, what="all published", each=0.5)
    lateness = found.lateness(due)
    assert len(lateness) == count, f"{len(lateness)} of {count} arrived"
    found.clear()
    started = time.monotonic()
    replay(calls, [profile.external_id for profile in found.profiles[:count]], THREADS)
    bare_s = time.monotonic() - started
    found.clear()
    return Burst(lateness, lateness[-1], bare_s)


def results(name: str, bursts: list[Burst], workers: int) -> list[Result]:
    count = len(bursts[0].lateness)
    how = (
        f"{count} posts due at one second on {count} profiles, "
        f"{HOW.format(workers=workers)}, median of {len(bursts)}"
    )

    def middle(of: Callable[[Burst], float]) -> float:
        return statistics.median(of(each) for each in bursts)

    bare = f"the same calls by {THREADS} threads of a bare client, same run; {how}"
    return [
        Result(f"{name}.posts_per_s", middle(lambda b: b.rate), "1/s", how),
        Result(
            f"{name}.lateness_p50_s",
            middle(lambda b: percentile(b.lateness, 0.5)),
            "s",
            how,
        ),
        Result(
            f"{name}.lateness_p99_s",
            middle(lambda b: percentile(b.lateness, 0.99)),
            "s",
            how,
        ),
        Result(f"{name}.ratio_to_bare", middle(lambda b: b.ratio), "", bare),
    ]


def scaling(found: Stage, calls: Recorded) -> list[Result]:
    """The same crowd with 1, 2 and 4 worker processes on the same two cores."""
    rates = {}
    for count in (1, 2, 4):
        with workers(found, count):
            bursts = [burst(found, SCALED, calls) for _ in range(RUNS)]
        rates[count] = statistics.median(each.rate for each in bursts)
    how = (
        f"rate of {SCALED} posts due at one second with so many worker processes over "
        "that with one, PostgreSQL, Redis and sandbox on the same 2 cores"
    )
    return [
        Result(f"publish.workers_{count}.ratio_to_1", rates[count] / rates[1], "", how)
        for count in (2, 4)
    ]
