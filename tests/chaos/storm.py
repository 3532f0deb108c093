"""The storm: posts fall due while workers are killed and servers are knocked over.

Nothing of the engine is replaced: real workers, beat, PostgreSQL, Redis, and platforms
over HTTP. A person is played too, for the platform that can't be asked.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import Error as DatabaseError
from django.db import connection

from core import clock, http
from platforms import registry
from publishing.models import Attempt, Step
from scheduling.actions.settle import Verdict, settle_target
from scheduling.models import Post, Target
from scheduling.states import TargetState
from tests.chaos.services import Services
from tests.factories import PostFactory, PostMediaFactory, TargetFactory
from tests.people import assemble
from tests.support.connected import a_photo, profiles_on
from tests.support.sandbox import Sandbox
from tests.support.worker import Worker

PLATFORMS = ("telegram", "bluesky", "instagram")
POSTS_A_PROFILE = 12
WORKERS, THREADS = 3, 12
KILL_EACH_S = 2.0
LATENCY_MS = 200
# Far beyond what recovery needs: how long a busy machine may take for it all.
PATIENCE_S = 240.0
CELERY = ("-m", "tests.chaos.worker", "-A", "later")
S = TargetState


@dataclass
class Storm:
    services: Services
    posts: int
    over_s: int
    seed: int
    kills: list[tuple[datetime, dict[str, int]]] = field(default_factory=list)

    def run(self) -> dict[str, Any]:
        self.dice = random.Random(self.seed)  # noqa: S311 - to be repeated, not secret
        with ExitStack() as stack:
            self.sandbox = stack.enter_context(Sandbox(latency_ms=LATENCY_MS))
            self._calm_platforms()
            self.cast = assemble()
            texts = self._compose()
            self.workers = [stack.enter_context(self._worker()) for _ in range(WORKERS)]
            # Its own file, not one in the folder that the suite was started from.
            kept = Path(stack.enter_context(TemporaryDirectory())) / "schedule"
            beat = (*CELERY, "beat", "-s", str(kept))
            stack.enter_context(Worker(command=beat, beat=False))
            self._set_times()
            self._rage()
            settled = self._wait_for_calm()
            return self._report(texts, settled)

    # Before

    def _calm_platforms(self) -> None:
        http.configure(gateway=self.sandbox.url)
        self.sandbox.set(
            fetch_media=False,
            processing_ms=200,
            thumbnails=False,
            **{"telegram.chat_per_minute": 0, "telegram.bot_per_second": 0},
        )

    def _compose(self) -> list[str]:
        """Each with words of its own, on profiles that share the posts evenly."""
        needed = -(-self.posts // (len(PLATFORMS) * POSTS_A_PROFILE))
        profiles = [
            profile
            for platform in PLATFORMS
            for profile in profiles_on(platform, self.cast, self.sandbox, needed)
        ]
        photo = a_photo(self.cast)
        texts = [f"Chaos {number:04}" for number in range(self.posts)]
        for number, text in enumerate(texts):
            profile = profiles[number % len(profiles)]
            kind = registry.adapter_class(profile.platform).kinds[0]
            post = PostFactory(
                group=self.cast.group,
                author=self.cast.alice,
                text=text,
                scheduled_at=clock.now() + timedelta(days=1),
            )
            if kind.min_media:
                PostMediaFactory(post=post, item=photo)
            TargetFactory(post=post, profile=profile, kind=kind.key)
        return texts

    def _worker(self) -> Worker:
        words = ("worker", "-P", "threads", "-c", str(THREADS), "-Q", "publish,default")
        quiet = ("--without-gossip", "--without-mingle", "-l", "INFO")
        name = ("-n", f"storm{self.dice.getrandbits(32):08x}@test")
        return Worker(
            command=(*CELERY, *words, *quiet, *name),
            beat=False,
            PLATFORM_GATEWAY=self.sandbox.url,
        )

    def _set_times(self) -> None:
        """From now on, evenly over the time of the storm."""
        start = clock.now() + timedelta(seconds=KILL_EACH_S)
        targets = list(Target.objects.select_related("post").order_by("post__text"))
        for number, target in enumerate(targets):
            at = start + timedelta(seconds=number * self.over_s / self.posts)
            target.due_at = target.next_at = target.post.scheduled_at = at
        Target.objects.bulk_update(targets, ["due_at", "next_at"], batch_size=500)
        Post.objects.bulk_update(
            [target.post for target in targets], ["scheduled_at"], batch_size=500
        )

    # The storm

    def _rage(self) -> None:
        blows = sorted(self._blows(), key=lambda blow: blow[0])
        started = time.monotonic()
        for at, blow in blows:
            time.sleep(max(0, started + at - time.monotonic()))
            blow()

    def _blows(self) -> Iterator[tuple[float, Callable[[], None]]]:
        length = self.over_s + 2 * KILL_EACH_S
        yield length * 0.3, lambda: self.services.restart_redis(emptied=False)
        yield length * 0.5, self.services.restart_postgres
        yield length * 0.7, lambda: self.services.restart_redis(emptied=True)
        number = 1
        while number * KILL_EACH_S < length:
            yield number * KILL_EACH_S, self._kill_one
            number += 1

    def _kill_one(self) -> None:
        """SIGKILL, and at once a new one in its place. What it held is written down."""
        held = self._held()
        self.kills.append((clock.now(), held))
        self.dice.choice(self.workers).start()

    def _held(self) -> dict[str, int]:
        rows = Target.objects.filter(state__in=[S.CLAIMED, S.SENDING])
        held: dict[str, int] = {}
        with reconnecting():
            held = {str(pk): fence for pk, fence in rows.values_list("pk", "fence")}
        return held

    def _wait_for_calm(self) -> bool:
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            with reconnecting():
                if not self._open().exists():
                    return True
                self._play_the_person()
            time.sleep(0.5)
        return False

    def _open(self) -> Any:
        return Target.objects.exclude(state=S.PUBLISHED, next_at=None)

    def _play_the_person(self) -> None:
        """Looks at the channel, then says what is so."""
        rows = Target.objects.filter(state=S.UNCONFIRMED, next_at=None)
        for target in rows.select_related("post__group", "profile"):
            there = target.post.text in self._posted()
            verdict = Verdict.OUT if there else Verdict.AGAIN
            settle_target(actor=self.cast.alice, target=target, verdict=verdict)

    def _posted(self) -> Counter[str]:
        return Counter(row["text"] for row in self.sandbox.ledger())

    # After

    def _report(self, texts: list[str], settled: bool) -> dict[str, Any]:
        posted = self._posted()
        states = Counter(Target.objects.values_list("state", flat=True))
        took = sorted(self._recoveries())
        broken = {
            "unsettled": [] if settled else [self._words_of(t) for t in self._open()],
            "lost": [text for text in texts if posted[text] == 0],
            "doubled": [text for text in texts if posted[text] > 1],
        }
        return {
            "seed": self.seed,
            "posts": len(texts),
            "states": dict(states),
            "kills": len(self.kills),
            "recovered": len(took),
            "recovery_p50_s": round(took[len(took) // 2], 2) if took else 0,
            "recovery_max_s": round(took[-1], 2) if took else 0,
            "broken": {name: what for name, what in broken.items() if what},
        }

    def _words_of(self, target: Target) -> str:
        return f"{target.post.text}: {target.state}, {target.reason_code}"

    def _recoveries(self) -> Iterator[float]:
        """Seconds from the last death that a post met to its publication."""
        reaped = Attempt.objects.filter(step=Step.REAP, code="lease_lapsed")
        lapsed = {
            (str(pk), fence) for pk, fence in reaped.values_list("target", "fence")
        }
        hits: dict[str, tuple[int, datetime]] = {}
        for killed_at, held in self.kills:
            for pk, fence in held.items():
                newer = pk not in hits or hits[pk][0] < fence
                if newer and (pk, fence) in lapsed:
                    hits[pk] = (fence, killed_at)
        for target in Target.objects.filter(pk__in=hits):
            assert target.published_at is not None
            took = target.published_at - hits[str(target.pk)][1]
            yield max(0.0, took.total_seconds())


@contextmanager
def reconnecting() -> Iterator[None]:
    """PostgreSQL may just be away: the next look opens a new connection."""
    with suppress(DatabaseError):
        try:
            yield
        except DatabaseError:
            connection.close()
            raise
