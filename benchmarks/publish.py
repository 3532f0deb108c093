"""How fast a crowd of posts due at one second goes out, beside a bare HTTP client."""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from benchmarks import database

database.prepare()

from benchmarks.bare import Recorded, recorded_calls, replay  # noqa: E402
from benchmarks.results import RUNS, Result  # noqa: E402
from core import clock, http  # noqa: E402
from profiles.models import SocialProfile  # noqa: E402
from scheduling.models import Target  # noqa: E402
from tests.people import Cast, assemble  # noqa: E402
from tests.support.connected import due_post, profiles_on  # noqa: E402
from tests.support.sandbox import Sandbox  # noqa: E402
from tests.support.worker import Worker, wait_until  # noqa: E402

POSTS = 200
LATENCY_MS = 100
THREADS = 64
LEAD_S = 4.0
BOT: dict[str, Any] = {
    "PLATFORM_TELEGRAM_BOT_TOKEN": "7700000001:AAF-sandbox-token-of-no-real-bot-00",
    "PLATFORM_TELEGRAM_BOT_NAME": "later_sandbox_bot",
}


@dataclass(frozen=True)
class Burst:
    """One run: seconds after the due time at which the platform took each post."""

    lateness: list[float]
    elapsed_s: float
    bare_s: float

    @property
    def rate(self) -> float:
        return POSTS / self.elapsed_s

    @property
    def ratio(self) -> float:
        return self.bare_s / self.elapsed_s

    def percentile(self, share: float) -> float:
        ordered = sorted(self.lateness)
        return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def run() -> list[Result]:
    os.environ.update(BOT)
    with Sandbox() as sandbox:
        http.configure(gateway=sandbox.url)
        sandbox.set(**{"telegram.chat_per_minute": 0, "telegram.bot_per_second": 0})
        cast = assemble()
        profiles = profiles_on("telegram", cast, sandbox, POSTS)
        calls = recorded_calls(due_post(cast, profiles[0], "recorded", in_s=9_999))
        sandbox.set(latency_ms=LATENCY_MS)
        with Worker(threads=THREADS, PLATFORM_GATEWAY=sandbox.url, **BOT):
            warm_up(cast, profiles, sandbox)
            bursts = [burst(cast, profiles, sandbox, calls) for _ in range(RUNS)]
    return results(bursts)


def results(bursts: list[Burst]) -> list[Result]:
    how = (
        f"{POSTS} posts due at one second on {POSTS} profiles, 2 calls each, platform "
        f"latency {LATENCY_MS} ms, 1 worker with {THREADS} threads, PostgreSQL and "
        f"Redis, median of {len(bursts)}"
    )

    def middle(values: list[float]) -> float:
        return statistics.median(values)

    name = f"publish.burst_{POSTS}"
    return [
        Result(f"{name}.posts_per_s", middle([b.rate for b in bursts]), "1/s", how),
        Result(
            f"{name}.lateness_p50_s",
            middle([b.percentile(0.5) for b in bursts]),
            "s",
            how,
        ),
        Result(
            f"{name}.lateness_p99_s",
            middle([b.percentile(0.99) for b in bursts]),
            "s",
            how,
        ),
        Result(
            f"{name}.ratio_to_bare",
            middle([b.ratio for b in bursts]),
            "",
            f"the same calls by {THREADS} threads of a bare client, same run; {how}",
        ),
    ]


def warm_up(cast: Cast, profiles: list[SocialProfile], sandbox: Sandbox) -> None:
    for profile in profiles[:THREADS]:
        due_post(cast, profile, "warm-up")
    wait_until(lambda: _left() == 0, seconds=60, what="warm-up published")
    sandbox.clear_ledger()


def burst(
    cast: Cast, profiles: list[SocialProfile], sandbox: Sandbox, calls: Recorded
) -> Burst:
    due = clock.now() + timedelta(seconds=LEAD_S)
    for profile in profiles:
        left = (due - clock.now()).total_seconds()
        due_post(cast, profile, f"burst {due.isoformat()}", in_s=left)
    assert clock.now() < due, "scheduling took longer than the lead"
    wait_until(lambda: _left() == 0, seconds=120, what="all published", each=0.2)
    lateness = [
        (datetime.fromisoformat(row["accepted_at"]) - due).total_seconds()
        for row in sandbox.ledger("telegram")
    ]
    assert len(lateness) == POSTS, f"{len(lateness)} of {POSTS} arrived"
    sandbox.clear_ledger()
    started = time.monotonic()
    replay(calls, [profile.external_id for profile in profiles], THREADS)
    bare_s = time.monotonic() - started
    sandbox.clear_ledger()
    return Burst(lateness, max(lateness), bare_s)


def _left() -> int:
    return (
        Target.objects.exclude(state="published")
        .filter(next_at__lt=clock.now() + timedelta(seconds=60))
        .count()
        + Target.objects.filter(state__in=["claimed", "sending"]).count()
    )
