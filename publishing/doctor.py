"""The publisher's part of the doctor: does it live, does it keep up, can it go on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from core import clock, database_clock
from core.doctor import Finding, fail, ok, warn
from platforms import registry
from publishing import alarm_channels, broker, plans, queries
from publishing.actions.publish import MARGIN_S
from publishing.actions.reap import MAX_TRIES
from publishing.alarms import CLOCK_OFF_MS
from publishing.models import Heartbeat
from publishing.queries import UNFINISHED
from scheduling.models import Target

# A row that is so near to its last try is told.
NEAR_THE_END = 2
MANY_MESSAGES = 1_000


def examine() -> Iterator[Finding]:
    beats = queries.beats()
    yield _tick(beats)
    yield _workers(beats)
    yield _own_clock()
    yield _workers_clocks(beats)
    yield _queue()
    yield _due()
    yield _poisoned()
    yield _paused()
    yield _operator()
    yield _waiting_for_person()
    yield _leases()
    yield from _indexes()
    yield _channels()


def _age_s(beat: Heartbeat) -> float:
    return (clock.now() - beat.seen_at).total_seconds()


def _alive(beats: list[Heartbeat]) -> list[Heartbeat]:
    return [beat for beat in beats if _age_s(beat) <= settings.HEARTBEAT_MAX_AGE_S]


def _tick(beats: list[Heartbeat]) -> Finding:
    ticks = [beat for beat in beats if beat.name == queries.TICK]
    if _alive(ticks):
        return ok("tick", f"Seen {max(0, _age_s(ticks[0])):.0f} s ago.")
    when = (
        f"Last seen {_age_s(ticks[0]):.0f} s ago"
        if ticks
        else "Not seen within the hour"
    )
    todo = "See that beat, Redis and a worker run: `docker compose ps`, their logs."
    return fail("tick", f"{when}: nothing is published.", todo)


def _workers(beats: list[Heartbeat]) -> Finding:
    workers = _alive([beat for beat in beats if beat.name != queries.TICK])
    slots = sum(worker.slots for worker in workers)
    if slots:
        count = f"{len(workers)} alive, room for {slots} posts at once."
        return ok("workers", count)
    if workers:
        todo = "Start one on the publish queue: its command is in docker-compose.yml."
        return fail("workers", "None of them takes the publish queue.", todo)
    todo = "Start one; the log of the last one says why it ended."
    return fail("workers", "None has shown life.", todo)


def _own_clock() -> Finding:
    reading = database_clock.read()
    if reading is None:
        return ok("clock", "The database has no clock of its own.")
    ahead = (timezone.now() - reading.at).total_seconds()
    if abs(ahead) * 1000 <= CLOCK_OFF_MS:
        return ok("clock", f"This machine is {ahead:+.1f} s off the database's clock.")
    return warn("clock", f"This machine is {ahead:+.0f} s off the database's.", NTP)


NTP = "See that NTP runs on that machine and on the database's."


def _workers_clocks(beats: list[Heartbeat]) -> Finding:
    off = [beat for beat in _alive(beats) if abs(beat.ahead_ms) > CLOCK_OFF_MS]
    if not off:
        return ok("workers' clocks", "All agree with the database's.")
    each = ", ".join(f"{beat.name} {beat.ahead_ms / 1000:+.0f} s" for beat in off)
    return warn("workers' clocks", f"Off the database's: {each}.", NTP)


def _queue() -> Finding:
    try:
        waiting = broker.waiting()
    except broker.Away as error:
        todo = "Start Redis; an empty one will do, the database has everything."
        return fail("queue", f"Redis doesn't answer ({error}).", todo)
    words = ", ".join(f"{name} {count}" for name, count in waiting.items())
    if waiting["publish"] < MANY_MESSAGES:
        return ok("queue", f"Messages waiting: {words}.")
    return warn("queue", f"Messages waiting: {words}.", "Start more workers.")


def _due() -> Finding:
    due = queries.due_not_final(settings.ALARM_LATE_S)
    count = sum(row.count - row.without_clock for row in due)
    late = [row for row in due if row.late]
    if not late:
        return ok("due", f"{count} due and not final, none late.")
    words = ", ".join(f"{row.late} {row.state} on {row.platform}" for row in late)
    since = min(row.oldest for row in late)
    return fail(
        "due",
        f"Late for more than {settings.ALARM_LATE_S} s: {words}; the oldest is due "
        f"since {since:%Y-%m-%d %H:%M} UTC.",
        "scheduled: tick or workers; claimed, sending: the platform is slow; each "
        "post's page tells its story.",
    )


def _poisoned() -> Finding:
    rows = Target.objects.filter(
        state__in=UNFINISHED,
        due_at__lte=clock.now(),
        tries__gte=MAX_TRIES - NEAR_THE_END,
    )
    count = rows.count()
    if not count:
        return ok("tries", "No post is near its last try.")
    todo = "Look at their stories; a file that crashes the worker is in its log."
    return warn("tries", f"{count} posts are near their last try.", todo)


def _paused() -> Finding:
    found = queries.paused()
    if not found:
        return ok("paused", "No platform and no profile.")
    words = ", ".join(f"{name} ({scope}) {n}" for (name, scope), n in found.items())
    todo = "They go on by themselves; the platform's status page says more."
    return warn("paused", f"Left in peace: {words}.", todo)


def _operator() -> Finding:
    found = queries.operator_trouble()
    if not found:
        return ok("keys", "No platform refuses this installation.")
    words = " ".join(f"{platform}: {reason}" for platform, reason in found.items())
    todo = "Renew the platform's keys in the environment, restart web and workers."
    return fail("keys", words, todo)


def _waiting_for_person() -> Finding:
    due = queries.due_not_final(settings.ALARM_LATE_S)
    left = sum(row.without_clock for row in due)
    held = sum(
        n for (_, state), n in queries.waiting_for_person().items() if state == HELD
    )
    words = f"{held} held, {left} not confirmed and left to a person."
    if not left:
        return ok("people", words)
    todo = "Their authors were told: each post's page asks whether it is out."
    return warn("people", words, todo)


HELD = "held"


def _leases() -> Finding:
    """None can be longer than the longest send; a clock was wrong when it was."""
    longest = max(adapter.longest_send_s for adapter in registry.every()) + MARGIN_S
    most = timedelta(seconds=max(longest, settings.PUBLISH_LEASE_S) + 60)
    far = Target.objects.filter(lease_until__gt=clock.now() + most)
    found = far.aggregate(count=Count("pk"))["count"]
    if not found:
        return ok("leases", "None is longer than it may be.")
    todo = "A clock was wrong when they were taken; they come back when they end."
    return warn("leases", f"{found} posts are leased for longer than can be.", todo)


def _indexes() -> Iterator[Finding]:
    missing = plans.missing_indexes()
    if missing:
        names = ", ".join(missing)
        todo = "`manage.py migrate`; an invalid index: REINDEX INDEX CONCURRENTLY."
        yield fail("indexes", f"Missing or invalid: {names}.", todo)
        return
    scanned = plans.scanning()
    if scanned:
        words = f"The whole table is read for: {', '.join(scanned)}."
        yield warn("indexes", words, "VACUUM (ANALYZE) scheduling_target;")
        return
    yield ok("indexes", "There, and used by the tick.")


def _channels() -> Finding:
    channels = alarm_channels.configured()
    if channels:
        return ok("alarms", f"Sent by {' and '.join(channels)}.")
    todo = "Set ALARM_EMAILS or ALARM_HOOK_URL."
    return warn("alarms", "Nobody is told when publishing stops.", todo)
