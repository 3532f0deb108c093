"""R-F3, R-F4, R-F5: every platform, every call, every trouble, one table of ends.

Generated: a platform that is registered is in it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction

from core import clock
from notifications.models import Notice
from platforms import registry
from platforms.errors import (
    OutcomeUnknown,
    PlatformError,
    RateLimited,
    Unavailable,
)
from scheduling.models import Target
from scheduling.states import TargetState
from tests.publishing.fault_matrix import (
    BY_NAME,
    ENDS,
    FAULTS,
    LOST,
    Fault,
    documented,
    states_after,
    type_of,
)
from tests.publishing.journey import Journey, Time, World, learn
from tests.publishing.watch import HOOKS, Place, Trouble, Watch

pytestmark = [pytest.mark.services, pytest.mark.django_db]

Met = tuple[World, Place]

# Those that publish at all.
PLATFORMS = [key for key in registry.PLATFORMS if registry.adapter_class(key).kinds]
LEARNED: dict[str, list[Met]] = {}
QUESTIONS, SOME = ("check", "find", "permalink"), 4
# After these the platform is as well as before: nothing but time is lost.
PASSING = [f for f in FAULTS if f.name not in ("400", "401", "403")]


@pytest.fixture
def journey(cast, sandbox, monkeypatch, platform) -> Iterator[Journey]:
    sandbox.set(fetch_media=False, thumbnails=False)
    watch = Watch(sandbox, platform).install(monkeypatch)
    with time_machine.travel(clock.now(), tick=True) as traveller:
        journey = Journey(cast, sandbox, watch, Time(traveller, sandbox))
        journey.provide()
        yield journey


@contextmanager
def rolled_back() -> Iterator[None]:
    """What a post leaves behind (connections, pauses) is no matter of the next one."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def places(journey: Journey) -> list[Met]:
    platform = journey.watch.platform
    if platform not in LEARNED:
        with rolled_back():
            LEARNED[platform] = list(learn(journey).values())
    return LEARNED[platform]


def met(journey: Journey, where: Met, fault: Fault, *, taken: bool = True) -> None:
    """One combination: one post, one trouble, and what must be true in the end.

    `taken` is about the earlier call whose answer was lost, where there was one: if
    it wasn't, the platform has nothing to list, and some calls are never made.
    """
    world, place = where
    trouble = Trouble(place, fault.rule)
    target = journey.post(world)
    journey.begin(world, *world.troubles(taken=taken), trouble)
    was_met = journey.run_until(target, trouble)
    assert was_met or not taken, "never met"
    raised = [error for hook, error in journey.watch.raised if hook == place.hook]
    if raised and was_met:
        judge(target, place, fault, raised[0])
    journey.run(target)
    the_end_is_true(journey, target)
    if fault in PASSING:
        nothing_but_time_is_lost(journey, target, place, fault)


def judge(target: Target, place: Place, fault: Fault, error: PlatformError) -> None:
    """What the hook made of it, and what the engine made of that."""
    assert type_of(error) in meanings(fault, place), repr(error)
    assert target.state in states_after(place.hook, error), target.state
    if isinstance(error, RateLimited) and target.next_at is not None:
        told = (fault.rule or {}).get("retry_after", 0)
        assert target.next_at >= clock.now() + timedelta(seconds=told - 10)


def meanings(fault: Fault, place: Place) -> tuple[type[PlatformError], ...]:
    if fault.means == LOST:
        return (OutcomeUnknown,) if place.mutating else (Unavailable,)
    return fault.means


def the_end_is_true(journey: Journey, target: Target) -> None:
    """At most once; what we say of each part is so; what isn't out, people know."""
    posted = journey.ledger(target)
    assert max(posted) <= 1
    assert target.state in ENDS, target.state
    published = target.state == TargetState.PUBLISHED
    out = len(posted) if published else len(target.parts_out)
    assert posted[:out] == [1] * out
    if published:
        return
    assert target.reason
    assert Notice.objects.filter(path__contains=str(target.post_id)).count() == 1
    unsure = 1 if target.state == TargetState.UNCONFIRMED else 0
    rest = posted[out + unsure :]
    assert not any(rest), f"{target.state}, but it is out: {target.reason}"


def nothing_but_time_is_lost(
    journey: Journey, target: Target, place: Place, fault: Fault
) -> None:
    asked = fault.means == LOST and place.mutating
    if asked and not registry.get(journey.watch.platform).can_find:
        assert target.state == TargetState.UNCONFIRMED
    else:
        assert target.state == TargetState.PUBLISHED, target.reason


Combination = tuple[Met, Fault, bool]


def all_met(journey: Journey, combinations: list[Combination]) -> None:
    """Every one of them, with all that is wrong told at once."""
    wrong = []
    for where, fault, taken in combinations:
        try:
            with rolled_back():
                met(journey, where, fault, taken=taken)
        except AssertionError as error:
            wrong.append(f"{fault.name}, {taken=}, {where[1]}: {error}")
    assert not wrong, "\n".join([f"{len(wrong)} of {len(combinations)}", *wrong])


def with_general(found: list[Met], fault: Fault) -> list[Combination]:
    """Questions are asked of a platform that took the post and of one that didn't."""
    certain = [(where, fault, True) for where in found]
    return [*certain, *((where, fault, False) for where in found if where[0].lost)]


def with_documented(found: list[Met], platform: str, hook: str) -> list[Combination]:
    """Each row at each sending call and at preparing's first; some at each question.

    A question's answer never decides by its words. THOROUGH=1 asks all of them.
    """
    here = [where for where in found if where[1].hook == hook]
    asked = here if hook == "send" else here[:1]
    rows = documented(platform)
    if hook in QUESTIONS and not os.environ.get("THOROUGH"):
        rows = rows[QUESTIONS.index(hook) :: SOME]
    return [(where, fault, True) for where in asked for fault in rows]


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_any_trouble_at_any_call_ends_as_documented(journey, name):
    """R-F3, R-F4, R-F5: the table's state, no double, nothing said that isn't so."""
    all_met(journey, with_general(places(journey), BY_NAME[name]))


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_any_documented_refusal_ends_as_documented(journey, hook):
    """R-F4: each row of the platform's own table of errors, at each hook."""
    found = places(journey)
    all_met(journey, with_documented(found, journey.watch.platform, hook))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_matrix_holds_all_that_is_declared(journey, platform, record_property):
    """Every kind's public call, every question a platform offers, every documented row."""
    found, adapter = places(journey), registry.get(platform)
    hooks = {place.hook for _, place in found}
    assert hooks >= {"prepare", "send"} | ({"find"} if adapter.can_find else set())
    parts = {(place.hook, place.part) for _, place in found}
    assert not adapter.follow_up or parts >= {("send", 1), ("find", 1)}
    sent = {place.step for _, place in found if place.mutating}
    assert sent == {place.step for _, place in found if place.hook == "send"}
    general = sum(len(with_general(found, fault)) for fault in FAULTS)
    rows = sum(len(with_documented(found, platform, hook)) for hook in HOOKS)
    assert general >= len(FAULTS) * len(found)
    assert rows >= len(documented(platform)) * len(hooks - set(QUESTIONS))
    record_property("combinations", general + rows)
