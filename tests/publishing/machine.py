"""Any order of events as a state machine: people, ticks, deaths, messages, moods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar

import time_machine
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from core import clock
from core.errors import DomainError, DomainErrors
from profiles.models import Connection
from profiles.states import ConnectionState
from publishing.actions.claim import tick
from publishing.actions.settle import settle
from publishing.actions.work import publish
from scheduling import times
from scheduling.actions.delete import delete_post
from scheduling.actions.edit import edit_post
from scheduling.actions.posted import mark_posted
from scheduling.actions.resume import CHOICES, resume_target
from scheduling.actions.settle import Verdict, settle_target
from scheduling.content import Content, Mode, Variation, When
from scheduling.models import ResumePlan, Target
from scheduling.states import EDITABLE
from tests.factories import PostFactory, ProfileFactory, TargetFactory
from tests.people import Cast
from tests.publishing import wall
from tests.publishing.promise import (
    Believed,
    asked,
    at_most_once,
    deadline,
    over,
    owned,
    told,
)
from tests.publishing.wall import Death

MOODS = {
    "prepare": ("away", "limit", "dead token", "no permission", "refused", "busy"),
    "send": (
        *("away", "limit", "dead token", "no permission", "refused", "lost"),
        *("taken, but lost", "taken, but lost", "working"),
    ),
    "check": ("away", "limit", "dead token", "busy", "refused"),
    "find": ("away", "limit", "dead token", "listed late", "shows nothing"),
    "permalink": ("away", "listed late"),
    "refresh": ("away", "refused", "dead token", "lost"),
}
MOST_POSTS = 4
EDGES = st.integers(0, 40)
WAITS = st.sampled_from([1, 5, 40, 130, 700, 4_000, 8_000, 90_000])
ROUNDS = 40


class Publishing(RuleBasedStateMachine):
    cast: ClassVar[Cast]
    # What happened in all runs together: a model that meets nothing proves nothing.
    met: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.believed: dict[str, Believed] = {}
        self.messages: list[tuple[Callable[[str, int], None], tuple[str, int]]] = []

    @initialize()
    def begin(self) -> None:
        wall.WALL.__init__()  # type: ignore[misc]
        self.block = transaction.atomic()
        self.block.__enter__()
        self.travel = time_machine.travel(clock.now(), tick=False)
        self.time = self.travel.start()
        self.profile = ProfileFactory(
            group=self.cast.group, social_set=self.cast.social_set, platform="wall"
        )
        self._schedule(0)
        self._schedule(0, follows=2)

    def target(self, number: int) -> Target:
        # In the order they were made: by their random ids no run would be like another.
        keys = list(self.believed)
        return Target.objects.select_related("post__group", "profile").get(
            pk=keys[number % len(keys)]
        )

    def believed_of(self, target: Target) -> Believed:
        return self.believed[str(target.pk)]

    # People

    @rule(in_s=st.sampled_from([0, 30, 600]), follows=st.integers(0, 2))
    def schedule(self, in_s: int, follows: int) -> None:
        if len(self.believed) < MOST_POSTS:
            self._schedule(in_s, follows)

    def _schedule(self, in_s: int, follows: int = 0, by: str = "auto") -> None:
        text = f"Words {len(self.believed)}"
        rest = [f"{text}, part {number}" for number in range(follows)]
        post = PostFactory(
            group=self.cast.group,
            author=self.cast.alice,
            text=text,
            scheduled_at=clock.now() + timedelta(seconds=in_s),
        )
        options = {"follow_ups": rest} if rest else {}
        made = TargetFactory(
            post=post, profile=self.profile, options=options, publish_by=by
        )
        self.believed[str(made.pk)] = Believed([text, *rest])

    @rule(number=st.integers(0, 3))
    def edit(self, number: int) -> None:
        self._edit(self.target(number))

    def _edit(self, target: Target) -> None:
        known = self.believed_of(target)
        may = target.state in EDITABLE and not target.out_in_part
        text = f"{known.texts[0]}, again"
        at = times.to_wall(clock.now() + timedelta(seconds=120), "UTC")
        content = Content(text, (Variation(self.profile.pk),))
        when = When(Mode.SCHEDULE, at, "UTC")
        if (
            self._allowed(
                edit_post,
                post=target.post,
                version=target.post.version,
                content=content,
                when=when,
            )
            and may
        ):
            known.texts[0] = text

    @rule(number=st.integers(0, 3))
    def edit_while_it_is_prepared(self, number: int) -> None:
        wall.WALL.meanwhile = lambda: self._unhurt(
            lambda: self._edit(self.target(number))
        )

    @rule(number=st.integers(0, 3), by=st.sampled_from(["auto", "reminder", "plan"]))
    def choose_who_posts(self, number: int, by: str) -> None:
        """As choosing, or another plan, would: of what waits for its time."""
        rows = Target.objects.filter(pk=self.target(number).pk, state="scheduled")
        rows.filter(parts_out=[]).update(publish_by=by)

    @rule(wait=st.sampled_from([1, 130]), done=st.booleans())
    def a_reminder_comes(self, wait: int, done: bool) -> None:
        """`done`: the person posts it by hand at once, and says so."""
        if len(self.believed) < MOST_POSTS:
            self._schedule(0, by="reminder")
        self._turn(0, wait)
        for number in range(len(self.believed) if done else 0):
            self._allowed(mark_posted, target=self.target(number))

    @rule(number=st.integers(0, 3))
    def mark_as_posted(self, number: int) -> None:
        self._allowed(mark_posted, target=self.target(number))

    @rule(number=st.integers(0, 3))
    def delete(self, number: int) -> None:
        target = self.target(number)
        self._allowed(delete_post, post=target.post)

    @rule(number=st.integers(0, 3), verdict=st.sampled_from(Verdict))
    def decide(self, number: int, verdict: Verdict) -> None:
        self._decide(number, verdict)

    def _decide(self, number: int, verdict: Verdict) -> None:
        target = self.target(number)
        part = len(target.parts_out)
        if not self._allowed(settle_target, target=target, verdict=verdict):
            return
        if verdict == Verdict.OUT:
            self.believed_of(target).ended = True
        else:
            self.believed_of(target).allowed[part] += 1

    @rule(number=st.integers(0, 3), plan=st.sampled_from(CHOICES))
    def resume(self, number: int, plan: str) -> None:
        """What isn't out by our word may go out: still once."""
        target = self.target(number)
        in_part = target.out_in_part
        if self._allowed(resume_target, target=target, plan=plan) and in_part:
            self.believed_of(target).ended |= plan == ResumePlan.DROP

    @rule()
    def connection_breaks(self) -> None:
        Connection.objects.update(state=ConnectionState.REFRESH_NEEDED)

    @rule()
    def connection_is_mended(self) -> None:
        Connection.objects.update(state=ConnectionState.CONNECTED, missing=[])

    def _allowed(self, act: Callable[..., Any], **wish: Any) -> bool:
        try:
            act(actor=self.cast.alice, **wish)
        except (DomainError, DomainErrors):
            return False
        self.met[act.__name__] += 1
        return True

    # The engine

    @rule(die_at=EDGES)
    def beat_ticks(self, die_at: int) -> None:
        self._living(die_at, self._tick)

    def _tick(self) -> None:
        claimed = tick()
        self.messages += [(publish, claim) for claim in claimed.to_publish]
        self.messages += [(settle, claim) for claim in claimed.to_settle]

    @rule(die_at=st.integers(0, 60), wait=st.sampled_from([0, 4, 130]))
    def a_turn(self, die_at: int, wait: int) -> None:
        """What mostly happens: time, a tick, and its work, which may die midway."""
        self._turn(die_at, wait)

    def _turn(self, die_at: int, wait: int) -> None:
        self.time.shift(wait)
        self._living(0, self._tick)
        waiting, self.messages = self.messages, []
        for work, claim in waiting:
            self._living(die_at, lambda w=work, c=claim: w(*c))  # type: ignore[misc]

    @rule(taken=st.booleans(), verdict=st.sampled_from(Verdict), hand=st.booleans())
    def doubt_comes_to_a_person(
        self, taken: bool, verdict: Verdict, hand: bool
    ) -> None:
        """An answer is lost and nobody can look; `hand`: the person decides at once."""
        wall.WALL.moods["send"].append("taken, but lost" if taken else "lost")
        wall.WALL.moods["find"].append("shows nothing")
        for _ in range(3):
            self._turn(0, 40)
        for number in range(len(self.believed) if hand else 0):
            self._decide(number, verdict)

    @rule()
    def nobody_works_for_hours(self) -> None:
        self.time.shift(9_000)
        self._turn(0, 0)

    @rule(hook=st.sampled_from(sorted(MOODS)), data=st.data())
    def a_turn_in_a_mood(self, hook: str, data: st.DataObject) -> None:
        self._mood(hook, data)
        self._turn(0, 130)

    @precondition(lambda self: self.messages)
    @rule(number=st.integers(0, 9), die_at=EDGES, doubled=st.booleans())
    def worker_takes_a_message(self, number: int, die_at: int, doubled: bool) -> None:
        at = number % len(self.messages)
        work, claim = self.messages[at] if doubled else self.messages.pop(at)
        self._living(die_at, lambda: work(*claim))

    @rule(die_at=st.integers(1, 8), times_over=st.integers(2, 12))
    def every_worker_dies(self, die_at: int, times_over: int) -> None:
        """As a row would have it that kills whoever touches it."""
        self.messages.clear()
        for _ in range(times_over):
            self.time.shift(130)
            self._tick()
            if not self.messages:
                return
            for work, claim in self.messages:
                self._living(die_at, lambda w=work, c=claim: w(*c))  # type: ignore[misc]
            self.messages.clear()

    @precondition(lambda self: self.messages)
    @rule()
    def broker_forgets(self) -> None:
        self.messages.clear()

    @rule(hook=st.sampled_from(sorted(MOODS)), data=st.data())
    def platform_changes_its_mood(self, hook: str, data: st.DataObject) -> None:
        self._mood(hook, data)

    def _mood(self, hook: str, data: st.DataObject) -> None:
        wall.WALL.moods[hook].append(data.draw(st.sampled_from(MOODS[hook])))

    @rule(seconds=WAITS)
    def time_passes(self, seconds: int) -> None:
        self.time.shift(seconds)

    def _living(self, die_at: int, act: Callable[[], None]) -> None:
        wall.WALL.die_at, wall.WALL.edges = die_at, 0
        try:
            act()
        except Death:
            self.met["death"] += 1
        finally:
            wall.WALL.die_at = 0

    def _unhurt(self, act: Callable[[], None]) -> None:
        """People's acts happen in another process, which doesn't die."""
        mine, wall.WALL.die_at = wall.WALL.die_at, 0
        act()
        wall.WALL.die_at = mine

    # What must hold at any moment

    @invariant()
    def the_promise_holds(self) -> None:
        for target in Target.objects.filter(pk__in=self.believed):
            self.met[target.state] += 1
            self.met["out in part"] += target.out_in_part
            at_most_once(target, self.believed_of(target))
            # Each row has an owner and a deadline, or is over, or a person was asked.
            assert owned(target) or over(target) or asked(target), told(target)

    def _turn_to(self, moment: datetime) -> None:
        """A second past it; the clock never goes back."""
        wait = (moment - clock.now()).total_seconds()
        self.time.shift(max(wait, 0) + 1)

    def teardown(self) -> None:
        if not hasattr(self, "block"):
            return
        try:
            self._all_well()
            self._ends()
        finally:
            self.travel.stop()
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def _all_well(self) -> None:
        wall.WALL.moods.clear()
        wall.WALL.meanwhile = None
        self.messages.clear()
        self.connection_is_mended()

    def _ends(self) -> None:
        """No dead ends: with all well, a few turns of each row's clock settle it."""
        rows = Target.objects.filter(pk__in=self.believed)
        for _ in range(ROUNDS):
            open_ones = [t for t in rows.all() if not (over(t) or asked(t))]
            if not open_ones:
                break
            self._turn_to(min(deadline(target) for target in open_ones))
            self._tick()
            while self.messages:
                work, claim = self.messages.pop()
                work(*claim)
        for target in rows.all():
            assert over(target) or asked(target), told(target)
            at_most_once(target, self.believed_of(target))
