"""What becomes of a post whose time passed while publishing wasn't possible (R-F8).

The one place that knows: the check at the time asks it, and so does every retry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from core.errors import DomainError
from platforms import registry
from scheduling.content import Late
from scheduling.models import LateRule, Post, Target

# A week: what was meant for last Friday is no news by the next one. "Send anyway"
# ends here too, and then asks.
MOST_MIN = 10_080
# The rules that go by minutes.
TIMED = frozenset({LateRule.ASK, LateRule.DROP})


@dataclass(frozen=True)
class Rule:
    """`minutes` late are still in time; beyond them `act` says what happens."""

    act: LateRule
    minutes: int

    @property
    def drops(self) -> bool:
        return self.act == LateRule.DROP


def rule_of(target: Target) -> Rule:
    """The post's own rule; where it names none, what its kind declares."""
    post = target.post
    if post.late_rule == LateRule.SEND:
        return Rule(LateRule.SEND, MOST_MIN)
    minutes = post.late_min or usual_min(target.profile.platform, target.kind)
    act = LateRule.DROP if post.late_rule == LateRule.DROP else LateRule.ASK
    return Rule(act, minutes)


def usual_min(platform: str, kind: str) -> int:
    """Minutes after which a post of this kind is late; the operator may ask for less."""
    usual: int = settings.PUBLISH_LATE_MIN
    kinds = registry.adapter_class(platform).kinds
    declared = next((each.late_min for each in kinds if each.key == kind), None)
    return min(declared, usual) if declared else usual


def too_late(target: Target, at: datetime) -> Rule | None:
    """The rule that `at` breaks; None in time, the last instant included.

    Of a thread that is out in part the rest must follow, however late.
    """
    assert target.due_at is not None
    if target.parts_out:
        return None
    rule = rule_of(target)
    return rule if at - target.due_at > timedelta(minutes=rule.minutes) else None


def problems(late: Late | None) -> list[DomainError]:
    """What is wrong with a rule that a person asks for."""
    if late is None:
        return []
    if late.rule not in LateRule.values:
        message = "Choose what happens when it can't go out on time."
        return [DomainError("late_rule", message, field="late_rule")]
    if late.rule not in TIMED or late.minutes is None:
        return []
    if not 1 <= late.minutes <= MOST_MIN:
        message = f"Write whole minutes, from 1 to {MOST_MIN} (a week)."
        return [DomainError("late_min", message, field="late_min")]
    return []


def columns(late: Late) -> dict[str, object]:
    """Minutes without a meaning are not kept."""
    minutes = late.minutes if late.rule in TIMED else None
    return {"late_rule": late.rule, "late_min": minutes}


def late_of(post: Post) -> Late:
    return Late(post.late_rule, post.late_min)


def words(rule: Rule) -> str:
    """Such as "You are asked when it is more than 2 hours late"."""
    if rule.act == LateRule.SEND:
        return f"It is sent anyway, up to {span(rule.minutes)} late"
    if rule.drops:
        return f"It is dropped when more than {span(rule.minutes)} late"
    return f"You are asked when it is more than {span(rule.minutes)} late"


def span(minutes: int) -> str:
    """Such as "30 minutes", "2 hours", "7 days": the largest unit that fits evenly."""
    for name, size in (("day", 1_440), ("hour", 60)):
        if minutes >= size and minutes % size == 0:
            return _counted(minutes // size, name)
    return _counted(minutes, "minute")


def lapse(late: timedelta) -> str:
    """How late something is, rounded down so that nobody reads seconds."""
    minutes = int(late.total_seconds() // 60)
    for name, size in (("day", 1_440), ("hour", 60)):
        if minutes >= 2 * size:
            return _counted(minutes // size, name)
    return _counted(max(minutes, 1), "minute")


def _counted(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"
