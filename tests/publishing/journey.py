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
from scheduling.drafts import follow_ups
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

    def post(self, world: World) -> Target:
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
        for position, item in enumerate(self._media(world.kind)):
            PostMediaFactory(post=post, item=item, position=position)
        options = {"follow_ups": [f"Follows number {number}"]} if world.follows else {}
        return TargetFactory(
            post=post, profile=profile, kind=world.kind, options=options
        )

    def provide(self) -> None:
        """The files that any post needs, made before what is undone after each."""
        for kind in registry.get(self.watch.platform).kinds:
            self._media(kind.key)

    def _media(self, kind: str) -> Sequence[MediaItem]:
        declared = registry.get(self.watch.platform).kind(kind)
        assert declared is not None
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

    def ledger(self, target: Target) -> list[int]:
        """How often the platform has this post, and each part that follows it."""
        who = target.profile.external_id
        said = [row["text"] for row in self.sandbox.ledger(self.watch.platform, who)]
        rest = [said.count(text) for text in follow_ups(target)]
        return [len(said) - sum(rest), *rest]


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

    `lost` is the one public call, whose answer doesn't come: the post's, or that of
    what follows it. `settings` are the sandbox's.
    """

    kind: str
    lost: Place | None = None
    settings: tuple[tuple[str, int], ...] = ()
    follows: bool = False

    def troubles(self, *, taken: bool = True) -> list[Trouble]:
        cut = {"kind": "cut_after" if taken else "cut_before"}
        return [Trouble(self.lost, cut)] if self.lost else []


Learned = dict[tuple[str, int, str], tuple[World, Place]]


def learn(journey: Journey) -> Learned:
    """Each call once, by hook, part and step, with the first world that leads to it."""
    journey.watch.learning = True
    found: Learned = {}
    for world in (*_worlds(journey), *_following(journey)):
        for place in _places(journey, world):
            key = (place.hook, place.part, place.step)
            found.setdefault(key, (world, place))
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


def _following(journey: Journey) -> Iterator[World]:
    """The same where something follows the post, which is out by then."""
    adapter = registry.get(journey.watch.platform)
    form = adapter.follow_up
    if form is None:
        return
    kind = next(kind.key for kind in adapter.kinds if kind.key not in form.not_for)
    well = World(kind, follows=True)
    yield well
    lost = sending(_places(journey, well), part=1)
    yield World(kind, lost, follows=True)
    yield World(kind, lost, listed_late(journey), follows=True)


def _places(journey: Journey, world: World) -> list[Place]:
    target = journey.post(world)
    journey.begin(world, *world.troubles())
    journey.run(target)
    words = f"{world}: {target.state}, {target.reason}"
    asked_for = target.state == TargetState.UNCONFIRMED and world.lost
    assert asked_for or target.state == TargetState.PUBLISHED, words
    return list(journey.watch.places)


def sending(places: list[Place], part: int = 0) -> Place:
    """The one call that makes it public."""
    return next(place for place in places if place.mutating and place.part == part)


def listed_late(journey: Journey) -> tuple[tuple[str, int], ...]:
    """Fresh posts are missing from listings for a while, where the double can."""
    own = f"{journey.watch.platform}."
    names = [n for n in journey.sandbox.settings() if n.startswith(own)]
    return tuple((n, 15_000) for n in names if n.endswith("listing_delay_ms"))
