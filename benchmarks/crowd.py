"""Profiles at the sandbox and posts on them, made in bulk: the stage of every run."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from core import clock, http
from platforms import registry
from profiles.models import SocialProfile
from scheduling.models import Post, Target
from scheduling.states import TargetState
from tests.people import Cast, assemble
from tests.support.connected import profiles_on
from tests.support.sandbox import Sandbox
from tests.support.worker import Worker, wait_until

LATENCY_MS = 100
THREADS = 64
PLATFORM = "telegram"
BOT: dict[str, Any] = {
    "PLATFORM_TELEGRAM_BOT_TOKEN": "7700000001:AAF-sandbox-token-of-no-real-bot-00",
    "PLATFORM_TELEGRAM_BOT_NAME": "later_sandbox_bot",
    # As the sandbox has no limits here, so we keep none.
    "PLATFORM_TELEGRAM_PER_SECOND": "0",
    "PLATFORM_TELEGRAM_CHANNEL_PER_MINUTE": "0",
}
NO_LIMITS = {"telegram.chat_per_minute": 0, "telegram.bot_per_second": 0}
HOW = (
    f"2 calls a post, platform latency {LATENCY_MS} ms, {{workers}} worker process(es) "
    f"of {THREADS} threads, PostgreSQL and Redis on the same 2 cores"
)


@dataclass(frozen=True)
class Stage:
    """A sandbox without limits, a cast, and as many connected profiles as asked for."""

    sandbox: Sandbox
    cast: Cast
    profiles: list[SocialProfile]

    def post_all(self, count: int, due: datetime, **columns: Any) -> None:
        """One post on each of the first profiles, all due at one instant."""
        self.post_each([due] * count, **columns)

    def post_each(self, dues: Sequence[datetime], **columns: Any) -> None:
        """One post for each time, the next profile each."""
        posts = [
            Post(
                group=self.cast.group,
                author=self.cast.alice,
                text=f"Number {number} of {due.isoformat()}",
                scheduled_at=due,
            )
            for number, due in enumerate(dues)
        ]
        Post.objects.bulk_create(posts, batch_size=1_000)
        kind = registry.adapter_class(PLATFORM).kinds[0].key
        Target.objects.bulk_create(
            [
                Target(
                    post=post,
                    profile=profile,
                    kind=kind,
                    **{
                        "state": TargetState.SCHEDULED,
                        "due_at": post.scheduled_at,
                        "next_at": post.scheduled_at,
                        **columns,
                    },
                )
                for post, profile in zip(posts, self.profiles, strict=False)
            ],
            batch_size=1_000,
        )

    def lateness(self, due: datetime) -> list[float]:
        """Seconds after `due` at which the platform took each post, in order."""
        return sorted(
            (datetime.fromisoformat(row["accepted_at"]) - due).total_seconds()
            for row in self.sandbox.ledger(PLATFORM)
        )

    def clear(self) -> None:
        self.sandbox.clear_ledger()
        Post.objects.all().delete()


@contextmanager
def stage(profiles: int) -> Iterator[Stage]:
    os.environ.update(BOT)
    with Sandbox() as sandbox:
        http.configure(gateway=sandbox.url)
        sandbox.set(**NO_LIMITS)
        cast = assemble()
        made = profiles_on(PLATFORM, cast, sandbox, profiles)
        sandbox.set(latency_ms=LATENCY_MS)
        yield Stage(sandbox, cast, made)


@contextmanager
def workers(found: Stage, count: int) -> Iterator[Sequence[Worker]]:
    """So many worker processes, one of them with beat, warm when they are given."""
    env = {"PLATFORM_GATEWAY": found.sandbox.url, **BOT}
    with ExitStack() as stack:
        crew = [
            stack.enter_context(Worker(threads=THREADS + 4, beat=number == 0, **env))
            for number in range(count)
        ]
        warm_up(found, count)
        yield crew


def warm_up(found: Stage, count: int) -> None:
    """Every thread has its database connection and its platform connection."""
    for _ in range(2):
        found.post_all(min(len(found.profiles), THREADS * count), clock.now())
        wait_until(lambda: not unfinished(), seconds=120, what="warm-up published")
    found.clear()


def unfinished() -> int:
    waiting = ["scheduled", "claimed", "sending", "processing", "unconfirmed"]
    soon = clock.now() + timedelta(seconds=60)
    return Target.objects.filter(state__in=waiting, next_at__lt=soon).count()


def percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]
