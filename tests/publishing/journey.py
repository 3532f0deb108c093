"""One post through the engine at the sandbox, with both their clocks moved on."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from core import clock
from media.actions.upload import add_file
from media.models import MediaItem
from platforms import registry
from platforms.types import PostKind
from scheduling.models import Target
from scheduling.states import TargetState
from tests.factories import PostFactory, PostMediaFactory, TargetFactory
from tests.people import Cast
from tests.publishing.conftest import work_off
from tests.publishing.watch import Place, Trouble, Watch
from tests.support import files
from tests.support.connected import CONNECTORS, a_photo
from tests.support.sandbox import Sandbox

ROUNDS = 60
NUMBERS = count(1)


@dataclass
class Time:
    """`traveller` moves ours; the sandbox's clock follows, so that both agree."""

    traveller: Any
    sandbox: Sandbox
    ahead_s: int = 0

    def go_on(self, seconds: float) -> None:
        whole = max(1, round(seconds + 0.5))
        self.traveller.shift(whole)
        self.ahead_s += whole
        self.sandbox.set(clock_offset_s=self.ahead_s)

    def until_due(self, target: Target) -> None:
        """A row that nobody took although it was due is looked at again a bit later."""
        assert target.next_at is not None
        wait = (target.next_at - clock.now()).total_seconds()
        self.go_on(wait if wait > 0 else 5)


@dataclass
class Journey:
    """Makes posts on profiles of their own and takes them to their end."""

    cast: Cast
    sandbox: Sandbox
    watch: Watch
    time: Time
    files: dict[str, MediaItem] = field(default_factory=dict)

    def post(self, kind: str) -> Target:
        """Due now, in words that no other post has."""
        number = next(NUMBERS)
        platform = self.watch.platform
        profile = CONNECTORS[platform](self.cast, self.sandbox, f"{platform}{number}")
        post = PostFactory(
            group=self.cast.group,
            author=self.cast.alice,
            text=f"Said once, as number {number}",
            scheduled_at=clock.now() - timedelta(seconds=1),
        )
        for position, item in enumerate(self._media(kind)):
            PostMediaFactory(post=post, item=item, position=position)
        return TargetFactory(post=post, profile=profile, kind=kind)

    def _media(self, kind: str) -> Sequence[MediaItem]:
        declared: PostKind = registry.get(self.watch.platform).kind(kind)
        if not declared.min_media:
            return ()
        sort = "image" if "image" in declared.media else "video"
        if sort not in self.files:
            make = a_photo if sort == "image" else a_video
            self.files[sort] = make(self.cast)
        return [self.files[sort]] * declared.min_media

    def begin(self, world: World, *troubles: Trouble) -> None:
        usual = {"processing_ms": 0, **{name: 0 for name, _ in listed_late(self)}}
        self.sandbox.set(**{**usual, **dict(world.settings)})
        self.watch.begin(*troubles)

    def step(self, target: Target) -> Target:
        """What a tick and its workers do now."""
        work_off()
        target.refresh_from_db()
        return target

    def run(self, target: Target) -> Target:
        """Until the engine has nothing left to do with it."""
        for _ in range(ROUNDS):
            self.step(target)
            if target.next_at is None and target.lease_until is None:
                return target
            self.time.until_due(target)
        raise AssertionError(f"no end: {target.state}, {target.reason_code}")

    def run_until(self, target: Target, trouble: Trouble) -> bool:
        """Until the engine has written down what it made of this; was it met at all?"""
        for _ in range(ROUNDS):
            self.step(target)
            if trouble.met or target.next_at is None:
                return trouble.met
            self.time.until_due(target)
        raise AssertionError(f"no end: {target.state}, {target.reason_code}")

    def ledger(self, target: Target) -> int:
        """How often the platform has this post."""
        return len(self.sandbox.ledger(self.watch.platform, target.profile.external_id))


def a_video(cast: Cast) -> MediaItem:
    with tempfile.NamedTemporaryFile(suffix=".mp4") as file:
        file.write(small_mp4())
        file.flush()
        return add_file(
            group=cast.group, actor=cast.alice, path=Path(file.name), name="film.mp4"
        )


@cache
def small_mp4() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return files.video(Path(folder) / "film.mp4", size=(360, 640)).read_bytes()


@dataclass(frozen=True)
class World:
    """How the platform behaves while a call is met: `places` of it are kept apart.

    `lost` is the post's one public call, whose answer doesn't come; `settings` are
    the sandbox's.
    """

    kind: str
    lost: Place | None = None
    settings: tuple[tuple[str, int], ...] = ()

    def troubles(self, *, taken: bool = True) -> list[Trouble]:
        cut = {"kind": "cut_after" if taken else "cut_before"}
        return [Trouble(self.lost, cut)] if self.lost else []


def learn(journey: Journey) -> dict[tuple[str, str], tuple[World, Place]]:
    """Each call once, by hook and step, with the first world that leads to it."""
    journey.watch.learning = True
    found: dict[tuple[str, str], tuple[World, Place]] = {}
    for world in _worlds(journey):
        for place in _places(journey, world):
            found.setdefault((place.hook, place.step), (world, place))
    journey.watch.learning = False
    return found


def _worlds(journey: Journey) -> Iterator[World]:
    """All is well; media take their time; the answer is lost; and listed late."""
    for kind in registry.get(journey.watch.platform).kinds:
        well = World(kind.key)
        yield well
        yield World(kind.key, settings=(("processing_ms", 150),))
        lost = sending(_places(journey, well))
        yield World(kind.key, lost)
        yield World(kind.key, lost, listed_late(journey))


def _places(journey: Journey, world: World) -> list[Place]:
    target = journey.post(world.kind)
    journey.begin(world, *world.troubles())
    journey.run(target)
    words = f"{world}: {target.state}, {target.reason}"
    asked_for = target.state == TargetState.UNCONFIRMED and world.lost
    assert asked_for or target.state == TargetState.PUBLISHED, words
    return list(journey.watch.places)


def sending(places: list[Place]) -> Place:
    """The one call that makes a post public."""
    return next(place for place in places if place.mutating)


def listed_late(journey: Journey) -> tuple[tuple[str, int], ...]:
    """Fresh posts are missing from listings for a while, where the double can."""
    own = f"{journey.watch.platform}."
    names = [n for n in journey.sandbox.settings() if n.startswith(own)]
    return tuple((n, 15_000) for n in names if n.endswith("listing_delay_ms"))
