"""Counters of this process for Prometheus; labels are closed lists, never ids.

Workers use the threads pool, so one process has one registry, and nothing is shared
through files. What only the database knows is in publishing.collector.
"""

from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector

from core import clock
from publishing.models import Attempt
from scheduling.models import Target
from scheduling.states import TargetState

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)

LATENESS = Histogram(
    "later_publish_lateness_seconds",
    "From the time a post was due to the platform's yes.",
    ["platform"],
    buckets=(0.25, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3_600),
    registry=REGISTRY,
)
ATTEMPTS = Counter(
    "later_publish_attempts",
    "Steps of publications.",
    ["platform", "step", "outcome"],
    registry=REGISTRY,
)
DURATION = Histogram(
    "later_publish_step_seconds",
    "How long a step took that calls the platform.",
    ["platform", "step"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120),
    registry=REGISTRY,
)
OUTCOMES = Counter(
    "later_publish_outcomes",
    "Publications that the engine has done with, by how they ended.",
    ["platform", "state"],
    registry=REGISTRY,
)
REAPED = Counter(
    "later_publish_reaped",
    "Leases that lapsed: a worker died or was too slow.",
    ["state"],
    registry=REGISTRY,
)
TICK = Histogram(
    "later_tick_seconds",
    "How long a tick took to take back what lapsed and to claim what is due.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=REGISTRY,
)
CLAIMED = Counter(
    "later_tick_claimed", "Targets that ticks claimed.", ["work"], registry=REGISTRY
)

TAKEN = frozenset({TargetState.PUBLISHED, TargetState.PROCESSING})
# Unconfirmed may end again, as published or failed.
ENDS = frozenset(
    {
        TargetState.PUBLISHED,
        TargetState.FAILED,
        TargetState.HELD,
        TargetState.MISSED,
        TargetState.UNCONFIRMED,
        TargetState.REMINDER,
    }
)


def attempted(target: Target, attempts: Iterable[Attempt], before: str) -> None:
    """Attempts that were written with a move of the target out of state `before`."""
    platform = target.profile.platform
    for attempt in attempts:
        step = str(attempt.step)
        ATTEMPTS.labels(platform, step, str(attempt.outcome)).inc()
        if attempt.calls:
            DURATION.labels(platform, step).observe(attempt.duration_ms / 1000)
    if target.state != before:
        _arrived(target, platform, before)


def _arrived(target: Target, platform: str, before: str) -> None:
    if before == TargetState.SENDING and target.state in TAKEN and target.due_at:
        late = (clock.now() - target.due_at).total_seconds()
        LATENESS.labels(platform).observe(max(0.0, late))
    if target.state in ENDS:
        OUTCOMES.labels(platform, str(target.state)).inc()


def reaped(state: str) -> None:
    REAPED.labels(str(state)).inc()


def claimed(**counts: int) -> None:
    """`claimed(publish=3, settle=0)`"""
    for work, count in counts.items():
        CLAIMED.labels(work).inc(count)
