"""A platform that is a wall: posts hang on it, and a test decides its moods.

It keeps what it took by our key, without refusing a second one: doubles would show.
Processes die here too, at the edge of any commit and of any call.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.transaction import Atomic

from core import clock
from platforms.errors import (
    AuthExpired,
    OutcomeUnknown,
    PermissionMissing,
    PlatformError,
    RateLimited,
    Rejected,
    Unavailable,
)
from platforms.types import (
    Absent,
    Job,
    Journal,
    Pending,
    Prepared,
    Profile,
    Published,
    Token,
    Waiting,
)
from tests.publishing.fake import Fake


class Death(BaseException):
    """SIGKILL: nothing of ours may catch it."""


# Our key, and which part of the publication: 0 is the post itself.
Spot = tuple[str, int]


def spot_of(job: Job) -> Spot:
    return job.key, len(job.before)


@dataclass
class Wall:
    """`posts`: texts by our key and part. `working`: taken, not public yet."""

    posts: dict[Spot, list[str]] = field(default_factory=lambda: defaultdict(list))
    working: dict[Spot, str] = field(default_factory=dict)
    moods: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    # Called once, in the midst of preparing: what people do meanwhile.
    meanwhile: Callable[[], None] | None = None
    # Dies at this edge, counted from 1; 0: lives.
    die_at: int = 0
    edges: int = 0

    def edge(self) -> None:
        if not self.die_at:
            return
        self.edges += 1
        if self.edges == self.die_at:
            raise Death

    def said(self, spot: Spot) -> list[str]:
        """Each time that it was taken."""
        taken = self.working.get(spot)
        return [*self.posts[spot], *([taken] if taken else [])]

    def mood(self, hook: str) -> str:
        waiting = self.moods[hook]
        return waiting.popleft() if waiting else "well"


WALL = Wall()


def trouble(mood: str) -> PlatformError | None:
    """The error that a mood stands for."""
    soon = clock.now() + timedelta(seconds=40)
    known: dict[str, PlatformError] = {
        "away": Unavailable("Away for a moment."),
        "limit": RateLimited("Slow down.", soon),
        "dead token": AuthExpired("The sign-in has ended."),
        "no permission": PermissionMissing("You may not.", ("write",)),
        "refused": Rejected("Not this.", "text"),
        "lost": OutcomeUnknown("It didn't confirm."),
    }
    return known.get(mood)


def _raise(mood: str) -> None:
    error = trouble(mood)
    if error is not None:
        raise error


class WallAdapter(Fake):
    key, name = "wall", "Wall"
    can_find = True

    def refresh(self, token: Token, profile: Profile) -> Token:
        """Well: a new token. Whatever else: refused."""
        _raise(WALL.mood("refresh"))
        return Token(f"canary-renewed-{profile.external_id}")

    def prepare(self, job: Job, journal: Journal) -> Prepared | Waiting:
        WALL.edge()
        journal.put("key", {"of": job.key})
        if WALL.meanwhile is not None:
            act, WALL.meanwhile = WALL.meanwhile, None
            act()
        mood = WALL.mood("prepare")
        _raise(mood)
        return Waiting(3) if mood == "busy" else Prepared({"text": job.draft.text})

    def send(self, job: Job, prepared: Prepared) -> Published | Pending:
        WALL.edge()
        assert [part.id for part in job.before] == known_ids(job), "not where it was"
        mood = WALL.mood("send")
        if mood != "taken, but lost":
            _raise(mood)
        if mood == "working":
            WALL.working[spot_of(job)] = job.draft.text
        else:
            WALL.posts[spot_of(job)].append(job.draft.text)
        WALL.edge()
        if mood == "taken, but lost":
            _raise("lost")
        return Pending("handle", 4) if mood == "working" else self._out(job)

    def check(self, job: Job, handle: str) -> Published | Pending:
        WALL.edge()
        mood = WALL.mood("check")
        if mood == "refused":
            WALL.working.pop(spot_of(job), None)
        _raise(mood)
        if mood == "busy":
            return Pending(handle, 7)
        if spot_of(job) in WALL.working:
            WALL.posts[spot_of(job)].append(WALL.working.pop(spot_of(job)))
        return self._out(job)

    def find(
        self, job: Job, prepared: Prepared, since: datetime
    ) -> Published | Pending | Absent:
        WALL.edge()
        mood = WALL.mood("find")
        _raise(mood)
        if mood in ("listed late", "shows nothing"):
            return Absent(certain=False, seconds=9.0 if mood == "listed late" else 0)
        if spot_of(job) in WALL.working:
            return Pending("handle", 4)
        return self._out(job) if WALL.posts[spot_of(job)] else Absent(certain=True)

    def permalink(self, job: Job, remote_id: str) -> str:
        WALL.edge()
        mood = WALL.mood("permalink")
        _raise(mood)
        return "" if mood == "listed late" else f"https://wall.test/{remote_id}"

    def _out(self, job: Job) -> Published:
        return Published(id_at(spot_of(job)))


def id_at(spot: Spot) -> str:
    key, part = spot
    return f"{key[:8]}-{part}-{len(WALL.posts[spot])}"


def known_ids(job: Job) -> list[str]:
    """What the wall called the parts before this one."""
    return [id_at((job.key, part)) for part in range(len(job.before))]


def deadly_commits(inner: Callable[..., Any]) -> Callable[..., Any]:
    """`Atomic.__exit__`: the process may die right before a commit, or right after."""

    def leave(block: Atomic, *error: Any) -> Any:
        if error[0] is not None:
            return inner(block, *error)
        try:
            WALL.edge()
        except Death as death:
            inner(block, Death, death, death.__traceback__)
            raise
        answer = inner(block, *error)
        WALL.edge()
        return answer

    return leave


def deadly(inner: Callable[..., Any]) -> Callable[..., Any]:
    """A single statement commits by itself: death before it, or right after."""

    def act(*args: Any, **kwargs: Any) -> Any:
        WALL.edge()
        answer = inner(*args, **kwargs)
        WALL.edge()
        return answer

    return act
