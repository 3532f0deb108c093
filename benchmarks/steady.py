"""One post a second for two minutes: how late is an ordinary post?"""

from __future__ import annotations

import statistics
from datetime import datetime, timedelta

from benchmarks.crowd import HOW, Stage, percentile, unfinished, workers
from benchmarks.results import Result
from core import clock
from tests.support.worker import wait_until

POSTS = 120
LEAD_S = 3


def run(place: Stage) -> list[Result]:
    with workers(place, 1):
        start = clock.now() + timedelta(seconds=LEAD_S)
        dues = [start + timedelta(seconds=number) for number in range(POSTS)]
        place.post_each(dues)
        wait_until(
            lambda: not unfinished(), seconds=POSTS + 120, what="published", each=1
        )
    taken = [
        datetime.fromisoformat(row["accepted_at"]) for row in place.sandbox.ledger()
    ]
    late = sorted(
        (at - due).total_seconds() for at, due in zip(sorted(taken), dues, strict=True)
    )
    place.clear()
    how = f"one post a second for {POSTS} s, {HOW.format(workers=1)}"
    return [
        Result("publish.steady.lateness_p50_s", statistics.median(late), "s", how),
        Result("publish.steady.lateness_p99_s", percentile(late, 0.99), "s", how),
    ]
