"""Gauges that only the database and the broker know, read when somebody scrapes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from core import clock
from publishing import broker, queries
from publishing.queries import Due

log = structlog.get_logger(__name__)

Labels = tuple[str, ...]
Values = Mapping[Any, float]


class Vitals(Collector):
    """Without database or broker their gauges are missing: `later_up` says which."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up: dict[Labels, float] = {}
        for part, read in (("database", _rows), ("broker", _queues)):
            try:
                found = list(read())
            except (DatabaseError, broker.Away) as error:
                log.warning("metrics.part_away", part=part, error=type(error).__name__)
                up[part,] = 0
            else:
                up[part,] = 1
                yield from found
        yield _gauge("later_up", "Whether it answered this scrape.", ["part"], up)


def _rows() -> Iterator[GaugeMetricFamily]:
    due = queries.due_not_final(settings.ALARM_LATE_S)
    yield from _due_gauges(due)
    yield _gauge(
        "later_targets_waiting_for_person",
        "Targets that are held or unconfirmed.",
        ["platform", "state"],
        queries.waiting_for_person(),
    )
    yield _gauge(
        "later_targets_in_flight",
        "Targets that a worker holds under a lease.",
        ["state"],
        {(state,): count for state, count in queries.leased().items()},
    )
    yield _gauge(
        "later_paused_scopes",
        "Platforms (scope app) and profiles that are left in peace for a while.",
        ["platform", "scope"],
        queries.paused(),
    )
    yield from _signs_of_life()


def _due_gauges(due: list[Due]) -> Iterator[GaugeMetricFamily]:
    yield _gauge(
        "later_targets_due",
        "Targets that are due and not final.",
        ["platform", "state"],
        {(row.platform, row.state): row.count for row in due},
    )
    late: dict[Labels, float] = {}
    for row in due:
        late[row.platform,] = late.get((row.platform,), 0) + row.late
    yield _gauge(
        "later_targets_late",
        "Targets that are due for longer than ALARM_LATE_S and not final.",
        ["platform"],
        late,
    )
    working = [row.oldest for row in due if row.count > row.without_clock]
    age = (clock.now() - min(working)).total_seconds() if working else 0
    yield _gauge("later_oldest_due_seconds", "Age of the oldest.", [], {(): age})


def _signs_of_life() -> Iterator[GaugeMetricFamily]:
    now = clock.now()
    beats = queries.beats()
    seen = {(beat.name,): (now - beat.seen_at).total_seconds() for beat in beats}
    yield _gauge(
        "later_seen_seconds_ago",
        "Since the last sign of the tick (tick) and of each worker (worker:name).",
        ["part"],
        seen,
    )
    workers = [beat for beat in beats if beat.name != queries.TICK]
    yield _gauge(
        "later_clock_ahead_seconds",
        "How far a worker's clock is ahead of the database's.",
        ["part"],
        {(beat.name,): beat.ahead_ms / 1000 for beat in workers},
    )


def _queues() -> Iterable[GaugeMetricFamily]:
    waiting = {(name,): count for name, count in broker.waiting().items()}
    yield _gauge(
        "later_queue_messages", "Messages nobody has taken.", ["queue"], waiting
    )


def _gauge(
    name: str, text: str, labels: list[str], values: Values
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=labels)
    for key, value in values.items():
        family.add_metric(list(key), value)
    return family


def registry() -> CollectorRegistry:
    """The same for every web process, whichever of them is asked."""
    found = CollectorRegistry()
    found.register(Vitals())
    return found
