"""What the operator must know of, each condition with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby, pairwise

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

from core import clock
from platforms import registry
from publishing import broker, queries
from publishing.models import Heartbeat, Pause
from publishing.queries import Due

# A clock that is so far off shows trouble with its machine, though leases don't mind.
CLOCK_OFF_MS = 5_000
# A queue is growing when so many looks in a row found more in it than the last one.
LOOKS = 4
LOOK_APART_S = 15
FEW_MESSAGES = 200
_SEEN = "publishing.alarms.queue"


@dataclass(frozen=True)
class Condition:
    """`key` says which it is, for as long as it lasts; the words may change."""

    key: str
    title: str
    text: str


def conditions() -> list[Condition]:
    """All that is wrong now. Raises the database's errors: nothing is known then."""
    beats = queries.beats()
    return [
        *_late(),
        *_tick(beats),
        *_workers(beats),
        *_clocks(beats),
        *_paused(),
        *_operator(),
        *_broker(),
    ]


def _late() -> Iterator[Condition]:
    rows = [row for row in queries.due_not_final(settings.ALARM_LATE_S) if row.late]
    if not rows:
        return
    count = sum(row.late for row in rows)
    lines = "\n".join(_line(row) for row in rows)
    yield Condition(
        "late",
        f"{count} {'post is' if count == 1 else 'posts are'} late",
        f"Due for more than {settings.ALARM_LATE_S} s and not final:\n{lines}\n"
        "What to do: run `manage.py doctor`; it tells what holds them up.",
    )


def _line(row: Due) -> str:
    since = f"{row.oldest:%Y-%m-%d %H:%M:%S} UTC"
    return f"- {_name(row.platform)}, {row.state}: {row.late}, the oldest since {since}"


def _name(platform: str) -> str:
    return registry.adapter_class(platform).name


def _tick(beats: list[Heartbeat]) -> Iterator[Condition]:
    ticks = [beat for beat in beats if beat.name == queries.TICK]
    if any(_alive(beat) for beat in ticks):
        return
    last = f"Last seen {_ago(ticks[0])}. " if ticks else ""
    yield Condition(
        "tick",
        "The publisher's tick has stopped",
        f"{last}Nothing is published until it is back.\n"
        "What to do: see that beat, Redis and at least one worker are running.",
    )


def _workers(beats: list[Heartbeat]) -> Iterator[Condition]:
    workers = [beat for beat in beats if beat.name != queries.TICK]
    if any(_alive(beat) for beat in workers):
        return
    yield Condition(
        "workers",
        "No worker is running",
        "No worker has shown life. Nothing is published until one does.\n"
        "What to do: start a worker; its log says why the last one ended.",
    )


def _alive(beat: Heartbeat) -> bool:
    age = clock.now() - beat.seen_at
    return age <= timedelta(seconds=settings.HEARTBEAT_MAX_AGE_S)


def _ago(beat: Heartbeat) -> str:
    return f"{(clock.now() - beat.seen_at).total_seconds():.0f} s ago"


def _clocks(beats: list[Heartbeat]) -> Iterator[Condition]:
    off = [beat for beat in beats if _alive(beat) and abs(beat.ahead_ms) > CLOCK_OFF_MS]
    if not off:
        return
    lines = "\n".join(f"- {row.name}: {row.ahead_ms / 1000:+.1f} s" for row in off)
    yield Condition(
        "clock",
        "A machine's clock is wrong",
        f"Against the database's clock:\n{lines}\n"
        "Posts go out on time all the same: workers go by the database's clock.\n"
        "What to do: see that NTP runs on these machines and on the database's.",
    )


def _paused() -> Iterator[Condition]:
    """One for each platform; a profile's own pause is its people's matter."""
    rows = [p for p in queries.open_pauses() if p.code != queries.OPERATOR]
    wide = [p for p in rows if queries.scope_kind(p.scope) != "profile"]
    for platform, pauses in groupby(wide, key=lambda pause: pause.platform):
        lines = "\n".join(_until(pause) for pause in pauses)
        yield Condition(
            f"paused:{platform}",
            f"{_name(platform)} is left in peace for a while",
            f"Nothing is sent there:\n{lines}\n"
            "What to do: look at the platform's status page. Posts wait and go out "
            "afterwards, within their lateness rule.",
        )


def _until(pause: Pause) -> str:
    where = "" if pause.scope == "app" else f"{pause.scope.removeprefix('at:')} "
    return f"- {where}until {pause.until:%H:%M:%S} UTC. {pause.reason}"


def _operator() -> Iterator[Condition]:
    for platform, reason in sorted(queries.operator_trouble().items()):
        yield Condition(
            f"operator:{platform}",
            f"{_name(platform)} refuses this installation",
            f"{reason}\nWhat to do: renew the platform's keys in the environment and "
            "restart web and workers. Waiting posts are tried again by themselves.",
        )


def _broker() -> Iterator[Condition]:
    try:
        count = broker.waiting()["publish"]
        growing = _growing(count)
    except (broker.Away, RedisError):
        yield Condition(
            "broker",
            "Redis doesn't answer",
            "No work reaches the workers. Nothing is lost: the database has it all.\n"
            "What to do: start Redis again; an empty one will do.",
        )
        return
    if growing:
        yield Condition(
            "queue",
            "The publishing queue is growing",
            f"{count} messages wait, more at each look.\n"
            "What to do: start more workers, or find what keeps them busy.",
        )


def _growing(count: int) -> bool:
    """Counts of the last looks are kept in the cache; without them it isn't known."""
    now = timezone.now().timestamp()
    seen: list[tuple[float, int]] = cache.get(_SEEN) or []
    if not seen or now - seen[-1][0] >= LOOK_APART_S:
        seen = [*seen, (now, count)][-LOOKS:]
        cache.set(_SEEN, seen, LOOKS * LOOK_APART_S * 10)
    counts = [number for _, number in seen]
    rising = all(one < next_one for one, next_one in pairwise(counts))
    return len(counts) == LOOKS and rising and counts[-1] >= FEW_MESSAGES
