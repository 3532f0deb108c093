"""What higher apps tell this one: what a person leaves behind in a group, and what
follows from another plan.

This app may not import those that sit on it. They register in their `apps.ready`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import AccessGroup, Account, User


@dataclass(frozen=True)
class Estate:
    """`count`: what is planned in the person's name in groups of these ids, in all;
    `hand_over`: from a person, in a group, to another person."""

    count: Callable[[User], int]
    hand_over: Callable[[User, AccessGroup, User], None]


estates: list[Estate] = []
# Told in the transaction in which an account's plan changes.
PlanListener = Callable[[Account], None]
plan_listeners: list[PlanListener] = []


def register_estate(estate: Estate) -> None:
    """Add it once; registering it again changes nothing."""
    if estate not in estates:
        estates.append(estate)


def on_plan_change(listener: PlanListener) -> None:
    if listener not in plan_listeners:
        plan_listeners.append(listener)


def planned(person: User) -> int:
    return sum(each.count(person) for each in estates)


def hand_over(person: User, group: AccessGroup, to: User) -> None:
    for each in estates:
        each.hand_over(person, group, to)
